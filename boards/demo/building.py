"""Builds the demo board with the verbs that people use, so that it has a history."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from boards.demo.content import ABOUT, BOARD, COLUMNS, DONE, KEY, LABELS, PEOPLE, TODO, TOUR, DemoTicket
from boards.demo.work import WORK
from boards.models import Board
from boards.verbs import boards, checklists, columns, comments, labels, tickets
from tenancy.context import Actor, tell
from tenancy.identity import Member
from tenancy.verbs import members

TICKED = "x "


@dataclass(frozen=True)
class Scene:
    owner: Member
    people: dict[str, Member]
    columns: dict[str, uuid.UUID]
    labels: dict[str, uuid.UUID]

    def acts(self, member: Member) -> Member:
        """From here on the log names this person."""
        tell(member.tenant_id, actor=Actor("user", str(member.id)))
        return member


def build(owner: Member, *, today: date) -> Board:
    """Within the owner's transaction."""
    board = boards.create(BOARD, key=KEY, description=ABOUT, with_columns=False, by=owner)
    made = {
        name: columns.create(board.pk, name, category=category, colour=colour, wip_limit=limit, by=owner).pk
        for name, category, colour, limit in COLUMNS
    }
    known = {name: labels.create(board.pk, name=name, colour=colour, by=owner).pk for name, colour in LABELS.items()}
    scene = Scene(owner, {name: placeholder(name, owner) for name in PEOPLE}, made, known)
    for ticket in (*TOUR, *WORK):
        add(ticket, scene, today)
    scene.acts(owner)
    return board


def placeholder(name: str, owner: Member) -> Member:
    """Somebody who has not signed up yet, as an import would bring."""
    person = members.add(owner.tenant_id, name=name)
    return replace(owner, id=person.pk, number=person.number, name=name, role=person.role)


def add(ticket: DemoTicket, scene: Scene, today: date) -> None:
    author = scene.people[ticket.people[0]] if ticket.people else scene.owner
    by = scene.acts(author)
    # Work that is done has come a long way.
    first = TODO if ticket.column == DONE else ticket.column
    draft = tickets.Draft(
        title=ticket.title,
        column=scene.columns[first],
        description=ticket.text,
        priority=ticket.priority,
        start_on=day(today, ticket.start),
        due_on=day(today, ticket.due),
        estimate=None if ticket.estimate is None else Decimal(ticket.estimate),
        labels=[scene.labels[name] for name in ticket.labels],
        assignees=[scene.people[name].id for name in ticket.people],
    )
    ticket_id = tickets.create(draft, by=by)
    for name, items in ticket.checklists.items():
        add_checklist(ticket_id, name, items, by=by)
    if ticket.column == DONE:
        tickets.move(ticket_id, scene.columns[DONE], by=by)
    for name, text in ticket.comments:
        comments.create(ticket_id, text, by=scene.acts(scene.people[name]))


def add_checklist(ticket_id: uuid.UUID, name: str, items: Sequence[str], *, by: Member) -> None:
    checklist = checklists.create(ticket_id, name, by=by)
    for text in items:
        item = checklists.add_item(checklist, text.removeprefix(TICKED), by=by)
        if text.startswith(TICKED):
            checklists.change_item(item, {"is_done": True}, by=by)


def day(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)
