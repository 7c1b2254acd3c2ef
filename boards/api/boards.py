"""/api/boards: boards, the snapshot and the changes."""

import uuid
from typing import Any

from django.http import HttpResponse
from ninja import Router

from audit.access import allow
from boards.api.answers import Cursor, PageLimit, keyset_page, no_content
from boards.api.schemas import AccessIn, BoardIn, BoardPatch
from boards.models import Board
from boards.queries import reading
from boards.verbs import boards
from tenancy.errors import NotFound, Unavailable

router = Router(tags=["boards"])


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


@router.get("/boards", summary="List boards", url_name="boards")
@allow("ticket:read")
def index(request: Any, archived: bool = False, limit: PageLimit | None = None, cursor: Cursor | None = None) -> Any:
    mine = Board.objects.visible_to(request.member).filter(archived_at__isnull=not archived)
    page, following = keyset_page(mine, limit, cursor)
    return {"items": [as_dict(board) for board in page], "next": following}


@router.post("/boards", summary="Create a board", url_name="boards-create", response={201: Any})
@allow("board:manage")
def create(request: Any, payload: BoardIn) -> Any:
    board = boards.create(**{**payload.given(), "key": payload.key or ""}, by=request.member)
    return 201, as_dict(found(request, board.pk))


@router.get("/boards/{uuid:board_id}", summary="Show a board", url_name="board")
@allow("ticket:read")
def show(request: Any, board_id: uuid.UUID) -> Any:
    return as_dict(found(request, board_id))


@router.patch("/boards/{uuid:board_id}", summary="Change a board", url_name="board-edit")
@allow("board:manage")
def change(request: Any, board_id: uuid.UUID, payload: BoardPatch) -> Any:
    changes = payload.given()
    archived = changes.pop("archived", None)
    boards.change(board_id, changes, by=request.member)
    if archived is not None:
        (boards.put_away if archived else boards.bring_back)(board_id, "archived_at", by=request.member)
    return as_dict(found(request, board_id))


@router.delete("/boards/{uuid:board_id}", summary="Put a board in the trash", url_name="board-delete")
@allow("board:manage")
def delete(request: Any, board_id: uuid.UUID) -> HttpResponse:
    boards.put_away(board_id, "trashed_at", by=request.member)
    return no_content()


@router.post("/boards/{uuid:board_id}/access", summary="Let a member see a private board", url_name="board-access")
@allow("board:manage")
def give_access(request: Any, board_id: uuid.UUID, payload: AccessIn) -> HttpResponse:
    found(request, board_id)
    boards.give_access(board_id, payload.member, by=request.member)
    return no_content()


@router.delete("/boards/{uuid:board_id}/access/{uuid:member_id}", summary="Withdraw it", url_name="board-access-delete")
@allow("board:manage")
def withdraw_access(request: Any, board_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    found(request, board_id)
    boards.withdraw_access(board_id, member_id, by=request.member)
    return no_content()


@router.get("/boards/{uuid:board_id}/snapshot", summary="A whole board", url_name="board-snapshot")
@allow("ticket:read")
def snapshot(request: Any, board_id: uuid.UUID) -> HttpResponse:
    return reading.snapshot_response(request, board_id)


@router.get("/boards/{uuid:board_id}/events", summary="The stream of what happens", url_name="board-events")
@allow("ticket:read")
def events(request: Any, board_id: uuid.UUID, since: int | None = None) -> HttpResponse:
    """Server-sent events, answered as `text/event-stream` for as long as the client listens.

    `changes` carries what `/changes` answers, its id is the board's version; `presence` the people who have the board
    open; `gone` says why the stream ends (`access` or `board`). Begin with `?since=` or Last-Event-ID.
    """
    # The process for streams takes over the connection before a request gets here; this answers where it is not set up.
    found(request, board_id)
    raise Unavailable


@router.get("/boards/{uuid:board_id}/changes", summary="What happened since a version", url_name="board-changes")
@allow("ticket:read")
def changes(request: Any, board_id: uuid.UUID, since: int) -> HttpResponse:
    return reading.changes_response(request, board_id, since)
