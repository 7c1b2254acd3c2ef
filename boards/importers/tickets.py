"""The tickets of a board, with their labels and assignees."""

import uuid
from collections import Counter
from typing import Any

from django.db.models import Max

from boards.counts import tickets_created
from boards.importers import draft
from boards.importers.frame import Frame
from boards.importers.known import Kind, fresh
from boards.importers.target import Target, batches
from boards.models import Label, Ticket, TicketAssignee, TicketLabel
from boards.rank import evenly
from tenancy.models import Membership

HIGHEST_NUMBER = 1_000_000


def write_tickets(target: Target, board: draft.Board, frame: Frame) -> dict[str, uuid.UUID]:
    """Our ids of all the board's tickets that are there, by those of the source."""
    tickets = target.seen.alive(Kind.TICKET)
    maker = _Maker(target, board, frame, target.seen.ids(Kind.TICKET))
    categories = {column.source_id: column.category for column in board.columns}
    for batch in batches(fresh(board.tickets, maker.seen)):
        rows = [maker.ticket(ticket) for ticket in batch]
        target.make(Ticket, rows)
        target.make(TicketLabel, maker.links(TicketLabel, "label_id"))
        target.make(TicketAssignee, maker.links(TicketAssignee, "membership_id"))
        made = {ticket.source_id: row.pk for ticket, row in zip(batch, rows, strict=True)}
        target.note(Kind.TICKET, made.items())
        tickets.update(made)
        for category, count in Counter(categories[ticket.column] for ticket in batch).items():
            tickets_created(category, count)
    return tickets


class _Maker:
    def __init__(self, target: Target, board: draft.Board, frame: Frame, seen: set[str]) -> None:
        self.target = target
        self.board = board
        self.frame = frame
        self.seen = seen
        self._ranks = self._ranks_in_order()
        self._numbers = self._ticket_numbers()
        self._label_numbers = target.numbers_of(Label, frame.labels.values())
        self._member_numbers = target.numbers_of(Membership, frame.people.values())
        self._linked: dict[str, list[tuple[uuid.UUID, uuid.UUID]]] = {"label_id": [], "membership_id": []}

    def ticket(self, ticket: draft.Ticket) -> Ticket:
        run, frame = self.target.run, self.frame
        labels = {frame.labels[key]: None for key in ticket.labels if key in frame.labels}
        people = {frame.people[key]: None for key in ticket.assignees if key in frame.people}
        row = Ticket(
            **self.target.common,
            column_id=frame.columns[ticket.column],
            number=self._numbers[ticket.source_id],
            title=ticket.title,
            description=ticket.description,
            start_on=run.day(ticket.start_at),
            due_on=run.day(ticket.due_at),
            rank=self._ranks.pop(ticket.source_id),
            label_numbers=sorted(self._label_numbers[pk] for pk in labels),
            assignee_numbers=sorted(self._member_numbers[pk] for pk in people),
            archived_at=ticket.archived_at,
            created_at=ticket.created_at,
            updated_at=ticket.updated_at,
            created_by_id=frame.people.get(ticket.created_by or ""),
        )
        self._linked["label_id"] += [(row.pk, pk) for pk in labels]
        self._linked["membership_id"] += [(row.pk, pk) for pk in people]
        return row

    def links(self, model: Any, field: str) -> list[Any]:
        """The rows that tie the tickets made since the last call."""
        pairs, self._linked[field] = self._linked[field], []
        return [model(**self.target.common, ticket_id=ticket, **{field: other}) for ticket, other in pairs]

    def _ranks_in_order(self) -> dict[str, str]:
        """A key for each new ticket, in the source's order, below what is in the column already."""
        order: dict[str, list[str]] = {}
        for column, ticket in self.board.order:
            if ticket not in self.seen:
                order.setdefault(column, []).append(ticket)
        last = dict(Ticket.objects.filter(**self.target.common).values_list("column_id").annotate(Max("rank")))
        ranks: dict[str, str] = {}
        for column, ids in order.items():
            ranks.update(zip(ids, evenly(len(ids), after=last.get(self.frame.columns[column])), strict=True))
        return ranks

    def _ticket_numbers(self) -> dict[str, int]:
        """The source's numbers, since people quote them; a ticket without one that is free gets the next."""
        taken = set(Ticket.objects.filter(**self.target.common).values_list("number", flat=True))
        numbers: dict[str, int] = {}
        without = []
        for ticket in fresh(self.board.tickets, self.seen):
            number = ticket.number
            if number is None or number in taken or number > HIGHEST_NUMBER:
                without.append(ticket.source_id)
            else:
                numbers[ticket.source_id] = number
                taken.add(number)
        board = self.target.board
        last = max(board.values_list("last_ticket_number", flat=True).get(), *taken, 0)
        numbers.update({key: last + place for place, key in enumerate(without, start=1)})
        board.update(last_ticket_number=last + len(without))
        return numbers
