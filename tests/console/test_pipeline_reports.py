"""What a deployment pipeline says by HTTP: who may say it, what is refused, and where it stands afterwards."""

import secrets
from typing import Any

import pytest
from django.test import Client

from observability.console.queries import marks as latest
from observability.console.queries.pipeline import steps
from observability.console.verbs import marks
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID
from tests.cast import Api, Person, run_sql

STEPS, DEPLOYMENT = "/ops/pipeline/steps", "/ops/pipeline/deployment"


@pytest.fixture
def commit() -> str:
    return secrets.token_hex(20)


def report(at: str, **changed: Any) -> dict[str, Any]:
    told = {"version": "0.3.0", "commit": at, "result": "success", "by": "olga", "run": "https://ci.example.com/7"}
    return told | changed


def written(commit: str) -> list[tuple[str, str, str]]:
    """The marks that name the commit, the newest first."""
    with tenant_context(OPERATORS_ID):
        found = [(mark.kind, mark.name, mark.detail) for mark in latest.latest(500)]
    return [one for one in found if commit[:10] in one[1] + one[2]]


def test_a_deployment_is_a_line_on_the_charts_with_who_started_it(responder: Person, commit: str) -> None:
    answer = responder.api.post(DEPLOYMENT, report(commit))
    name = f"0.3.0 {commit[:10]}"
    assert (answer.status_code, answer.json()) == (200, {"name": name, "result": "success"})
    assert written(commit) == [("deploy", name, "result=success by=olga run=https://ci.example.com/7")]
    assert name in responder.client.get("/ops/deploys/").content.decode()
    query = "SELECT actor_id FROM audit_entry WHERE resource = 'mark' AND changes #>> '{after,name}' = %s"
    assert run_sql(query, [name], tenant=OPERATORS_ID) == [(str(responder.id),)]


def test_the_mark_of_the_start_takes_over_what_the_pipeline_says(responder: Person, commit: str) -> None:
    with tenant_context(OPERATORS_ID):
        marks.record_deploy(f"0.3.0 {commit[:10]}")
    for who in ("olga", "adam"):
        assert responder.api.post(DEPLOYMENT, report(commit, by=who, run="")).status_code == 200
    assert written(commit) == [("deploy", f"0.3.0 {commit[:10]}", "result=success by=olga")]


@pytest.mark.parametrize("result", ["rolled-back", "failure"])
def test_one_that_did_not_stay_is_no_deploy(result: str, responder: Person, commit: str) -> None:
    with tenant_context(OPERATORS_ID):
        marks.record_deploy(before := f"0.2.0 {secrets.token_hex(5)}")
    assert responder.api.post(DEPLOYMENT, report(commit, result=result, by="", run="")).status_code == 200
    assert written(commit) == [("other", "deployment", f"0.3.0 {commit[:10]} result={result}")]
    with tenant_context(OPERATORS_ID):
        assert marks.record_deploy(before) is False


def test_steps_are_what_the_doctor_reads(responder: Person, commit: str) -> None:
    told = {"commit": commit.upper(), "steps": {"scan": "passed", "image-scan": "failed"}}
    assert responder.api.post(STEPS, told).status_code == 200
    with tenant_context(OPERATORS_ID):
        found = steps()
    assert {name: (found[name].passed, found[name].commit) for name in told["steps"]} == {
        "scan": (True, commit),
        "image-scan": (False, commit),
    }


NOBODYS: list[tuple[dict[str, str], int]] = [({}, 401), ({"Authorization": "Bearer tika_pat_guessed"}, 401)]


@pytest.mark.parametrize("path", [STEPS, DEPLOYMENT])
def test_who_may_not_report_is_refused_and_leaves_nothing(
    path: str, viewer: Person, responder: Person, olga: Person, commit: str
) -> None:
    told = report(commit, steps={"scan": "passed"})
    tries = [(Api(Client(), headers), status) for headers, status in NOBODYS]
    # A viewer, somebody of another workspace, a token that may only read, and a page of another site.
    tries += [(viewer.api, 403), (olga.api, 404), (responder.read_api, 403)]
    forged = Client(enforce_csrf_checks=True)
    forged.cookies = responder.client.cookies
    tries += [(Api(forged), 403)]
    assert [api.post(path, told).status_code for api, _ in tries] == [status for _, status in tries]
    assert written(commit) == []


WRONG: dict[str, dict[str, Any]] = {
    "version": {"version": ""},
    "version that is long": {"version": "1" * 51},
    "version that is none": {"version": None},
    "commit": {"commit": "main"},
    "commit that is long": {"commit": "a" * 41},
    "result": {"result": "splendid"},
    "by": {"by": "ol\x00ga"},
    "run": {"run": "https://ci\nresult=success"},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_deployment_that_makes_no_sense_is_refused_by_the_field(what: str, responder: Person, commit: str) -> None:
    answer = responder.api.post(DEPLOYMENT, report(commit, **WRONG[what]))
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["error"]["details"]] == [what.split()[0]]
    assert written(commit) == []


@pytest.mark.parametrize("given", [{}, {"scan": "maybe"}, {"party": "passed"}, {"scan": True}, ["scan"], None])
def test_steps_that_make_no_sense_are_refused(given: Any, responder: Person, commit: str) -> None:
    answer = responder.api.post(STEPS, {"commit": commit, "steps": given})
    assert answer.status_code == 422
    assert answer.json()["error"]["details"][0]["field"] == "steps"
    assert written(commit) == []


def test_of_several_steps_none_is_noted_where_one_is_wrong(responder: Person, commit: str) -> None:
    told = {"commit": commit, "steps": {"scan": "passed", "party": "passed"}}
    assert responder.api.post(STEPS, told).status_code == 422
    assert written(commit) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_object_is_refused(body: bytes, responder: Person) -> None:
    for path in (STEPS, DEPLOYMENT):
        assert responder.api.raw("post", path, body).status_code == 400
