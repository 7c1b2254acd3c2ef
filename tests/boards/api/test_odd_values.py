"""Every field and parameter with values that do not belong there: a documented answer, and never a fault of ours."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction

from tests.boards.api.contract import DOCUMENT, OPERATIONS, Json, about, answer_faults
from tests.boards.api.test_document import STREAM, address, ids_for
from tests.isolation.estate import Estate, furnished

AN_ID = "01a20ad3-716b-7a28-ba06-24d9a37941ff"
ODD: list[Any] = [None, "", " ", "x" * 300_000, "\x00", "\u202e", 0, -1, 2**63, 1e300, True, [], [None], [[]], {}]
ODD += [{"a": 1}, [AN_ID] * 101, [AN_ID, AN_ID], AN_ID, "0000-00-00", "9999-12-31"]
ODD_TEXTS = ["", "null", "-1", "1e9", str(2**63), str(2**70), "\x00", "é", "%", "x" * 5000, AN_ID, "true,", "٣", "-0"]


@pytest.fixture(scope="module")
def estate() -> Estate:
    return furnished("Acme", olga="OWNER", adam="ADMIN")


def body_of(operation: Json) -> Json:
    content: Json = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {})  # type: ignore[no-any-return]


def fields_of(operation: Json) -> list[str]:
    schema = body_of(operation)["schema"]
    names = [part.get("$ref", "") for part in [schema, *schema.get("anyOf", [])]]
    (name,) = [name.rpartition("/")[2] for name in names if name]
    return list(DOCUMENT["components"]["schemas"][name]["properties"])


def query_of(operation: Json) -> list[str]:
    return [one["name"] for one in operation.get("parameters", []) if one.get("in") == "query"]


WRITES = [name for name, (_, _, operation) in OPERATIONS.items() if body_of(operation)]
READS = [name for name, (_, _, operation) in OPERATIONS.items() if query_of(operation) and name != STREAM]


@pytest.mark.parametrize("name", WRITES)
def test_an_odd_value_in_a_body(name: str, estate: Estate) -> None:
    method, path, operation = OPERATIONS[name]
    ids = ids_for(name, estate)
    where, example = about(address(path, operation), ids), about(body_of(operation)["example"], ids)
    bodies = [{**example, field: value} for field in fields_of(operation) for value in ODD]
    for body in [*bodies, *ODD]:
        with transaction.atomic():
            answer = estate.owner.api.call(method, where, body)
            transaction.set_rollback(True)
        assert answer.status_code < 500, str(body)[:300]
        assert answer_faults(operation, answer) == [], str(body)[:300]


@pytest.mark.parametrize("name", READS)
def test_an_odd_value_in_a_query(name: str, estate: Estate) -> None:
    method, path, operation = OPERATIONS[name]
    base = about(address(path, operation), estate.ids)
    for parameter in query_of(operation):
        for value in ODD_TEXTS:
            given = urlencode({parameter: value})
            answer = estate.owner.api.call(method, f"{base}{'&' if '?' in base else '?'}{given}")
            assert answer.status_code < 500, given[:300]
            assert answer_faults(operation, answer) == [], given[:300]
            if answer.status_code == 422:
                fields = {one["field"].partition(".")[0] for one in answer.json()["error"]["details"]}
                assert fields == {parameter}
