"""Base images made on this machine, in the place of those no registry gives us: Debian's packages, a real CPython, the
real PostgreSQL 18 of the wheel, Debian's Caddy. What they cannot show is in docs/delivery.md.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.delivery.engine import Engine, run
from tika.cli.postgres import programs

HERE = Path(__file__).parent / "bases"
PYTHON, POSTGRES, CADDY = "local/python", "local/postgres", "local/caddy"
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
LIBRARIES = (
    "ca-certificates,caddy,libssl3,libsqlite3-0,libffi8,libbz2-1.0,liblzma5,libreadline8,libncursesw6,libuuid1,libexpat1"
    ",zlib1g,libgdbm6,netbase,tzdata,wget"
)
SMALL = [f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in ("doc", "man", "locale")]
# Debian's own, where no other is found.
DEBIANS = ",python3,python3-pip,python3-venv"


def make(engine: Engine) -> None:
    python = prefix()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root(engine, folder, LIBRARIES + ("" if python else DEBIANS))
        folder.joinpath("ca-certificates.crt").write_bytes(AUTHORITIES.read_bytes())
        if python:
            pack(folder / "python.tar", python, ".", "--exclude=test", "--exclude=*.a", "--exclude=share")
        else:
            (folder / "python.tar").write_bytes(b"\0" * 10240)
        home = programs().parent.parent
        pack(folder / "postgres.tar", home.parent, f"{home.name}/pginstall18", f"{home.name}.libs", "--exclude=include")
        for image in (PYTHON, POSTGRES, CADDY):
            for file in HERE.iterdir():
                (folder / file.name).write_bytes(file.read_bytes())
            engine.build(folder, image, "--file", str(folder / f"{image.removeprefix('local/')}.Dockerfile"))


def root(engine: Engine, folder: Path, packages: str) -> None:
    """25 to 60 s; kept between runs where TIKA_TEST_DIR names a folder."""
    kept = Path(os.environ.get("TIKA_TEST_DIR") or folder) / f"bookworm-{len(packages)}.tar"
    if not kept.exists():
        command = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={packages}", "--dpkgopt=force-unsafe-io"]
        run([*command, *SMALL, "bookworm", f"{kept}.new.tar", mirror()], timeout=300)
        Path(f"{kept}.new.tar").rename(kept)
    engine.docker("import", str(kept), "local/debian")


def mirror() -> str:
    found = re.search(r"^URIs: (\S+)", Path("/etc/apt/sources.list.d/debian.sources").read_text(), re.M)
    return found[1] if found else "http://deb.debian.org/debian"


def prefix() -> Path | None:
    """Of a CPython that stands in a folder of its own, newest first; Debian's is spread over /usr."""
    beside = sorted(Path.home().glob(".pyenv/versions/3.1[1-9].*"), key=lambda path: version(path.name), reverse=True)
    own = [Path(sys.base_prefix)] if sys.base_prefix not in {"/usr", "/usr/local"} else []
    return next(iter([*beside, *own]), None)


def version(name: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", name)]


def pack(target: Path, folder: Path, *names: str) -> None:
    excluded = [name for name in names if name.startswith("--")]
    wanted = [name for name in names if not name.startswith("--")]
    subprocess.run(
        ["tar", "-C", str(folder), "--exclude=__pycache__", *excluded, "-cf", str(target), *wanted], check=True
    )
