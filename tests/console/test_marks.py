"""Deploys are marked by a start with another version, and by a pipeline."""

import secrets
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from observability.console import processes, version
from observability.console.models import Mark
from observability.console.queries import marks as latest
from observability.console.verbs import marks
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID
from tests.cast import Person, run_sql


def record(name: str) -> str:
    out = StringIO()
    call_command("record_deploy", "--name", name, "--detail", "a change", stdout=out)
    return out.getvalue()


def names() -> list[str]:
    with tenant_context(OPERATORS_ID):
        return [mark.name for mark in latest.latest(500)]


def test_a_version_is_marked_once_until_another_comes(viewer: Person) -> None:
    one, other = secrets.token_hex(6), secrets.token_hex(6)
    assert "marked." in record(one)
    assert "already" in record(one)
    record(other)
    record(one)
    assert [name for name in names() if name in (one, other)] == [one, other, one]
    assert one in viewer.client.get("/ops/deploys/").content.decode()
    assert one in viewer.client.get("/ops/").content.decode()


def test_the_mark_is_in_the_log() -> None:
    record(name := secrets.token_hex(6))
    query = "SELECT actor_type, actor_id FROM audit_entry WHERE resource = 'mark' AND changes #>> '{after,name}' = %s"
    assert run_sql(query, [name], tenant=OPERATORS_ID) == [("system", "manage.py record_deploy")]


def test_a_start_marks_the_version_that_runs() -> None:
    record(secrets.token_hex(6))
    marks.note_running_version()
    marks.note_running_version()
    assert names()[0] == version.running()
    assert names()[1] != version.running()


def test_a_flag_is_a_mark_too() -> None:
    with tenant_context(OPERATORS_ID):
        made = marks.record(Mark.Kind.FLAG, f"flag-{secrets.token_hex(4)}", detail="x" * 300)
    assert len(made.detail) == 200
    assert made.name in names()


def test_the_commit_is_read_from_a_checkout(tmp_path: Path) -> None:
    git = tmp_path / ".git"
    git.mkdir()
    assert version.commit_of(tmp_path) == ""
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "packed-refs").write_text("# pack-refs\nabc123 refs/heads/main\n")
    assert version.commit_of(tmp_path) == "abc123"
    (git / "refs/heads").mkdir(parents=True)
    (git / "refs/heads/main").write_text("def456\n")
    assert version.commit_of(tmp_path) == "def456"
    (git / "HEAD").write_text("789aaa\n")
    assert version.commit_of(tmp_path) == "789aaa"


def test_a_command_is_no_process_that_is_waited_for() -> None:
    before = run_sql("SELECT count(*) FROM console_process", tenant=OPERATORS_ID)
    processes.say()
    assert run_sql("SELECT count(*) FROM console_process", tenant=OPERATORS_ID) == before
