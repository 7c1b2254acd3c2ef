"""A browser tells how long its page took, and nobody can tell anything else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from observability.slo.tally import tally
from observability.slo.views import beacon
from tests.cast import Person

FROM_A_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def _nothing_told(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(beacon, "allowance", beacon.Allowance())
    tally.measures.clear()
    yield
    tally.measures.clear()


def tell(client: Client, body: Any, **headers: str) -> int:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    given = headers or FROM_A_PAGE
    return client.generic("POST", "/beacon", text, content_type="text/plain", headers=given).status_code


def told() -> list[tuple[str, float]]:
    return [(indicator, milliseconds) for indicator, milliseconds, _ in tally.measures]


def test_a_page_of_somebody_signed_in_counts(mia: Person) -> None:
    assert tell(mia.client, {"lcp_ms": 1234}) == 204
    assert told() == [("page_load", 1234.0)]


def test_what_a_stranger_says_is_taken_and_forgotten() -> None:
    assert tell(Client(), {"lcp_ms": 1234}) == 204
    assert told() == []


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_another_site_says_nothing_in_a_persons_name(site: str, mia: Person) -> None:
    assert tell(mia.client, {"lcp_ms": 1234}, **{"Sec-Fetch-Site": site}) == 204
    assert told() == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no json",
        b"\xff\xfe",
        [],
        {"lcp_ms": "12"},
        {"lcp_ms": True},
        {"lcp_ms": -1},
        {"lcp_ms": 0},
        {"lcp_ms": 1e9},
        '{"lcp_ms": NaN}',
        {"lcp_ms": 12, "who": "x" * 300},
        "[" * 190,
    ],
)
def test_nonsense_counts_as_nothing(body: Any, mia: Person) -> None:
    assert tell(mia.client, body) == 204
    assert told() == []


def test_one_person_is_heard_so_often_a_minute(mia: Person, adam: Person) -> None:
    for _ in range(beacon.EACH_PER_MINUTE + 10):
        assert tell(mia.client, {"lcp_ms": 90_000}) == 204
    assert tell(adam.client, {"lcp_ms": 100}) == 204
    assert len(told()) == beacon.EACH_PER_MINUTE + 1


def test_it_is_asked_by_post_only() -> None:
    assert Client().get("/beacon").status_code == 405
