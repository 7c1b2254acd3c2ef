"""Every page, as the addresses list them, with every id of another workspace: as if there were none, and no trace."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver

from boards.models import Import
from tenancy.ids import uuid7
from tenancy.verbs import invitations, tokens
from tests.isolation.estate import Estate, state
from tika.route_guard import patterns

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
PAGES = sorted({route for route, _ in patterns(get_resolver()) if route.startswith("<slug:workspace>/")})
# An upload's id is the sender's own choice: one nobody has is a new upload.
CHOSEN_BY_SENDER = {"upload_id"}
WITH_ID = [route for route in PAGES if set(PARAMETER.findall(route)) - {"workspace"} - CHOSEN_BY_SENDER]
METHODS = ("get", "post")
# What the forms need before they look anything up.
FORM = {"role": "VIEWER", "name": "x", "text": "x"}
# 405: a method the page does not know, whoever asks.
NOTHING = {404, 405}


@pytest.fixture(scope="module")
def their_ids(theirs: Estate) -> dict[str, str]:
    key = theirs.workspace.board("Zebra").key
    with theirs.workspace.told() as zoe:
        invitation, _ = invitations.invite("MEMBER", by=zoe)
        token, _ = tokens.create("script", scope="read", good_for=None, by=zoe)
        brought = Import.objects.create(tenant_id=theirs.workspace.id, source="trello", file_name="board.json")
    found: dict[str, Any] = {"membership_id": zoe.id, "invitation_id": invitation.pk, "token_id": token.pk}
    found |= {"import_id": brought.pk, "upload_id": uuid7(), "key": key, "number": 1}
    return {name: str(value) for name, value in found.items()}


@pytest.fixture(autouse=True)
def untouched(mine: Estate, theirs: Estate, their_ids: dict[str, str]) -> Iterator[None]:
    before = state(theirs.workspace), state(mine.workspace)
    yield
    assert (state(theirs.workspace), state(mine.workspace)) == before


def address(route: str, workspace: str, ids: dict[str, str]) -> str:
    return "/" + PARAMETER.sub(lambda found: {**ids, "workspace": workspace}[found[1]], route)


def statuses(estate: Estate, path: str) -> list[int]:
    return [getattr(estate.owner.client, method)(path, FORM).status_code for method in METHODS]


@pytest.mark.parametrize("route", PAGES)
def test_a_page_of_a_workspace_of_others_is_as_good_as_none(
    route: str, mine: Estate, theirs: Estate, their_ids: dict[str, str]
) -> None:
    found = statuses(mine, address(route, theirs.workspace.slug, their_ids))
    assert found == statuses(mine, address(route, "no-such-workspace", their_ids))
    assert set(found) <= NOTHING


@pytest.mark.parametrize("route", WITH_ID)
def test_an_id_of_another_workspace_on_ones_own_page_is_as_good_as_none(
    route: str, mine: Estate, their_ids: dict[str, str]
) -> None:
    nobodys = {**{name: str(uuid.UUID(int=7)) for name in their_ids}, "key": "NONE", "number": "1"}
    found = statuses(mine, address(route, mine.workspace.slug, their_ids))
    assert found == statuses(mine, address(route, mine.workspace.slug, nobodys))
    assert set(found) <= NOTHING
    assert 404 in found


def test_the_addresses_are_those_that_are_there() -> None:
    assert len(PAGES) > 20
    assert len(WITH_ID) > 12
