"""The archive for those who help: small, complete, asked for by a person, and without a secret or a name in it."""

import hashlib
import io
import json
import os
import secrets
import socket
import stat
import tarfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from observability.console import statements
from observability.console.support import bundle, logs
from observability.console.support.parts import PARTS, Part
from observability.console.support.plans import plan_of
from observability.console.verbs import marks
from observability.logs import redaction
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID
from tests.cast import Workspace, furnish
from tests.observability.planted import planted


@pytest.fixture(autouse=True)
def _forgets_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "known", None)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("support_bundle", *arguments, stdout=out)
    return out.getvalue()


def opened(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive.getmembers()}  # type: ignore[union-attr]


def made(tmp_path: Path, *arguments: str) -> dict[str, bytes]:
    path = tmp_path / f"{secrets.token_hex(4)}.tar.gz"
    run("--yes", "--to", str(path), *arguments)
    return opened(path)


def test_of_a_thousand_secrets_none_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = list(planted())
    lines = [json.dumps({"event": one.text, one.text: 1, "deep": [{"said": one.text}]}) for one in everything]
    lines += [f"web-1  | {line}" for line in lines[:300]]
    (tmp_path / "app.log").write_text("\n".join(lines))
    (tmp_path / "words.log").write_text("\n".join(f"12:00 [warn] it was {one.text}" for one in everything))
    for number, one in enumerate(everything[:200]):
        monkeypatch.setenv(f"TIKA_SAID_{number}", one.text)
    for one in everything[::10]:
        statements.count(f"SELECT '{one.text}' AS a", 9.0)
    statements.flush()
    with tenant_context(OPERATORS_ID):
        for one in everything[::20]:
            marks.record("other", one.text, detail=one.text)
    found = made(tmp_path, "--logs", str(tmp_path / "app.log"), "--logs", str(tmp_path / "words.log"))
    assert b"it was" in found["tika-support/logs/02-words.log.log"]
    assert len(found["tika-support/logs/01-app.log.log"].splitlines()) == len(lines)
    told = b"\n".join(found.values()).decode()
    assert [one for one in everything if one.secret in told] == []


def test_what_people_wrote_and_who_they_are_is_not_in_it(tmp_path: Path, workspace: Workspace) -> None:
    furnish(workspace)
    told = b"\n".join(made(tmp_path).values()).decode()
    people = [person.user.email for person in workspace.people.values()]
    for text in ["Pay page fails", "카드결제오류", workspace.slug, str(workspace.id), *people]:
        assert text not in told


def test_what_the_installation_was_given_in_secret_is_not_in_it(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    key = secrets.token_urlsafe(24)
    (tmp_path / "secrets.json").write_text(json.dumps({"secret_key": key, "postgres": "short"}))
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "postgres.log").write_text(f"somebody wrote {key} here\n")
    found = made(tmp_path)
    assert b"somebody wrote [redacted] here" in found["tika-support/logs/01-postgres.log.log"]
    assert key.encode() not in b"".join(found.values())


def test_the_manifest_lists_what_is_inside_with_its_checksums(tmp_path: Path) -> None:
    found = made(tmp_path)
    manifest = json.loads(found.pop("tika-support/manifest.json"))
    assert manifest["left_out"] == []
    assert {f"tika-support/{one['name']}" for one in manifest["parts"]} == set(found)
    assert {one.name for one in PARTS} <= {one["name"] for one in manifest["parts"]}
    for one in manifest["parts"]:
        content = found[f"tika-support/{one['name']}"]
        assert (one["bytes"], one["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        assert one["title"]
        if one["name"].endswith(".json"):
            assert json.loads(content) is not None


def test_it_is_for_its_maker_alone_and_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    run("--yes", "--to", str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(CommandError, match="there already"):
        run("--yes", "--to", str(path))
    with pytest.raises(CommandError, match="cannot be written"):
        run("--yes", "--to", str(tmp_path / "no" / "a.tar.gz"))


def test_a_person_sees_first_what_will_be_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = run("--list")
    assert all(one.name in shown for one in PARTS)
    assert json.loads(run("--show", "versions.json"))["python"]
    with pytest.raises(CommandError, match="no part"):
        run("--show", "passwords.json")
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(CommandError, match="--yes"):
        run()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: "n")
    assert "Nothing was written" in run()
    assert list(tmp_path.iterdir()) == []


def test_it_never_leaves_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No address but the database's, and the ones the doctor asks, which are switched off here."""

    def refuse(*args: Any, **more: Any) -> None:
        raise AssertionError("it tried to reach somebody")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert "manifest" in str(made(tmp_path).keys())


def test_it_keeps_within_fifty_megabytes_and_says_what_had_no_room(tmp_path: Path) -> None:
    for number in range(8):
        # Chance does not compress, so the archive is about as large as what is in it.
        (tmp_path / f"{number}.log").write_text(os.urandom(4_500_000).hex())
    with tenant_context(OPERATORS_ID):
        found = bundle.collect([str(tmp_path)], secrets={}, parts=())
    size = found.write(tmp_path / "large.tar.gz")
    assert size <= bundle.MOST_BYTES
    assert found.size <= bundle.MOST_BYTES
    assert len(found.pieces) + len(found.left_out) == 8


def test_of_a_long_log_the_newest_lines_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MOST_BYTES", 100)
    (tmp_path / "a.log").write_text("\n".join(f"line {number}" for number in range(1000)))
    kept = logs.tail(str(tmp_path / "a.log")).decode().splitlines()
    assert kept[-1] == "line 999"
    assert all(line.startswith("line ") for line in kept)
    assert len(kept) < 15


def test_a_part_that_fails_is_left_out_and_named(tmp_path: Path) -> None:
    def fails() -> None:
        raise ValueError("password=hunter22-hunter22")

    with tenant_context(OPERATORS_ID):
        parts = (Part("a.json", "A", fails), Part("b.json", "B", dict))
        found = bundle.collect([str(tmp_path / "none.log")], secrets={}, parts=parts)
    assert [one.name for one in found.pieces] == ["b.json"]
    left = dict(found.left_out)
    assert "hunter22" not in left["a.json"]
    assert left["logs/01-none.log.log"] == "No such file or directory"


def test_plans_are_made_without_a_value_and_without_doing_anything() -> None:
    with tenant_context(OPERATORS_ID):
        assert "Scan" in plan_of("SELECT * FROM boards_ticket WHERE tenant_id = %s AND id = %s")
        assert "Delete on" in plan_of("DELETE FROM boards_ticket WHERE tenant_id = %s")
        assert plan_of("SELECT ? FROM boards_ticket").startswith("(no plan")
        assert plan_of("SELECT * FROM no_such_table").startswith("(no plan")
        assert plan_of("SET x = 1").startswith("(no plan")
