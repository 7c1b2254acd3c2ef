"""A list of releases is believed when it is signed, and asked for when somebody asks."""

import base64
import json
import socket
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import call_command
from django.db import OperationalError

from tenancy.operators import OPERATORS_ID
from tests.cast import run_sql
from tests.observability.far import Authority, answer, far


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


def noted() -> str:
    query = "SELECT detail FROM console_mark WHERE name = 'releases' ORDER BY at DESC LIMIT 1"
    return str(run_sql(query, tenant=OPERATORS_ID)[0][0])


def test_what_was_found_is_noted_for_the_console(tmp_path: Path) -> None:
    arguments = made(tmp_path, "0.9.0", "0.10.0")
    run(arguments)
    assert noted().startswith("newest=0.10.0 of=2026-11-26 listed=20")
    (tmp_path / "releases.json.sig").unlink()
    run(arguments)
    assert noted() == "refused"


def test_where_the_database_is_away_it_is_told_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr("tika.management.commands.check_release.tenant_context", away)
    code, said = run(made(tmp_path, "99.0.0"))
    assert code == 10
    assert "Tika 99.0.0" in said
    assert "The console was not told" in said


def test_a_list_elsewhere_is_fetched_by_https_where_it_leads_and_no_larger_than_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = made(tmp_path, "99.0.0")
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))

    def respond(line: socket.socket, head: bytes) -> None:
        name = head.split(b" ")[1].decode().rpartition("/")[2]
        path = tmp_path / name
        if head.startswith(b"GET /latest/"):
            line.sendall(answer(status="302 Found", Location=f"/1.0/{name}"))
        else:
            line.sendall(answer(path.read_bytes()) if path.is_file() else answer(status="404 Not Found"))

    with far(respond, context=authority.serving("localhost")) as there:
        home = f"https://localhost:{there.port}/latest"
        code, said = run(["--index", f"{home}/releases.json", *arguments[2:]])
        assert (code, "Tika 99.0.0" in said) == (10, True), said
        assert "answer is 404" in run(["--index", f"{home}/none.json", *arguments[2:]])[1]
        (tmp_path / "large.json").write_bytes(b" " * (2**20 + 1))
        assert "larger than" in run(["--index", f"{home}/large.json", *arguments[2:]])[1]
