"""/api/boards: boards, the snapshot and the changes."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Query, Router

from audit.access import allow
from boards.api import board_shapes, reading, shapes
from boards.api.answers import answer, no_content
from boards.api.pages import Paging, paged
from boards.api.schemas import AccessIn, BoardIn, BoardPatch
from boards.models import Board
from boards.verbs import boards
from tenancy.errors import NotFound, Unavailable

router = Router(tags=["boards"])


EVENTS = _(
    "Server-sent events for as long as the client listens. `changes` carries what `/changes` answers, its id is the"
    " board's version; `presence` the people who have the board open; `gone` says why the stream ends. Begin with"
    " `since` or `Last-Event-ID`."
)


class BoardFilters(Paging):
    archived: bool = False


def as_dict(board: Board) -> dict[str, Any]:
    return {
        "id": board.pk,
        "key": board.key,
        "name": board.name,
        "description": board.description,
        "is_private": board.is_private,
        "version": board.version,
        "archived_at": board.archived_at,
        "created_at": board.created_at,
    }


def found(request: Any, board_id: uuid.UUID) -> Board:
    board = Board.objects.visible_to(request.member).filter(pk=board_id).first()
    if board is None:
        raise NotFound
    return board


def shown(request: Any, board_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    return answer(request, as_dict(found(request, board_id)), status=status)


@router.get("/boards", summary=_("List boards"), url_name="boards", response=shapes.page_of(shapes.Board))
@allow("ticket:read")
def index(request: Any, filters: Query[BoardFilters]) -> HttpResponse:
    mine = Board.objects.visible_to(request.member).filter(archived_at__isnull=not filters.archived)
    return paged(request, mine, filters, as_dict, shapes.Board)


@router.post("/boards", summary=_("Create a board"), url_name="boards-create", response={201: shapes.Board})
@allow("board:manage")
def create(request: Any, payload: BoardIn) -> HttpResponse:
    board = boards.create(**{**payload.given(), "key": payload.key or ""}, by=request.member)
    return shown(request, board.pk, status=201)


@router.get("/boards/{uuid:board_id}", summary=_("Show a board"), url_name="board", response=shapes.Board)
@allow("ticket:read")
def show(request: Any, board_id: uuid.UUID) -> HttpResponse:
    return shown(request, board_id)


@router.patch("/boards/{uuid:board_id}", summary=_("Change a board"), url_name="board-edit", response=shapes.Board)
@allow("board:manage")
def change(request: Any, board_id: uuid.UUID, payload: BoardPatch) -> HttpResponse:
    changes = payload.given()
    archived = changes.pop("archived", None)
    boards.change(board_id, changes, by=request.member)
    if archived is not None:
        (boards.put_away if archived else boards.bring_back)(board_id, "archived_at", by=request.member)
    return shown(request, board_id)


@router.delete(
    "/boards/{uuid:board_id}", summary=_("Put a board in the trash"), url_name="board-delete", response={204: None}
)
@allow("board:manage")
def delete(request: Any, board_id: uuid.UUID) -> HttpResponse:
    boards.put_away(board_id, "trashed_at", by=request.member)
    return no_content()


@router.post(
    "/boards/{uuid:board_id}/access",
    summary=_("Let a member see a private board"),
    url_name="board-access",
    response={204: None},
)
@allow("board:manage")
def give_access(request: Any, board_id: uuid.UUID, payload: AccessIn) -> HttpResponse:
    found(request, board_id)
    boards.give_access(board_id, payload.member, by=request.member)
    return no_content()


@router.delete(
    "/boards/{uuid:board_id}/access/{uuid:member_id}",
    summary=_("Withdraw a member's access to a private board"),
    url_name="board-access-delete",
    response={204: None},
)
@allow("board:manage")
def withdraw_access(request: Any, board_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    found(request, board_id)
    boards.withdraw_access(board_id, member_id, by=request.member)
    return no_content()


@router.get(
    "/boards/{uuid:board_id}/snapshot",
    summary=_("A whole board"),
    url_name="board-snapshot",
    response=board_shapes.Snapshot,
)
@allow("ticket:read")
def snapshot(request: Any, board_id: uuid.UUID) -> HttpResponse:
    return reading.snapshot_response(request, board_id)


@router.get(
    "/boards/{uuid:board_id}/events",
    summary=_("The stream of what happens"),
    description=EVENTS,
    url_name="board-events",
)
@allow("ticket:read")
def events(request: Any, board_id: uuid.UUID, since: int | None = None) -> HttpResponse:
    # The process for streams takes over the connection before a request gets here; this answers where it is not set up.
    found(request, board_id)
    raise Unavailable


@router.get(
    "/boards/{uuid:board_id}/changes",
    summary=_("What happened since a version"),
    url_name="board-changes",
    response=board_shapes.Changes | board_shapes.Resync,
)
@allow("ticket:read")
def changes(request: Any, board_id: uuid.UUID, since: int) -> HttpResponse:
    return reading.changes_response(request, board_id, since)
