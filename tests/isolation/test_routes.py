"""Every route of the API with every id of another workspace, by token and by session: 404, and no trace.

The routes are read from the API itself, so a new one is tried without anybody writing it down here.
"""

import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from django.test import Client
from ninja.operation import Operation

from boards.api.pages import cursor_of
from tenancy.ids import uuid7
from tests.cast import Api
from tests.isolation.asking import (
    ANCHORS,
    BODY_IDS,
    IN_PATH,
    ORDERS,
    ROUTES,
    WAYS,
    WITH_PATH_ID,
    api_of,
    body_for,
    label,
    name_of,
    path_for,
    query_of,
    send,
    told,
)
from tests.isolation.estate import Estate, state


@pytest.fixture
def untouched(theirs: Estate) -> Iterator[None]:
    before = state(theirs.workspace)
    yield
    assert state(theirs.workspace) == before, "the other workspace was touched"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("operation", WITH_PATH_ID, ids=name_of)
def test_an_id_of_another_workspace_is_not_found(
    operation: Operation, way: str, mine: Estate, theirs: Estate, untouched: None
) -> None:
    own_before = state(mine.workspace)
    nobodys = {name: uuid7() for name in theirs.ids}
    # Each id of the path in turn is theirs, the others one's own: any of them must be enough.
    names = [found.removesuffix("_id") for found in IN_PATH.findall(operation.path)]
    for name in names:
        answers = []
        for foreign in (theirs.ids, nobodys):
            path = path_for(operation, {**mine.ids, name: foreign[name]})
            answers.append(send(api_of(mine, way), operation, path, body_for(operation, mine.ids)))
        if operation.methods[0] == "DELETE" and name == "member":
            continue  # withdrawing what was never given: the same for everybody, and no trace
        assert [answer.status_code for answer in answers] == [404, 404], answers[0].content
        assert told(answers[0]) == told(answers[1])
    assert state(mine.workspace) == own_before


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("operation", WITH_PATH_ID, ids=name_of)
def test_a_workspace_of_others_is_not_found(
    operation: Operation, way: str, mine: Estate, theirs: Estate, untouched: None
) -> None:
    """Named in the path or in X-Tenant-Id: a stranger cannot tell it from one that does not exist."""
    path, body = path_for(operation, theirs.ids), body_for(operation, theirs.ids)
    client = api_of(mine, way)
    there = Api(client.client, client.headers)
    answers = [
        send(Api(there.client, there.headers, prefix), operation, path, body)
        for prefix in (f"/{theirs.workspace.slug}", "/no-such-workspace")
    ]
    for named in (str(theirs.workspace.id), theirs.workspace.slug, str(uuid7())):
        headers = {**there.headers, "X-Tenant-Id": named}
        answers.append(send(Api(there.client, headers), operation, path, body))
    assert {answer.status_code for answer in answers} == {404}
    assert len({told(answer) for answer in answers}) == 1


@pytest.mark.parametrize("operation", ROUTES, ids=name_of)
def test_nobody_gets_in_without_signing_in(operation: Operation, theirs: Estate, untouched: None) -> None:
    path, body = path_for(operation, theirs.ids), body_for(operation, theirs.ids)
    for headers in ({}, {"Authorization": "Bearer tika_pat_guessed"}, {"Authorization": "Basic em9lOnpvZQ=="}):
        for named in ({}, {"X-Tenant-Id": theirs.workspace.slug}):
            answer = send(Api(Client(), {**headers, **named}), operation, path, body)
            assert answer.status_code == 401
            assert answer.json()["error"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("operation", "field"), BODY_IDS, ids=label)
def test_an_id_of_another_workspace_in_the_body_is_as_good_as_none(
    operation: Operation, field: str, way: str, mine: Estate, theirs: Estate, untouched: None
) -> None:
    answers, nobodys = [], uuid7()
    for foreign in (theirs.ids[field], nobodys):
        value: Any = [str(foreign)] if field in {"labels", "assignees"} else str(foreign)
        body = {**(body_for(operation, mine.ids) or {}), field: value}
        answers.append(send(api_of(mine, way), operation, path_for(operation, mine.ids), body))
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].status_code in ({200, 201, 422} if field in ANCHORS else {404, 422}), answers[0].content
    assert told(answers[0], theirs.ids[field]) == told(answers[1], nobodys)


QUERY_IDS = [
    (operation, name)
    for operation in ROUTES
    for name in query_of(operation)
    if name in {"board", "column", "label", "assignee", "cursor"}
]


def cursor_for(operation: Operation, theirs: Estate, last: uuid.UUID) -> str:
    before = next((key for ending, key in ORDERS.items() if operation.path.endswith(ending)), [])
    return cursor_of(*(theirs.ids["board"] if part == "board" else part for part in before), last)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("operation", "name"), QUERY_IDS, ids=label)
def test_an_id_of_another_workspace_in_the_query_is_as_good_as_none(
    operation: Operation, name: str, way: str, mine: Estate, theirs: Estate, untouched: None
) -> None:
    answers = []
    # Beside it in the order of ids: a cursor is a place, whoever has it.
    for foreign in (theirs.ids[name], uuid.UUID(int=theirs.ids[name].int + 1)):
        given = cursor_for(operation, theirs, foreign) if name == "cursor" else str(foreign)
        base, _, needed = path_for(operation, mine.ids).partition("?")
        query = {**dict(parse_qsl(needed)), name: given}
        answers.append(send(api_of(mine, way), operation, f"{base}?{urlencode(query)}", None))
    assert [answer.status_code for answer in answers] in ([200, 200], [404, 404])
    assert told(answers[0]) == told(answers[1])
    if name != "cursor" and answers[0].status_code == 200:
        assert answers[0].json()["items"] == []


def test_every_kind_of_id_is_tried() -> None:
    """That the lists above are made of the API, and not empty."""
    assert len(WITH_PATH_ID) >= 39
    assert {field for _, field in BODY_IDS} >= {"board", "column", "labels", "assignees", "after", "before", "member"}
    assert {name for _, name in QUERY_IDS} >= {"board", "column", "label", "assignee", "cursor"}
