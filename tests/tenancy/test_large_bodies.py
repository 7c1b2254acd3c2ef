"""A large body is read before the transaction begins, and nobody's but a member's."""

import io
import uuid
from typing import Any

import pytest
from django.db import connection

from tenancy.body import PIECE
from tests.cast import Person, Scene, Workspace

BORDER = "b0rder"
LARGE = b"x" * (2 * PIECE)


class Watched(io.BytesIO):
    """A body that notes whether a transaction was open while it was read."""

    def __init__(self, content: bytes, fails_at: int | None = None) -> None:
        super().__init__(content)
        self.within: set[bool] = set()
        self.fails_at = fails_at

    def read(self, size: int | None = -1, /) -> bytes:
        self.within.add(connection.in_atomic_block)
        if self.fails_at is not None and self.tell() >= self.fails_at:
            raise ConnectionResetError("gone")
        return super().read(size)


def form(content: bytes) -> bytes:
    head = f'--{BORDER}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BORDER}--\r\n".encode()


def send(person: Person, method: str, path: str, body: Watched, kind: str, **more: Any) -> Any:
    length = len(body.getvalue())
    # The client of the tests leaves out what an empty body has no use for.
    extra = {"CONTENT_LENGTH": str(length), "CONTENT_TYPE": kind, "wsgi.input": body, **more}
    return person.session_api.client.generic(method, path, b"", **extra)


def attach(person: Person, workspace: Workspace, board: Scene, body: Watched) -> Any:
    path = f"/{workspace.slug}/api/tickets/{board.ticket()}/attachments"
    return send(person, "POST", path, body, f"multipart/form-data; boundary={BORDER}")


def test_an_attachment_is_read_while_no_transaction_is_open(workspace: Workspace, board: Scene) -> None:
    body = Watched(form(LARGE))
    answer = attach(workspace.owner, workspace, board, body)
    assert answer.status_code == 201, answer.content
    assert answer.json()["size"] == len(LARGE)
    assert body.within == {False}


def test_a_slice_of_an_import_is_read_while_no_transaction_is_open(workspace: Workspace) -> None:
    body = Watched(LARGE)
    path = f"/{workspace.slug}/imports/slices/{uuid.uuid4()}"
    told = {"HTTP_UPLOAD_OFFSET": "0", "HTTP_UPLOAD_LENGTH": str(2 * len(LARGE))}
    answer = send(workspace.owner, "PUT", path, body, "application/octet-stream", **told)
    assert answer.json() == {"offset": len(LARGE)}
    assert body.within == {False}


def test_of_a_slice_that_was_cut_off_what_came_is_kept(workspace: Workspace) -> None:
    body = Watched(LARGE, fails_at=PIECE)
    path = f"/{workspace.slug}/imports/slices/{uuid.uuid4()}"
    told = {"HTTP_UPLOAD_OFFSET": "0", "HTTP_UPLOAD_LENGTH": str(len(LARGE))}
    answer = send(workspace.owner, "PUT", path, body, "application/octet-stream", **told)
    assert answer.json() == {"offset": PIECE}


def test_the_body_of_somebody_of_another_workspace_is_not_read(workspace: Workspace, board: Scene, zoe: Person) -> None:
    body = Watched(form(LARGE))
    assert attach(zoe, workspace, board, body).status_code == 404
    assert body.within == set()


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_what_is_too_large_to_be_read_at_all_is_refused_unread(workspace: Workspace, kind: str) -> None:
    body = Watched(b" " * (3 * 1024 * 1024))
    answer = send(workspace.owner, "POST", f"/{workspace.slug}/api/tickets", body, kind)
    assert answer.status_code in {413, 415}
    assert body.within == set()
