"""deploy/gate/ask.sh: what a pipeline does with the gate's answer, and without one."""

import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from observability.slo.views import gate as gate_view
from tests.cast import Person, make_operator
from tests.delivery.monitoring.gates import TOKEN, Gate, ask, gating
from tests.live import servers
from tests.slo.test_gate import asked

CODES = {"allow": 0, "warn": 10, "block": 20}
LEFT = {"allow": 1.0, "warn": None, "block": 0.12}
WAY_BACK = ["fix", "security", "rollback"]


@pytest.fixture
def gate() -> Iterator[Gate]:
    with gating() as gate:
        yield gate


@pytest.fixture(params=["curl", "python3"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A PATH with nothing but what the script may use; the small image has Python in curl's place."""
    for name in ("sh", "sed", "tr", "cat", "date", "mv", "curl", "python3"):
        found = str(Path(sys.executable).resolve()) if name == "python3" else shutil.which(name)
        assert found, f"{name} is missing: apt-get install {name}"
        if name not in {"curl", "python3"} or name == request.param:
            (tmp_path / "bin" / name).parent.mkdir(exist_ok=True)
            (tmp_path / "bin" / name).symlink_to(found)
    return str(tmp_path / "bin")


def record(gate: Gate, decision: str, monkeypatch: pytest.MonkeyPatch, change: str = "feature") -> list[str]:
    """The gate replays what Tika itself answers; its reasons are handed back."""
    monkeypatch.setattr(gate_view, "decision_on", lambda change: asked(change, LEFT[decision]))
    headers = {"Authorization": f"Bearer {make_operator('viewer').read_token}", "Accept-Language": "en"}
    answer = Client().get(f"/ops/deploy-gate?change={change}", headers=headers)
    gate.status, gate.body = answer.status_code, answer.content
    return [str(reason) for reason in answer.json()["reasons"]]


@pytest.mark.parametrize("decision", CODES)
def test_it_leaves_with_the_decision_and_says_why(
    decision: str, gate: Gate, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons = record(gate, decision, monkeypatch)
    code, sentence = ask("feature", gate.url, PATH=path)
    assert code == CODES[decision]
    assert sentence == f"Deploy gate, feature: {decision}. {' '.join(reasons)}\n"
    assert gate.paths == ["/ops/deploy-gate?change=feature"]
    assert gate.authorizations == [f"Bearer {TOKEN}"]


def test_reasons_are_read_whatever_they_quote(gate: Gate) -> None:
    gate.body = rb'{"decision": "block", "reasons": ["\"decision\": \"allow\"", "a\\b", "last"], "expires_at": "x"}'
    assert ask("feature", gate.url) == (20, 'Deploy gate, feature: block. "decision": "allow" a\\b last\n')


def test_the_token_is_in_no_command_line(gate: Gate, path: str) -> None:
    ask("feature", gate.url, PATH=path)
    assert f"{gate.url}/ops/deploy-gate?change=feature" in gate.commands
    assert TOKEN not in gate.commands


def test_the_token_may_be_in_a_file(gate: Gate, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("tika_pat_of-the-file\n")
    ask("feature", gate.url, TIKA_GATE_TOKEN="", TIKA_GATE_TOKEN_FILE=str(tmp_path / "token"))
    assert gate.authorizations == ["Bearer tika_pat_of-the-file"]


@pytest.mark.parametrize("answer", [(502, b"Bad gateway"), (302, b""), (429, b"{}"), (200, b"<p>Sign in</p>"), None])
def test_without_an_answer_features_wait_and_the_way_back_is_open(
    answer: tuple[int, bytes] | None, gate: Gate, path: str
) -> None:
    if answer:
        gate.status, gate.body = answer
    else:
        gate.close()
    assert ask("feature", gate.url, PATH=path)[0] == 20
    for change in WAY_BACK:
        assert ask(change, gate.url, PATH=path)[0] == 10


@pytest.mark.parametrize(("decision", "code"), [("allow", 10), ("warn", 10), ("block", 20)])
def test_a_feature_goes_on_for_an_hour_on_the_last_answer(
    decision: str, code: int, gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "last"
    record(gate, decision, monkeypatch)
    assert ask("feature", gate.url, TIKA_GATE_STATE=str(state))[0] == CODES[decision]
    gate.close()
    assert ask("feature", gate.url, TIKA_GATE_STATE=str(state))[0] == code
    for change in WAY_BACK:
        assert ask(change, gate.url, TIKA_GATE_STATE=str(state))[0] == 10


@pytest.mark.parametrize(
    "kept", ["{hour_ago} allow {url}", "{ahead} allow {url}", "{now} allow http://other", "{now} party {url}", "x", ""]
)
def test_an_answer_that_is_old_or_strange_counts_for_nothing(kept: str, gate: Gate, tmp_path: Path) -> None:
    gate.close()
    now = int(time.time())
    times = {"now": now, "hour_ago": now - 3601, "ahead": now + 600}
    (tmp_path / "last").write_text(kept.format(url=gate.url, **times) + "\n")
    assert ask("feature", gate.url, TIKA_GATE_STATE=str(tmp_path / "last"))[0] == 20
    assert ask("fix", gate.url, TIKA_GATE_STATE=str(tmp_path / "last"))[0] == 10


def test_the_answer_to_a_fix_is_not_kept_for_a_feature(
    gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(gate, "block", monkeypatch, "fix")
    assert ask("fix", gate.url, TIKA_GATE_STATE=str(tmp_path / "last"))[0] == 0
    assert not (tmp_path / "last").exists()


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refused_token_is_no_outage_that_an_hour_would_bridge(status: int, gate: Gate, tmp_path: Path) -> None:
    (tmp_path / "last").write_text(f"{int(time.time())} allow {gate.url}\n")
    gate.status = status
    assert ask("feature", gate.url, TIKA_GATE_STATE=str(tmp_path / "last"))[0] == 20
    assert ask("rollback", gate.url)[0] == 10
    assert ask("feature", gate.url, TIKA_GATE_TOKEN="")[0] == 20


def test_a_change_that_nobody_knows_is_not_asked_about(gate: Gate) -> None:
    assert ask("party", gate.url)[0] == 2
    assert gate.paths == []


def test_a_real_tika_answers_its_operators_and_no_stranger(tmp_path: Path, olga: Person, path: str) -> None:
    token = make_operator("viewer").read_token
    process = servers.web(tmp_path, servers.free_port())
    try:
        url = f"http://127.0.0.1:{process.port}"
        assert ask("rollback", url, PATH=path, TIKA_GATE_TOKEN=token)[0] == 0
        code, sentence = ask("feature", url, PATH=path, TIKA_GATE_TOKEN=token)
        assert sentence.startswith(f"Deploy gate, feature: {dict(zip(CODES.values(), CODES, strict=True))[code]}. ")
        assert "answers" not in sentence
        code, sentence = ask("feature", url, PATH=path, TIKA_GATE_TOKEN=olga.token)
        assert (code, "answers 404" in sentence) == (20, True)
    finally:
        process.stop()
