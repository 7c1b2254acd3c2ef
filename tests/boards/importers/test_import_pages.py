"""The pages of an import, from the upload to the undo."""

import json
import os
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from boards.importers.job import upload_path
from boards.importers.upload import forget_abandoned, part_path
from boards.importers.worker import carry_on
from boards.models import Board, Comment, Import, Ticket, TicketAssignee
from boards.models.importing import State
from tenancy.models import Membership
from tests.boards.importers import exports
from tests.cast import Person, Workspace


def page(workspace: Workspace, rest: str = "") -> str:
    return f"/{workspace.slug}/imports/{rest}"


def upload(workspace: Workspace, what: Any, by: Person | None = None) -> Import:
    """Through the form; the import waits for a worker afterwards."""
    text = what if isinstance(what, str) else json.dumps(what)
    file = SimpleUploadedFile("board.json", text.encode(), "application/json")
    answer = (by or workspace.owner).client.post(page(workspace, "new"), {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return found(workspace, answer["Location"].rstrip("/").rsplit("/", 1)[-1])


def found(workspace: Workspace, import_id: Any) -> Import:
    with workspace.told():
        return Import.objects.get(tenant_id=workspace.id, pk=import_id)


def shown(workspace: Workspace, row: Import, by: Person | None = None) -> str:
    answer = (by or workspace.owner).client.get(page(workspace, f"{row.pk}/"))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_leads_from_upload_to_board_to_undo(workspace: Workspace, adam: Person) -> None:
    row = upload(workspace, exports.board(), by=adam)
    assert row.state == State.UPLOADED
    assert "Reading the file" in shown(workspace, row)
    carry_on(workspace.id, row.pk)
    report = shown(workspace, row)
    assert "Start the import" in report
    assert "Whoever has such an address" in report
    assert not_written(workspace)

    assert adam.client.post(page(workspace, f"{row.pk}/start")).status_code == 302
    assert "Importing" in shown(workspace, row)
    carry_on(workspace.id, row.pk)
    done = shown(workspace, row)
    assert "All that was announced is there." in done
    assert f"/{workspace.slug}/boards/" in done
    assert not upload_path(workspace.id, row.pk).exists()
    assert adam.client.get(page(workspace)).status_code == 200

    assert adam.client.post(page(workspace, f"{row.pk}/undo")).status_code == 302
    carry_on(workspace.id, row.pk)
    assert "has been removed" in shown(workspace, row)
    assert not_written(workspace)
    assert found(workspace, row.pk).undone_by_id == adam.id


def not_written(workspace: Workspace) -> bool:
    with workspace.told():
        people = Membership.objects.filter(tenant_id=workspace.id, user=None)
        return not (Board.objects.filter(tenant_id=workspace.id).exists() or people.exists())


def test_answers_only_the_changing_part_to_the_script(workspace: Workspace) -> None:
    row = upload(workspace, exports.board())
    part = workspace.owner.client.get(page(workspace, f"{row.pk}/"), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="import"')
    assert 'hx-trigger="every 1s"' in part
    carry_on(workspace.id, row.pk)
    part = workspace.owner.client.get(page(workspace, f"{row.pk}/"), headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in part


def test_takes_a_file_in_slices(workspace: Workspace) -> None:
    body = json.dumps(exports.board(), ensure_ascii=False).encode()
    address = page(workspace, f"slices/{uuid.uuid4()}?name=%EB%B3%B4%EB%93%9C.json")
    half = len(body) // 2
    first = put(workspace.owner, address, body[:half], 0, len(body))
    assert (first.status_code, first.json()) == (200, {"offset": half})
    again = put(workspace.owner, address, body[:half], 0, len(body))
    assert (again.status_code, again.json()["error"]["details"]) == (409, {"offset": half})
    last = put(workspace.owner, address, body[half:], half, len(body))
    assert last.status_code == 201
    row = found(workspace, last.json()["location"].rstrip("/").rsplit("/", 1)[-1])
    assert (row.file_name, row.file_size) == ("보드.json", len(body))
    assert upload_path(workspace.id, row.pk).read_bytes() == body


def put(person: Person, address: str, body: bytes, offset: object, total: object) -> Any:
    headers = {"Upload-Offset": str(offset), "Upload-Length": str(total)}
    return person.client.put(address, body, content_type="application/octet-stream", headers=headers)


def test_refuses_sizes_that_make_no_sense(workspace: Workspace, settings: Any) -> None:
    address = page(workspace, f"slices/{uuid.uuid4()}")
    for offset, total in (("", "5"), ("-1", "5"), ("0", "5e9"), ("0", "9" * 30), ("٣", "5")):
        assert put(workspace.owner, address, b"x", offset, total).status_code == 422
    assert put(workspace.owner, address, b"x", 0, 0).status_code == 422
    settings.IMPORT_MAX_BYTES = 10
    assert put(workspace.owner, address, b"x", 0, 11).status_code == 413
    file = SimpleUploadedFile("board.json", b"x" * 11)
    answer = workspace.owner.client.post(page(workspace, "new"), {"file": file})
    assert answer.status_code == 413
    assert "larger than" in answer.content.decode()
    assert workspace.owner.client.post(page(workspace, "new"), {}).status_code == 422
    assert not list(Path(settings.IMPORTS_DIR).glob(f"{workspace.id}/*"))


def test_the_form_asks_for_its_token(workspace: Workspace) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = workspace.owner.client.cookies
    file = SimpleUploadedFile("board.json", b"{}")
    assert strict.post(page(workspace, "new"), {"file": file}).status_code == 403
    assert put_raw(strict, page(workspace, f"slices/{uuid.uuid4()}")).status_code == 403


def put_raw(client: Client, address: str) -> Any:
    return client.put(address, b"x", content_type="application/octet-stream")


def test_says_why_a_file_is_refused(workspace: Workspace) -> None:
    row = upload(workspace, '{"hello": "world"}')
    carry_on(workspace.id, row.pk)
    assert "not a Trello board" in shown(workspace, row)
    assert not upload_path(workspace.id, row.pk).exists()
    workspace.owner.client.cookies["tika_language"] = "ko"
    assert workspace.owner.client.post(page(workspace, f"{row.pk}/discard")).status_code == 302
    with workspace.told():
        assert not Import.objects.filter(tenant_id=workspace.id).exists()


def test_starts_an_import_once(workspace: Workspace, adam: Person) -> None:
    row = upload(workspace, exports.board())
    carry_on(workspace.id, row.pk)
    for person in (adam, workspace.owner):
        assert person.client.post(page(workspace, f"{row.pk}/start")).status_code == 302
    carry_on(workspace.id, row.pk)
    assert workspace.owner.client.post(page(workspace, f"{row.pk}/start")).status_code == 302
    assert found(workspace, row.pk).state == State.DONE
    assert workspace.owner.client.post(page(workspace, f"{row.pk}/discard")).status_code == 302
    assert found(workspace, row.pk).state == State.DONE


def test_a_placeholder_becomes_a_member(workspace: Workspace, mia: Person) -> None:
    row = upload(workspace, exports.board())
    carry_on(workspace.id, row.pk)
    workspace.owner.client.post(page(workspace, f"{row.pk}/start"))
    carry_on(workspace.id, row.pk)
    with workspace.told():
        people = {person.name: person for person in Membership.objects.filter(tenant_id=workspace.id, user=None)}
    form = {str(people["김 철수"].pk): str(mia.id), str(people["Lee"].pk): str(mia.id), str(uuid.uuid4()): "x"}
    assert workspace.owner.client.post(page(workspace, f"{row.pk}/people"), form).status_code == 302
    with workspace.told():
        ticket = Ticket.objects.get(tenant_id=workspace.id, title="First")
        assert ticket.assignee_numbers == [mia.member.number]
        assert TicketAssignee.objects.get(tenant_id=workspace.id).membership_id == mia.id
        assert Comment.objects.get(tenant_id=workspace.id).author_id == mia.id
        assert not Membership.objects.filter(tenant_id=workspace.id, user=None, is_active=True).exists()
    again = upload(workspace, exports.board(cards=[exports.card(150, "New", idMembers=[exports.KIM])], actions=[]))
    carry_on(workspace.id, again.pk)
    workspace.owner.client.post(page(workspace, f"{again.pk}/start"))
    carry_on(workspace.id, again.pk)
    with workspace.told():
        assert Ticket.objects.get(tenant_id=workspace.id, title="New").assignee_numbers == [mia.member.number]
    for one in (again, row):
        workspace.owner.client.post(page(workspace, f"{one.pk}/undo"))
        carry_on(workspace.id, one.pk)
    with workspace.told():
        assert not Membership.objects.filter(tenant_id=workspace.id, user=None).exists()
        assert Membership.objects.filter(tenant_id=workspace.id).count() == 4


def test_is_for_admins_and_owners(workspace: Workspace, mia: Person, vic: Person, zoe: Person) -> None:
    row = upload(workspace, exports.board())
    addresses = [page(workspace), page(workspace, "new"), page(workspace, f"{row.pk}/")]
    posts = [page(workspace, f"{row.pk}/{verb}") for verb in ("start", "undo", "discard", "people")]
    for person, status in ((mia, 403), (vic, 403), (zoe, 404)):
        assert [person.client.get(address).status_code for address in addresses] == [status] * 3
        assert [person.client.post(address).status_code for address in posts] == [status] * 4
        assert put(person, page(workspace, f"slices/{uuid.uuid4()}"), b"x", 0, 1).status_code == status
    assert Client().get(addresses[0]).status_code == 302
    own = f"/{zoe.member.tenant_slug}/imports/{row.pk}/"
    assert zoe.client.get(own).status_code == 404
    assert zoe.client.post(own + "start").status_code == 404
    assert found(workspace, row.pk).state == State.UPLOADED


def test_speaks_korean(workspace: Workspace) -> None:
    user = workspace.owner.user
    user.language = "ko"
    user.save()
    row = upload(workspace, exports.board())
    assert row.language == "ko"


def test_forgets_uploads_that_were_broken_off(workspace: Workspace, tmp_path: Path) -> None:
    put(workspace.owner, page(workspace, f"slices/{(name := uuid.uuid4())}"), b"x", 0, 5)
    part = part_path(name, workspace.owner.member)
    forget_abandoned()
    assert part.exists()
    long_ago = (timezone.now() - timedelta(days=2)).timestamp()
    os.utime(part, (long_ago, long_ago))
    forget_abandoned()
    assert not part.exists()


@pytest.mark.parametrize("name", ["<script>alert(1)</script>.json", "../../etc/passwd", "가" * 400])
def test_shows_a_strange_file_name_as_text(name: str, workspace: Workspace) -> None:
    address = page(workspace, f"slices/{uuid.uuid4()}?name={name}")
    body = b"{}"
    location = put(workspace.owner, address, body, 0, len(body)).json()["location"]
    answer = workspace.owner.client.get(location).content.decode()
    assert "<script>alert(1)" not in answer
