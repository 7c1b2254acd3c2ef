"""Collects what a site needs, writes down each file's digest, and signs the list."""

import base64
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tika.bundle.verify import FORMAT, MANIFEST, SIGNATURE, digest_of
from tika.cli.environment import ROOT
from tika.cli.progress import step
from tika.cli.refusal import Refusal
from tika.env import VERSION

LOCKS = ("requirements-local.lock",)
PACKAGED = "wheels"


@dataclass(frozen=True)
class Image:
    """`id` is the digest of its configuration: what `docker load` makes has the same."""

    name: str
    id: str
    path: str


def make(target: Path, key: Ed25519PrivateKey, images: Sequence[str]) -> Path:
    """Raises Refusal. `images` are names that the local Docker Engine knows."""
    if target.exists():
        raise Refusal(f"{target} is there already: a bundle is never overwritten.")
    with tempfile.TemporaryDirectory(prefix="tika-bundle-", dir=target.resolve().parent) as folder:
        home = Path(folder)
        commit = sources(home)
        wheels(home)
        saved = [save(home, name, place) for place, name in enumerate(images, start=1)]
        bill_of_materials(home)
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "commit": commit,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "python": f"{sys.version_info.major}.{sys.version_info.minor}",
            "images": [{"name": one.name, "id": one.id, "path": one.path} for one in saved],
            "files": list(listed(home)),
        }
        with step("Packing"):
            pack(target, home, manifest, key)
    return target


def run(*command: str) -> str:
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise Refusal(f"{command[0]} is not here, and a bundle is made with it.") from error
    if done.returncode != 0:
        raise Refusal(f"{' '.join(command[:4])} failed.", details=(done.stdout + done.stderr)[-3000:])
    return done.stdout


def sources(home: Path) -> str:
    """The tree of the commit, charts, compose files and documentation with it; returns the commit."""
    with step("Sources, charts, documentation"):
        packed = home / "tree.tar"
        run("git", "archive", "--format=tar", "--output", str(packed), "HEAD")
        with tarfile.open(packed) as archive:
            archive.extractall(home / "tika", filter="data")
        packed.unlink()
        return run("git", "rev-parse", "HEAD").strip()


def wheels(home: Path) -> None:
    """Of this system and this Python: a bundle is made on a machine like those it is for."""
    with step("Python packages"):
        for lock in LOCKS:
            run(
                sys.executable, "-m", "pip", "download", "--require-hashes", "--only-binary=:all:", "--no-input",
                "--disable-pip-version-check", "--progress-bar", "off", "--dest", str(home / "tika" / PACKAGED),
                "--requirement", str(ROOT / lock),
            )  # fmt: skip


def save(home: Path, name: str, place: int) -> Image:
    """By its name, which the site is to know it by; so nobody may have given that name away meanwhile."""
    with step(f"Image {name}"):
        found = id_of(name)
        path = f"images/{place:02}-{found.removeprefix('sha256:')[:12]}.tar"
        (home / "images").mkdir(exist_ok=True)
        run("docker", "save", "--output", str(home / path), name)
        if id_of(name) != found:
            raise Refusal(f"{name} became another image while it was saved: build the bundle again.")
    return Image(name, found, path)


def id_of(image: str) -> str:
    return run("docker", "image", "inspect", "--format", "{{.Id}}", image).strip()


def bill_of_materials(home: Path) -> None:
    """CycloneDX 1.6: Tika and each package that is in it."""
    components = []
    for path in sorted((home / "tika" / PACKAGED).iterdir()):
        name, version = path.name.split("-")[:2]
        purl = f"pkg:pypi/{name.replace('_', '-').lower()}@{version}"
        digest = {"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}
        component = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
        components.append({**component, "hashes": [digest]})
    tika = {"type": "application", "bom-ref": f"tika@{VERSION}", "name": "tika", "version": VERSION}
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": tika}}
    text = json.dumps({**document, "components": components}, indent=2)
    (home / "sbom.cdx.json").write_text(text + "\n", encoding="utf-8")


def files(home: Path) -> list[Path]:
    return sorted(path for path in home.rglob("*") if path.is_file() and not path.is_symlink())


def listed(home: Path) -> Iterator[dict[str, Any]]:
    for path in files(home):
        with path.open("rb") as source:
            size, digest = digest_of(source)
        mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
        yield {"path": path.relative_to(home).as_posix(), "bytes": size, "sha256": digest, "mode": mode}


def pack(target: Path, home: Path, manifest: dict[str, Any], key: Ed25519PrivateKey) -> None:
    text = (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode()
    part = target.with_suffix(".part")
    with tarfile.open(part, "w") as archive:
        for name, content in ((MANIFEST, text), (SIGNATURE, base64.b64encode(key.sign(text)))):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        for one in manifest["files"]:
            entry = tarfile.TarInfo(one["path"])
            entry.size, entry.mode = one["bytes"], one["mode"]
            with (home / one["path"]).open("rb") as source:
                archive.addfile(entry, source)
    shutil.move(part, target)
