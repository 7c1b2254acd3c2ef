"""Whoever loses the right to see a board loses its stream at once."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from boards.models import Board, Ticket
from boards.verbs import boards
from tenancy.models import ApiToken, Membership, Session, User
from tests.live.cast import Workspace
from tests.live.streams import Stream, events

AT_ONCE = 1.0


def gone(stream: Stream) -> str:
    started = time.monotonic()
    reason: str = stream.next("gone").data["reason"]
    assert stream.ended(seconds=1)
    assert time.monotonic() - started < AT_ONCE
    return reason


def revoke_token(acme: Workspace, board: Board) -> None:
    ApiToken.objects.filter(pk=acme.mia.token_id).update(revoked_at=timezone.now())


def delete_token(acme: Workspace, board: Board) -> None:
    ApiToken.objects.filter(pk=acme.mia.token_id).delete()


def deactivate(acme: Workspace, board: Board) -> None:
    Membership.objects.filter(pk=acme.mia.member.id).update(is_active=False)


def make_private(acme: Workspace, board: Board) -> None:
    boards.change(board.id, {"is_private": True}, by=acme.olga.member)


@pytest.mark.parametrize("lose", [revoke_token, delete_token, deactivate, make_private])
def test_a_token_s_stream_ends(port: int, acme: Workspace, lose: Callable[[Workspace, Board], None]) -> None:
    board = acme.board()
    with (
        Stream(port, events(board), acme.mia.bearer) as hers,
        Stream(port, events(board), acme.olga.bearer) as others,
    ):
        hers.next()
        others.next()
        acme.change(lambda: lose(acme, board))
        assert gone(hers) == "access"
        acme.ticket(board)
        assert others.follow(acme.version(board))
    with Stream(port, events(board), acme.mia.bearer) as again:
        assert again.status in (401, 404)


def test_the_change_that_came_with_the_loss_is_not_told(port: int, acme: Workspace) -> None:
    board = acme.board()
    with Stream(port, events(board), acme.mia.bearer) as stream:
        stream.next()
        ticket = acme.ticket(board)
        stream.next()
        with acme.transaction():
            make_private(acme, board)
            Ticket.objects.filter(pk=ticket).update(title="A secret")
        seen = stream.until(lambda event: True)
        while seen.name == "presence":
            seen = stream.until(lambda event: True)
        assert seen.name == "gone"


def test_a_list_that_one_is_taken_from(port: int, acme: Workspace) -> None:
    board = acme.board(is_private=True)
    acme.change(lambda: boards.give_access(board.id, acme.mia.member.id, by=acme.olga.member))
    with Stream(port, events(board), acme.mia.bearer) as stream:
        stream.next()
        acme.change(lambda: boards.withdraw_access(board.id, acme.mia.member.id, by=acme.olga.member))
        assert gone(stream) == "access"


@pytest.mark.parametrize("how", ["trashed", "deleted"])
def test_a_board_that_is_gone_is_gone_for_all(port: int, acme: Workspace, how: str) -> None:
    board = acme.board()
    with Stream(port, events(board), acme.mia.bearer) as mia, Stream(port, events(board), acme.olga.bearer) as olga:
        mia.next()
        olga.next()
        if how == "trashed":
            acme.change(lambda: boards.put_away(board.id, "trashed_at", by=acme.olga.member))
        else:
            acme.change(lambda: Board.objects.filter(pk=board.id).delete())
        assert (gone(mia), gone(olga)) == ("board", "board")


def test_sign_out_ends_the_session_s_streams(port: int, acme: Workspace) -> None:
    board = acme.board()
    path = f"/{acme.tenant.slug}{events(board)}"
    with Stream(port, path, acme.mia.cookie) as session, Stream(port, path, acme.mia.bearer) as token:
        session.next()
        token.next()
        Session.objects.filter(session_key=acme.mia.session).delete()
        assert gone(session) == "access"
        assert token.silent("gone")


def test_a_new_password_ends_the_sessions_made_with_the_old_one(port: int, acme: Workspace) -> None:
    board = acme.board()
    with Stream(port, f"/{acme.tenant.slug}{events(board)}", acme.mia.cookie) as stream:
        stream.next()
        user = User.objects.get(pk=acme.mia.member.user_id)
        user.set_password("another one entirely")
        user.save(update_fields=["password"])
        assert gone(stream) == "access"


def test_a_closed_account_ends_its_streams(port: int, acme: Workspace) -> None:
    board = acme.board()
    with Stream(port, events(board), acme.mia.bearer) as stream:
        stream.next()
        User.objects.filter(pk=acme.mia.member.user_id).update(is_active=False)
        assert gone(stream) == "access"


def test_a_token_ends_when_its_time_is_over(port: int, acme: Workspace) -> None:
    board = acme.board()
    expires = timezone.now() + timedelta(seconds=2)
    acme.change(lambda: ApiToken.objects.filter(pk=acme.mia.token_id).update(expires_at=expires))
    with Stream(port, events(board), acme.mia.bearer) as stream:
        stream.next()
        assert stream.next("gone").data["reason"] == "access"
        assert timedelta() <= timezone.now() - expires < timedelta(seconds=1)


def test_a_right_that_stays_keeps_the_stream(port: int, acme: Workspace) -> None:
    board = acme.board()
    with Stream(port, events(board), acme.mia.bearer) as stream:
        stream.next()
        acme.change(lambda: Membership.objects.filter(pk=acme.mia.member.id).update(role="VIEWER"))
        acme.ticket(board)
        assert stream.follow(acme.version(board))
        assert stream.silent("gone")


def test_a_stream_shows_that_its_token_is_used(port: int, acme: Workspace) -> None:
    with Stream(port, events(acme.board()), acme.mia.bearer) as stream:
        stream.next()
    with acme.transaction():
        used = ApiToken.objects.get(pk=acme.mia.token_id).last_used_at
    assert used is not None
    assert timezone.now() - used < timedelta(seconds=10)
