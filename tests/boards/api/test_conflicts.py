"""Two people edit one ticket: edits that do not meet merge, those that do are refused with all three values."""

import uuid
from typing import Any

import pytest

from boards.verbs import labels
from tests.cast import Person, Scene


@pytest.fixture
def ticket(board: Scene) -> str:
    """At version 1, described, with a label and Olga on it."""
    return str(
        board.ticket("As it was", description="old", labels=board.labels[:1], assignees=[board.workspace.owner.id])
    )


def version_of(who: Person, ticket: str) -> int:
    return int(who.api.get(f"/api/tickets/{ticket}").json()["version"])


def edit(who: Person, ticket: str, seen: object, **changes: Any) -> Any:
    return who.api.patch(f"/api/tickets/{ticket}", changes, **{"If-Match": f'"{seen}"'})


def clash(olga: Person, mia: Person, ticket: str, theirs: dict[str, Any], yours: dict[str, Any]) -> dict[str, Any]:
    """What Olga is told of each field when Mia was faster."""
    seen = version_of(olga, ticket)
    assert edit(mia, ticket, seen, **theirs).status_code == 200
    refused = edit(olga, ticket, seen, **yours)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "CONFLICT")
    details = refused.json()["error"]["details"]
    assert details["version"] == version_of(mia, ticket)
    fields: dict[str, Any] = details["fields"]
    return fields


def test_edits_of_different_fields_merge(olga: Person, mia: Person, ticket: str) -> None:
    seen = version_of(olga, ticket)
    assert not edit(mia, ticket, seen, title="Mia's").json()["merged"]
    merged = edit(olga, ticket, seen, description="Olga's")
    assert (merged.status_code, merged.json()["merged"]) == (200, True)
    assert (merged.json()["title"], merged.json()["description"]) == ("Mia's", "Olga's")


@pytest.mark.parametrize(
    ("name", "base", "theirs", "yours"),
    [
        ("title", "As it was", "Mia's", "Olga's"),
        ("description", "old", "", "newer"),
        ("priority", "none", "high", "urgent"),
        ("due_on", None, "2027-01-31", "2027-02-01"),
        ("start_on", None, "2026-01-31", "2026-02-01"),
        ("estimate", None, 3.5, 2),
    ],
)
def test_a_field_that_both_changed_is_refused_with_base_yours_and_theirs(
    olga: Person, mia: Person, ticket: str, name: str, base: Any, theirs: Any, yours: Any
) -> None:
    told = clash(olga, mia, ticket, {name: theirs}, {name: yours})
    assert told == {name: {"base": base, "yours": yours, "theirs": theirs}}
    assert olga.api.get(f"/api/tickets/{ticket}").json()[name] == theirs


def test_labels_and_people_are_told_by_the_ids_the_api_knows_them_by(
    olga: Person, mia: Person, vic: Person, board: Scene, ticket: str
) -> None:
    bug, pay = (str(pk) for pk in board.labels)
    theirs = {"labels": [bug, pay], "assignees": [str(mia.id)]}
    told = clash(olga, mia, ticket, theirs, {"labels": [], "assignees": [str(vic.id)]})
    assert told == {
        "labels": {"base": [bug], "yours": [], "theirs": [bug, pay]},
        "assignees": {"base": [str(olga.id)], "yours": [str(vic.id)], "theirs": [str(mia.id)]},
    }


def test_a_label_that_is_gone_is_left_out(olga: Person, mia: Person, board: Scene, ticket: str) -> None:
    seen = version_of(olga, ticket)
    with board.workspace.told() as owner:
        labels.delete(board.labels[0], by=owner)
    edit(mia, ticket, version_of(mia, ticket), labels=[str(board.labels[1])])
    told = edit(olga, ticket, seen, labels=[]).json()["error"]["details"]["fields"]["labels"]
    assert told == {"base": [], "yours": [], "theirs": [str(board.labels[1])]}


def test_the_same_labels_in_another_order_are_no_conflict(olga: Person, mia: Person, board: Scene, ticket: str) -> None:
    seen, both = version_of(olga, ticket), [str(pk) for pk in board.labels]
    edit(mia, ticket, seen, labels=both)
    assert edit(olga, ticket, seen, labels=both[::-1]).status_code == 200


def test_who_writes_what_the_other_wrote_is_not_refused(olga: Person, mia: Person, ticket: str) -> None:
    seen = version_of(olga, ticket)
    edit(mia, ticket, seen, title="Agreed", estimate=3)
    assert edit(olga, ticket, seen, title="Agreed", estimate="3.00").status_code == 200


def test_a_change_that_was_taken_back_is_no_conflict(olga: Person, mia: Person, ticket: str) -> None:
    seen = version_of(olga, ticket)
    for title in ("Hasty", "As it was"):
        edit(mia, ticket, version_of(mia, ticket), title=title)
    assert edit(olga, ticket, seen, title="Olga's").status_code == 200


def test_a_move_is_no_conflict_with_an_edit(olga: Person, mia: Person, board: Scene, ticket: str) -> None:
    seen = version_of(olga, ticket)
    mia.api.put(f"/api/tickets/{ticket}/position", {"column": str(board.columns["done"])})
    assert edit(olga, ticket, seen, title="Olga's").json()["merged"] is True


@pytest.mark.parametrize("never", ["7", "0", "-1", "99999999999999999999", "abc", '1", "2', "1.0"])
def test_a_version_the_ticket_never_had_is_stale(olga: Person, ticket: str, never: str) -> None:
    stale = edit(olga, ticket, never, title="Olga's")
    assert (stale.status_code, stale.json()["error"]["code"]) == (412, "STALE")
    assert version_of(olga, ticket) == 1


@pytest.mark.parametrize("header", [{}, {"If-Match": "*"}])
def test_without_a_version_the_last_one_wins(olga: Person, mia: Person, ticket: str, header: dict[str, str]) -> None:
    mia.api.patch(f"/api/tickets/{ticket}", {"title": "Mia's"})
    last = olga.api.patch(f"/api/tickets/{ticket}", {"title": "Olga's"}, **header)
    assert (last.status_code, last.json()["title"]) == (200, "Olga's")


def test_a_conflict_writes_nothing_of_the_edit(olga: Person, mia: Person, board: Scene, ticket: str) -> None:
    edit(mia, ticket, 1, title="Mia's")
    before = board.version
    refused = edit(olga, ticket, 1, title="Olga's", description="hers too", labels=[str(uuid.UUID(int=7))])
    assert refused.status_code == 409
    assert board.version == before
    assert olga.api.get(f"/api/tickets/{ticket}").json()["description"] == "old"
