"""report.py: what a real Tika notes of a deployment and its steps, and what the script does when it is not taken."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from observability.console.queries import marks
from observability.console.queries.pipeline import steps
from observability.doctor.registry import known
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID
from tests.cast import Person, make_operator
from tests.delivery.pipelines.answering import Reply, answering
from tests.delivery.pipelines.running import run
from tests.live import servers

TOKEN = "tika_pat_seen-by-nobody"


@pytest.fixture(scope="module")
def tika(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    process = servers.web(tmp_path_factory.mktemp("web"), servers.free_port())
    yield f"http://127.0.0.1:{process.port}"
    process.stop()


@pytest.fixture(scope="module")
def responder() -> Person:
    return make_operator("responder")


@pytest.fixture
def commit() -> str:
    return secrets.token_hex(20)


def written(commit: str) -> list[tuple[str, str, str]]:
    with tenant_context(OPERATORS_ID):
        found = [(mark.kind, mark.name, mark.detail) for mark in marks.latest(500)]
    return [one for one in found if commit[:10] in one[1] + one[2]]


def test_a_real_tika_notes_who_deployed_what(tika: str, responder: Person, commit: str) -> None:
    given = ("--commit", commit, "--version", "0.3.0", "--by", "olga", "--run", "https://ci.example.com/7")
    own = {"TIKA_URL": f"{tika}/", "TIKA_REPORT_TOKEN": responder.token}
    assert run("report.py", "deployment", "success", *given, **own) == (0, f"{tika} was told.\n", "")
    assert run("report.py", "deployment", "rolled-back", *given, **own)[0] == 0
    told, name = "by=olga run=https://ci.example.com/7", f"0.3.0 {commit[:10]}"
    assert written(commit) == [
        ("other", "deployment", f"{name} result=rolled-back {told}"),
        ("deploy", name, f"result=success {told}"),
    ]


def test_its_doctor_believes_what_the_steps_came_to(tika: str, responder: Person, commit: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{responder.token}\n")
    own = {"TIKA_URL": tika, "TIKA_REPORT_TOKEN_FILE": str(tmp_path / "token")}
    given = ("steps", "--commit", commit, "scan=0 staging=skipped", "image-scan=success", "gate=2")
    assert run("report.py", *given, **own)[0] == 0
    with tenant_context(OPERATORS_ID):
        found = {name: step.passed for name, step in steps().items() if step.commit == commit}
    assert found == {"scan": True, "image-scan": True, "gate": False}
    states = {key: str(known[f"delivery.{key}"].ask().state) for key in ("scan", "image_scan", "gate")}
    assert states == {"scan": "ok", "image_scan": "ok", "gate": "fail"}


@pytest.mark.parametrize("what", ["guessed", "viewer", "read", "stranger"])
def test_a_token_that_may_not_is_refused_and_nothing_is_noted(
    what: str, tika: str, responder: Person, olga: Person, commit: str
) -> None:
    tokens = {"guessed": TOKEN, "viewer": make_operator("viewer").token}
    tokens |= {"read": responder.read_token, "stranger": olga.token}
    own = {"TIKA_URL": tika, "TIKA_REPORT_TOKEN": tokens[what]}
    for given in (("steps", "scan=passed"), ("deployment", "success", "--version", "1.0")):
        code, said, why = run("report.py", *given, "--commit", commit, **own)
        assert (code, said) == (1, "")
        assert "of an operator who is a responder" in why
        assert tokens[what] not in why
    assert written(commit) == []


def test_a_step_that_nobody_knows_is_refused_with_the_reason(tika: str, responder: Person, commit: str) -> None:
    own = {"TIKA_URL": tika, "TIKA_REPORT_TOKEN": responder.token}
    code, _, why = run("report.py", "steps", "--commit", commit, "party=passed", **own)
    assert code == 1
    assert "“party=passed” is no step" in why


def test_without_a_token_nobody_is_told_and_nothing_fails(tika: str, commit: str) -> None:
    for own in ({"TIKA_URL": tika}, {"TIKA_REPORT_TOKEN": TOKEN}, {"TIKA_URL": tika, "TIKA_REPORT_TOKEN": " \n"}):
        code, said, why = run("report.py", "steps", "--commit", commit, "scan=passed", **own)
        assert (code, said) == (0, "")
        assert "nobody was told" in why
    assert written(commit) == []


@pytest.mark.parametrize("reply", [Reply(502, b"Bad gateway"), Reply(302), Reply(500, b"[]"), None])
def test_a_tika_that_does_not_take_it_is_named(reply: Reply | None, commit: str) -> None:
    with answering({"/ops/pipeline/steps": reply or Reply()}) as server:
        if reply is None:
            server.http.server_close()
        own = {"TIKA_URL": server.url, "TIKA_REPORT_TOKEN": TOKEN}
        code, _, why = run("report.py", "steps", "--commit", commit, "scan=passed", **own)
    assert code == 1
    assert f"{server.url} answers {reply.status if reply else 'nothing'}" in why


def test_the_token_may_have_been_pasted_with_what_is_around_it(commit: str) -> None:
    with answering({"/ops/pipeline/steps": Reply()}) as server:
        own = {"TIKA_URL": server.url, "TIKA_REPORT_TOKEN": f" {TOKEN}\r\n"}
        assert run("report.py", "steps", "--commit", commit, "scan=passed", **own)[0] == 0
    assert [json.loads(body) for _, body in server.asked] == [{"commit": commit, "steps": {"scan": "passed"}}]


def test_jobs_that_were_left_out_are_nothing_to_tell(commit: str) -> None:
    with answering({}) as server:
        own = {"TIKA_URL": server.url, "TIKA_REPORT_TOKEN": TOKEN}
        code, said, _ = run("report.py", "steps", "--commit", commit, "scan=skipped gate=cancelled tests=", **own)
    assert (code, server.asked) == (0, [])
    assert "nobody was told" in said


@pytest.mark.parametrize(
    "given",
    [
        ("steps", "--commit", "main", "scan=passed"),
        ("steps", "--commit", "a" * 40, "scan=maybe"),
        ("steps", "--commit", "a" * 40, "scan"),
        ("deployment", "splendid", "--commit", "a" * 40, "--version", "1"),
        # No version, and no such commit here.
        ("deployment", "success", "--commit", "a" * 40),
    ],
)
def test_what_makes_no_sense_is_not_sent(given: tuple[str, ...]) -> None:
    with answering({}) as server:
        assert run("report.py", *given, TIKA_URL=server.url, TIKA_REPORT_TOKEN=TOKEN)[0] == 2
    assert server.asked == []
