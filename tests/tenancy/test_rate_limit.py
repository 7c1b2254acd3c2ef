"""A script that asks too often is told to wait, and nobody else is."""

import os

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tenancy import rate_limit
from tenancy.rate_limit import SLOTS, Meter
from tests.cast import Person


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "meter", Meter())


@pytest.fixture
def three_a_minute(settings: Settings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3


@pytest.mark.usefixtures("three_a_minute")
def test_the_request_too_many_is_refused_with_the_time_to_wait(mia: Person) -> None:
    left = [mia.api.get("/api/boards").headers["RateLimit-Remaining"] for _ in range(3)]
    refused = mia.api.get("/api/boards")
    assert left == ["2", "1", "0"]
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "RATE_LIMITED"
    assert refused.json()["error"]["request_id"] == refused.headers["X-Request-Id"]
    assert 1 <= int(refused.headers["Retry-After"]) <= 20
    assert refused.headers["RateLimit-Limit"] == "3"
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert 40 <= int(refused.headers["RateLimit-Reset"]) <= 60
    assert refused.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("three_a_minute")
def test_a_refused_write_has_no_effect(olga: Person) -> None:
    answers = [olga.api.post("/api/boards", {"name": f"Board {number}"}).status_code for number in range(5)]
    assert answers == [201, 201, 201, 429, 429]
    names = [board["name"] for board in olga.read_api.get("/api/boards").json()["items"]]
    assert sorted(names) == ["Board 0", "Board 1", "Board 2"]


@pytest.mark.usefixtures("three_a_minute")
def test_a_token_does_not_use_up_its_owners_browser_or_other_tokens_or_other_people(olga: Person, mia: Person) -> None:
    while mia.api.get("/api/boards").status_code == 200:
        pass
    for api in (mia.read_api, mia.session_api, olga.api):
        assert api.get("/api/boards").status_code == 200


@pytest.mark.usefixtures("three_a_minute")
def test_the_sessions_of_one_person_are_counted_together_in_one_workspace(mia: Person, zoe: Person) -> None:
    assert [mia.session_api.get("/api/boards").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert zoe.session_api.get("/api/boards").status_code == 200


@pytest.mark.usefixtures("three_a_minute")
def test_pages_and_health_are_not_counted(mia: Person) -> None:
    for _ in range(6):
        assert mia.client.get("/api/health").status_code == 200
        assert mia.client.get(f"/{mia.member.tenant_slug}/").status_code == 200


def test_no_limit_is_zero(mia: Person, settings: Settings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 0
    answer = mia.api.get("/api/boards")
    assert answer.status_code == 200
    assert "RateLimit-Limit" not in answer.headers


def test_counting_costs_no_statement(mia: Person, settings: Settings) -> None:
    mia.api.get("/api/members")  # notes the token's use
    counts = []
    for limit in (0, 1000):
        settings.API_REQUESTS_PER_MINUTE = limit
        with CaptureQueriesContext(connection) as made:
            mia.api.get("/api/members")
        counts.append(len(made.captured_queries))
    assert counts[0] == counts[1]


def test_requests_come_back_evenly() -> None:
    meter = Meter()
    assert [meter.count(1, 60, now=100).wait == 0 for _ in range(61)] == [True] * 60 + [False]
    assert meter.count(1, 60, now=100).wait == pytest.approx(1)
    assert meter.count(1, 60, now=101).wait == 0
    assert meter.count(1, 60, now=101).wait > 0
    after_a_minute = meter.count(1, 60, now=161)
    assert (after_a_minute.remaining, after_a_minute.wait) == (59, 0)


def test_a_refused_request_does_not_lengthen_the_wait() -> None:
    meter = Meter()
    for _ in range(600):
        meter.count(1, 60, now=100)
    assert meter.count(1, 60, now=101).wait == 0


def test_processes_count_together() -> None:
    meter = Meter()
    child = os.fork()
    if not child:
        for _ in range(40):
            meter.count(7, 60, now=100)
        os._exit(0)
    os.waitpid(child, 0)
    assert meter.count(7, 60, now=100).remaining == 19


def test_callers_whose_slots_meet_are_told_apart() -> None:
    meter = Meter()
    same_place = [5 + SLOTS * number for number in range(8)]
    for caller in same_place:
        assert meter.count(caller, 10, now=100).remaining == 9
    assert [meter.count(caller, 10, now=100).remaining for caller in same_place] == [8] * 8


def test_who_finds_no_slot_takes_that_of_the_longest_idle() -> None:
    meter = Meter()
    for number in range(8):
        meter.count(5 + SLOTS * number, 10, now=100 + number)
    newcomer = 5 + SLOTS * 99
    assert [meter.count(newcomer, 10, now=108).remaining for _ in range(2)] == [9, 8]
    assert meter.count(5 + SLOTS * 7, 10, now=108).remaining == 8
