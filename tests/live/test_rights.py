"""Whoever loses the right to see a board loses its stream at once."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from boards.models import Board
from boards.verbs import boards
from tenancy.identity import digest_of
from tenancy.models import ApiToken, Membership, Session, User
from tests.cast import Person, Scene, Workspace
from tests.live.crowd import change_all
from tests.live.streams import Stream, bearer, cookie, events


@pytest.fixture
def stream(port: int, board: Scene, mia: Person) -> Iterator[Stream]:
    """Mia's, by her token."""
    with Stream(port, events(board), bearer(mia)) as opened:
        opened.next()
        yield opened


@pytest.fixture
def session_stream(port: int, board: Scene, mia: Person) -> Iterator[Stream]:
    """Mia's, by her browser's session."""
    with Stream(port, f"/{board.workspace.slug}{events(board)}", cookie(mia)) as opened:
        opened.next()
        yield opened


def gone(stream: Stream) -> str:
    reason: str = stream.next("gone").data["reason"]
    assert stream.ended()
    return reason


def revoke_token(mia: Person, board: Scene) -> None:
    ApiToken.objects.filter(digest=digest_of(mia.token)).update(revoked_at=timezone.now())


def delete_token(mia: Person, board: Scene) -> None:
    ApiToken.objects.filter(digest=digest_of(mia.token)).delete()


def deactivate(mia: Person, board: Scene) -> None:
    Membership.objects.filter(pk=mia.id).update(is_active=False)


def become_somebody_else_s(mia: Person, board: Scene) -> None:
    """An undone import makes a person a placeholder again."""
    Membership.objects.filter(pk=mia.id).update(user=None)


def make_private(mia: Person, board: Scene) -> None:
    boards.change(board.id, {"is_private": True}, by=board.workspace.owner.member)


@pytest.mark.parametrize("lose", [revoke_token, delete_token, deactivate, become_somebody_else_s, make_private])
def test_it_ends_for_the_one_and_goes_on_for_the_others(
    port: int, stream: Stream, board: Scene, mia: Person, olga: Person, lose: Callable[[Person, Scene], None]
) -> None:
    with Stream(port, events(board), bearer(olga)) as others:
        others.next()
        with board.workspace.told():
            lose(mia, board)
        assert gone(stream) == "access"
        board.ticket()
        assert others.follow(board.version)
    with Stream(port, events(board), bearer(mia)) as again:
        assert again.status in (401, 404)


def test_the_change_that_came_with_the_loss_is_not_told(stream: Stream, board: Scene, mia: Person) -> None:
    board.ticket()
    stream.next()
    with board.workspace.told():
        make_private(mia, board)
        change_all(board, title="A secret")
    assert stream.until(lambda event: event.name != "presence").name == "gone"


def test_a_list_that_one_is_taken_from(port: int, workspace: Workspace, mia: Person, olga: Person) -> None:
    board = workspace.board(is_private=True)
    with workspace.told():
        boards.give_access(board.id, mia.id, by=olga.member)
    with Stream(port, events(board), bearer(mia)) as stream:
        stream.next()
        with workspace.told():
            boards.withdraw_access(board.id, mia.id, by=olga.member)
        assert gone(stream) == "access"


def put_in_the_trash(board: Scene) -> None:
    boards.put_away(board.id, "trashed_at", by=board.workspace.owner.member)


def delete(board: Scene) -> None:
    Board.objects.filter(pk=board.id).delete()


@pytest.mark.parametrize("lose", [put_in_the_trash, delete])
def test_a_board_that_is_gone_is_gone_for_all(
    port: int, stream: Stream, board: Scene, olga: Person, lose: Callable[[Scene], None]
) -> None:
    with Stream(port, events(board), bearer(olga)) as owners:
        owners.next()
        with board.workspace.told():
            lose(board)
        assert (gone(stream), gone(owners)) == ("board", "board")


def test_sign_out_ends_the_session_s_streams(stream: Stream, session_stream: Stream, mia: Person) -> None:
    Session.objects.filter(session_key=mia.session_key).delete()
    assert gone(session_stream) == "access"
    assert stream.silent("gone")


def test_a_new_password_ends_the_sessions_made_with_the_old_one(session_stream: Stream, mia: Person) -> None:
    user = User.objects.get(pk=mia.user.pk)
    user.set_password("another one entirely")
    user.save(update_fields=["password"])
    assert gone(session_stream) == "access"


def test_a_closed_account_ends_its_streams(stream: Stream, mia: Person) -> None:
    User.objects.filter(pk=mia.user.pk).update(is_active=False)
    assert gone(stream) == "access"


def test_a_token_ends_when_its_time_is_over(port: int, board: Scene, mia: Person) -> None:
    expires = timezone.now() + timedelta(seconds=2)
    with board.workspace.told():
        ApiToken.objects.filter(digest=digest_of(mia.token)).update(expires_at=expires)
    with Stream(port, events(board), bearer(mia)) as stream:
        stream.next()
        assert stream.next("gone").data["reason"] == "access"
        assert timezone.now() >= expires


def test_a_right_that_stays_keeps_the_stream(stream: Stream, board: Scene, mia: Person) -> None:
    with board.workspace.told():
        Membership.objects.filter(pk=mia.id).update(role="VIEWER")
    board.ticket()
    assert stream.follow(board.version)
    assert stream.silent("gone")


def test_a_stream_shows_that_its_token_is_used(stream: Stream, board: Scene, mia: Person) -> None:
    with board.workspace.told():
        used = ApiToken.objects.get(digest=digest_of(mia.token)).last_used_at
    assert used is not None
    assert timezone.now() - used < timedelta(seconds=10)
