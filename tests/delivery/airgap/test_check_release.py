"""A list of releases is believed when it is signed, and asked for when somebody asks."""

import base64
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import call_command


def made(folder: Path, *versions: str, age: timedelta = timedelta()) -> list[str]:
    key = Ed25519PrivateKey.generate()
    about = {"date": "2026-11-26", "sha256": "0" * 64}
    releases = [{**about, "version": one, "bundle": f"tika-{one}.tar"} for one in versions]
    text = json.dumps({"made_at": (datetime.now(UTC) - age).isoformat(), "releases": releases}).encode()
    (folder / "releases.json").write_bytes(text)
    (folder / "releases.json.sig").write_bytes(base64.b64encode(key.sign(text)))
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    (folder / "tika.pub").write_bytes(base64.b64encode(public))
    return ["--index", str(folder / "releases.json"), "--key", str(folder / "tika.pub")]


def run(arguments: list[str]) -> tuple[int, str]:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_release", *arguments, stdout=out, stderr=out)
    return int(str(ended.value.code)), out.getvalue()


def test_a_newer_one_is_named_and_the_newest_is_content(tmp_path: Path) -> None:
    code, said = run(made(tmp_path, "0.0.9", "0.1.0", "0.10.0", "0.2.0"))
    assert code == 10
    assert [line.split()[1] for line in said.splitlines()] == ["0.2.0", "0.10.0"]
    assert run(made(tmp_path, "0.0.9", "0.1.0"))[0] == 0


def test_an_old_list_is_told_of(tmp_path: Path) -> None:
    assert "hold back" in run(made(tmp_path, "0.1.0", age=timedelta(days=61)))[1]


def test_what_is_not_signed_by_the_key_is_not_believed(tmp_path: Path) -> None:
    arguments = made(tmp_path, "9.9.9")
    (tmp_path / "releases.json").write_bytes((tmp_path / "releases.json").read_bytes().replace(b"9.9.9", b"9.9.8"))
    assert run(arguments)[0] == 20
    (tmp_path / "releases.json.sig").unlink()
    assert run(arguments)[0] == 20
    assert run(["--index", "http://r.example/releases.json", *arguments[2:]])[0] == 20
