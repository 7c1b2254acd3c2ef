"""A bundle with one changed byte, a missing file, another key or something added is refused, with Python alone."""

import base64
import io
import json
import random
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tika.bundle import keys, make, unpack, verify
from tika.bundle.verify import Refused
from tika.cli.environment import ROOT
from tika.cli.refusal import Refusal

FILES = {"tika/bin/run": b"#!/bin/sh\n", "tika/wheels/a-1.0-py3.whl": b"wheel" * 1000, "images/01-a.tar": b"layers"}


@pytest.fixture(scope="module")
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


@pytest.fixture(scope="module")
def bundle(key: Ed25519PrivateKey, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home, target = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("made") / "tika.tar"
    for name, content in FILES.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (home / "tika/bin/run").chmod(0o755)
    images = [{"name": "tika:1", "id": "sha256:" + "a" * 64, "path": "images/01-a.tar"}]
    manifest = {"format": 1, "version": "0.1.0", "images": images, "files": list(make.listed(home))}
    make.pack(target, home, manifest, key)
    return target


def test_our_check_of_signatures_agrees_with_cryptography() -> None:
    source = random.Random(8)
    for _ in range(60):
        private = Ed25519PrivateKey.from_private_bytes(source.randbytes(32))
        message = source.randbytes(source.randrange(200))
        signature = private.sign(message)
        assert verify.is_signed(raw(private), message, signature)
        for place in (source.randrange(64), 63):
            changed = bytearray(signature)
            changed[place] ^= 1 << source.randrange(8)
            assert not verify.is_signed(raw(private), message, bytes(changed))
        assert not verify.is_signed(raw(private), message + b"x", signature)


def test_the_rfcs_own_vector_and_what_only_looks_like_a_signature() -> None:
    """RFC 8032, section 7.1, test 2; then s + L, which a careless check takes, and points that are none."""
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert verify.is_signed(public, b"\x72", signature)
    larger = (int.from_bytes(signature[32:], "little") + verify.ORDER).to_bytes(32, "little")
    assert not verify.is_signed(public, b"\x72", signature[:32] + larger)
    assert not verify.is_signed(b"\xff" * 32, b"\x72", signature)
    assert not verify.is_signed(public, b"\x72", signature[:-1])
    assert not verify.is_signed(public, b"\x72", b"")


def test_what_was_signed_is_taken(bundle: Path, key: Ed25519PrivateKey) -> None:
    assert verify.verify(bundle, raw(key))["version"] == "0.1.0"


def test_every_changed_byte_is_noticed(bundle: Path, key: Ed25519PrivateKey, tmp_path: Path) -> None:
    """Of contents, names, sizes, manifest, signature; but for what tar pads with, which is no part of any file."""
    whole, source = bundle.read_bytes(), random.Random(3)
    with tarfile.open(bundle) as archive:
        parts = [(one.offset_data, one.size) for one in archive.getmembers()]
    places = [offset + source.randrange(size) for offset, size in parts for _ in range(8)]
    changed = tmp_path / "changed.tar"
    for place in places:
        text = bytearray(whole)
        text[place] ^= 0x20
        changed.write_bytes(text)
        with pytest.raises(Refused):
            verify.verify(changed, raw(key))


def rewritten(bundle: Path, target: Path, change: Callable[[list[tuple[tarfile.TarInfo, bytes]]], Any]) -> Path:
    with tarfile.open(bundle) as archive:
        parts = [(one, archive.extractfile(one).read()) for one in archive.getmembers()]  # type: ignore[union-attr]
    change(parts)
    with tarfile.open(target, "w") as archive:
        for entry, content in parts:
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return target


def added(name: str, **more: Any) -> Callable[[list[tuple[tarfile.TarInfo, bytes]]], None]:
    def change(parts: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        entry = tarfile.TarInfo(name)
        for field, value in more.items():
            setattr(entry, field, value)
        parts.append((entry, b""))

    return change


CHANGES: list[tuple[Callable[[list[tuple[tarfile.TarInfo, bytes]]], Any], str]] = [
    (lambda parts: parts.pop(), "is missing"),
    (lambda parts: parts.pop(0), "has no manifest.json"),
    (lambda parts: parts.pop(1), "has no manifest.sig"),
    (added("tika/extra.py"), "was added"),
    (added("../escape"), "no ordinary file"),
    (added("/etc/passwd"), "no ordinary file"),
    (added("tika/link", type=tarfile.SYMTYPE, linkname="/etc"), "no ordinary file"),
    (lambda parts: parts.append(parts[-1]), "twice"),
]


@pytest.mark.parametrize(("change", "said"), CHANGES, ids=[said for _, said in CHANGES])
def test_what_is_missing_added_or_no_file_is_refused(
    change: Any, said: str, bundle: Path, key: Ed25519PrivateKey, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match=said):
        verify.verify(rewritten(bundle, tmp_path / "b.tar", change), raw(key))


def test_a_foreign_key_is_refused_and_so_is_a_manifest_signed_anew_by_it(bundle: Path, tmp_path: Path) -> None:
    foreign, mine = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    with pytest.raises(Refused, match="not by this key"):
        verify.verify(bundle, raw(foreign))

    def sign_anew(parts: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        parts[1] = parts[1][0], base64.b64encode(foreign.sign(parts[0][1]))

    with pytest.raises(Refused, match="not by this key"):
        verify.verify(rewritten(bundle, tmp_path / "b.tar", sign_anew), raw(mine))


def test_a_format_of_later_is_refused(key: Ed25519PrivateKey, tmp_path: Path) -> None:
    make.pack(tmp_path / "b.tar", tmp_path, {"format": 2, "files": [], "images": []}, key)
    with pytest.raises(Refused, match="format 2"):
        verify.verify(tmp_path / "b.tar", raw(key))


def test_the_one_file_alone_compares_with_bare_python(bundle: Path, key: Ed25519PrivateKey, tmp_path: Path) -> None:
    """As a site has it: without Tika's packages, in an isolated interpreter."""
    alone = shutil.copy(ROOT / "tika/bundle/verify.py", tmp_path / "verify.py")
    (tmp_path / "tika.pub").write_bytes(base64.b64encode(raw(key)) + b"\n")
    (tmp_path / "other.pub").write_bytes(base64.b64encode(b"\1" * 32))
    for public, code, said in (("tika.pub", 0, "as it was signed"), ("other.pub", 1, "must not be used")):
        command = [sys.executable, "-I", "-S", str(alone), str(bundle), "--key", str(tmp_path / public)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stderr


def test_nothing_is_unpacked_of_what_is_refused(bundle: Path, key: Ed25519PrivateKey, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        unpack.unpack(rewritten(bundle, tmp_path / "b.tar", added("tika/extra.py")), raw(key), tmp_path / "to")
    assert not (tmp_path / "to").exists()
    said = unpack.unpack(bundle, raw(key), tmp_path / "to")
    assert "docker load --input" in said
    assert (tmp_path / "to/tika/bin/run").stat().st_mode & 0o777 == 0o755
    assert {name: (tmp_path / "to" / name).read_bytes() for name in FILES} == FILES
    with pytest.raises(Refused, match="not empty"):
        unpack.unpack(bundle, raw(key), tmp_path / "to")


def test_a_key_is_its_makers_alone_may_have_a_password_and_is_never_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(keys.PASSWORD, "a long walk")
    public = keys.make(tmp_path / "tika.pem")
    assert (tmp_path / "tika.pem").stat().st_mode & 0o777 == 0o600
    assert raw(keys.load(tmp_path / "tika.pem")) == verify.read_key(public)
    with pytest.raises(Refusal, match="never overwritten"):
        keys.make(tmp_path / "tika.pem")
    monkeypatch.setenv(keys.PASSWORD, "wrong")
    with pytest.raises(Refusal, match="cannot be used"):
        keys.load(tmp_path / "tika.pem")
    for text in ("", "no base64!", json.dumps({}), base64.b64encode(b"short").decode()):
        (tmp_path / "bad.pub").write_text(text)
        with pytest.raises(Refused, match="no public key"):
            verify.read_key(tmp_path / "bad.pub")
