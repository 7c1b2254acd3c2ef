"""A workspace whose people write Korean, for looking for what is not."""

import uuid
from typing import Any

from django.utils import translation

from boards.verbs import boards, checklists, columns, comments, labels, links, tickets
from tenancy.models import ApiToken, Membership, Tenant
from tenancy.verbs import invitations, tokens
from tests.cast import Scene, make_workspace

NAMES = {"olga": "올가", "mia": "미아", "vic": "빅"}


def shop() -> Scene:
    """A workspace with something in every place, all of it Korean."""
    workspace = make_workspace("Acme", olga="OWNER", mia="MEMBER", vic="VIEWER")
    with translation.override("ko"), workspace.told() as olga:
        Tenant.objects.filter(pk=workspace.id).update(name="가게")
        for name, person in workspace.people.items():
            Membership.objects.filter(tenant_id=workspace.id, pk=person.id).update(name=NAMES[name])
            type(person.user).objects.filter(pk=person.user.pk).update(name=NAMES[name])
        made = boards.create("운영", key="OPS", is_private=True, by=olga)
        boards.give_access(made.pk, workspace.people["vic"].id, by=olga)
        for where, key in (("archived_at", "OLD"), ("trashed_at", "GONE")):
            boards.put_away(boards.create("예전 보드", key=key, by=olga).pk, where, by=olga)
        ApiToken.objects.filter(tenant_id=workspace.id).update(name="읽는 것")
        tokens.create("자동화", scope="write", good_for=None, by=olga)
        invitations.invite("VIEWER", by=olga)
        marks = [labels.create(made.pk, name=name, colour="red", by=olga).pk for name in ("결제", "")]
        lists = {name: columns.create(made.pk, name, category="todo", colour="gray", by=olga).pk for name in "가나다"}
        for number in range(4):
            made_ticket = tickets.create(tickets.Draft(title=f"결제 {number}", column=lists["가"]), by=olga)
            links.replace_labels(made_ticket, made.pk, marks, by=olga)
            links.replace_assignees(made_ticket, made.pk, [olga.id], by=olga)
            fill(made_ticket, lists["나"], by=olga)
        columns.archive(lists["다"], by=olga)
    return Scene(workspace, made.pk, "OPS", {}, marks)


def fill(ticket_id: uuid.UUID, elsewhere: uuid.UUID, *, by: Any) -> None:
    """What a panel and a history can show."""
    comments.create(ticket_id, "확인했습니다.", by=by)
    checklist = checklists.create(ticket_id, "조사", by=by)
    item = checklists.add_item(checklist, "재현하기", by=by)
    checklists.change_item(item, {"is_done": True}, by=by)
    tickets.move(ticket_id, elsewhere, by=by)
