"""The scratch database's facts as a draft. Every stream can be read again from its start."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from boards.importers import draft
from boards.importers.trello.facts import born
from boards.importers.trello.scratch import Scratch
from boards.importers.trello.words import category
from boards.importers.values import cut

LABELS_OF = "SELECT label FROM card_labels x WHERE x.n = c.n AND x.card = c.id ORDER BY place"
PEOPLE_OF = "SELECT person FROM card_people x WHERE x.n = c.n AND x.card = c.id ORDER BY place"
CARDS_SQL = f"""
SELECT id, list, title, description, coalesce(created, ''), number, nullif(creator, ''), start, due, closed, closed_at,
    active, (SELECT group_concat(label, char(10)) FROM ({LABELS_OF})),
    (SELECT group_concat(person, char(10)) FROM ({PEOPLE_OF})),
    (SELECT group_concat(text, char(10) || char(10)) FROM notes x WHERE x.n = c.n AND x.card = c.id)
FROM cards c WHERE n = ? ORDER BY coalesce(created, ''), number, id
"""  # noqa: S608 - our own text
FIELDS_SQL = """
SELECT f.name, coalesce(o.text, v.text) FROM field_values v JOIN fields f ON f.n = v.n AND f.id = v.field
LEFT JOIN options o ON o.n = v.n AND o.id = v.option WHERE v.n = ? AND v.card = ? ORDER BY f.pos, f.id
"""
ITEMS_SQL = """
SELECT i.id, l.card, i.checklist, i.text, i.done, substr(i.due, 1, 10), p.name
FROM items i JOIN checklists l ON l.n = i.n AND l.id = i.checklist
LEFT JOIN people p ON p.n = i.n AND p.id = i.person WHERE i.n = ? ORDER BY i.checklist, i.pos, i.id
"""
ATTACHMENTS_SQL = """
SELECT id, card, name, url, at, nullif(person, ''), mime, file != '',
    CASE count(*) OVER (PARTITION BY file) WHEN 1 THEN file ELSE '' END
FROM attachments WHERE n = ? ORDER BY card, pos, id
"""
MOVES_SQL = """
SELECT m.id, m.card, b.id, a.id, m.at, nullif(m.person, '') FROM moves m
LEFT JOIN lists b ON b.n = m.n AND b.id = m.before LEFT JOIN lists a ON a.n = m.n AND a.id = m.after
WHERE m.n = ? ORDER BY m.at, m.id
"""


T = TypeVar("T")


@dataclass(frozen=True)
class Stream(Generic[T]):
    """An iterable that asks the database anew each time."""

    begin: Callable[[], Iterator[T]]

    def __iter__(self) -> Iterator[T]:
        return self.begin()


def board(scratch: Scratch, n: int) -> draft.Board:
    ident, name, description, closed = next(
        scratch.rows("SELECT id, name, description, closed FROM boards WHERE n = ?", n)
    )
    now = datetime.now(UTC)

    def stream(read: Callable[[Scratch, int, datetime], Iterator[Any]]) -> Stream[Any]:
        return Stream(lambda: read(scratch, n, now))

    return draft.Board(
        source_id=ident,
        name=name or _("Untitled"),
        description=description,
        is_archived=bool(closed),
        columns=tuple(_columns(scratch, n, now)),
        labels=tuple(
            draft.Label(*row)
            for row in scratch.rows(
                "SELECT id, name, colour FROM labels WHERE n = ? ORDER BY of_board DESC, place, id", n
            )
        ),
        people=tuple(_people(scratch, n)),
        tickets=stream(_tickets),
        order=stream(_order),
        checklists=stream(_checklists),
        items=stream(_items),
        comments=stream(_comments),
        attachments=stream(_attachments),
        moves=stream(_moves),
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _columns(scratch: Scratch, n: int, now: datetime) -> Iterator[draft.Column]:
    sql = "SELECT id, name, closed, closed_at, wip, colour FROM lists WHERE n = ? ORDER BY pos, id"
    for ident, name, closed, closed_at, wip, colour in scratch.rows(sql, n):
        shut = (_time(closed_at) or now) if closed else None
        yield draft.Column(ident, name or _("Untitled"), category(name), colour, wip, shut)


def _people(scratch: Scratch, n: int) -> Iterator[draft.Person]:
    sql = "SELECT id, name, former FROM people WHERE n = ? ORDER BY former, name, id"
    for ident, name, former in scratch.rows(sql, n):
        yield draft.Person(ident, name or _("Unknown person"), bool(former))


def _tickets(scratch: Scratch, n: int, now: datetime) -> Iterator[draft.Ticket]:
    for row in scratch.rows(CARDS_SQL, n):
        (
            ident,
            column,
            title,
            text,
            created,
            number,
            creator,
            start,
            due,
            closed,
            shut,
            active,
            labels,
            people,
            notes,
        ) = row
        made = _time(created) or born(ident, now) or _time(active) or now
        yield draft.Ticket(
            source_id=ident,
            column=column,
            title=title or _("Untitled"),
            description="\n\n".join(part for part in (text, notes, _custom_fields(scratch, n, ident)) if part),
            created_at=made,
            updated_at=max(made, _time(active) or made),
            number=number,
            created_by=creator,
            start_at=_time(start),
            due_at=_time(due),
            archived_at=(_time(shut) or _time(active) or now) if closed else None,
            labels=tuple(labels.split("\n")) if labels else (),
            assignees=tuple(people.split("\n")) if people else (),
        )


def _custom_fields(scratch: Scratch, n: int, card: str) -> str:
    lines = [f"- **{name or _('Untitled')}**: {text}" for name, text in scratch.rows(FIELDS_SQL, n, card)]
    return "\n".join([f"## {_('Custom fields')}", "", *lines]) if lines else ""


def _order(scratch: Scratch, n: int, now: datetime) -> Iterator[tuple[str, str]]:
    """T4: positions repeat within a list; the id decides then."""
    return scratch.rows("SELECT list, id FROM cards WHERE n = ? ORDER BY list, pos, id", n)


def _checklists(scratch: Scratch, n: int, now: datetime) -> Iterator[draft.Checklist]:
    sql = "SELECT id, card, name FROM checklists WHERE n = ? ORDER BY card, pos, id"
    for ident, card, name in scratch.rows(sql, n):
        yield draft.Checklist(ident, card, name or _("Checklist"))


def _items(scratch: Scratch, n: int, now: datetime) -> Iterator[draft.CheckItem]:
    """An item's own date and person have no field here: they stand behind its text."""
    for ident, card, checklist, text, done, due, person in scratch.rows(ITEMS_SQL, n):
        details = ", ".join(part for part in (due, person) if part)
        told = f"{text or _('Untitled')} ({details})" if details else text or _("Untitled")
        yield draft.CheckItem(ident, card, checklist, cut(told, draft.ITEM_MAX), bool(done))


def _comments(scratch: Scratch, n: int, now: datetime) -> Iterator[draft.Comment]:
    sql = "SELECT id, card, nullif(person, ''), body, at, edited FROM comments WHERE n = ? ORDER BY card, at, id"
    for ident, card, person, body, at, edited in scratch.rows(sql, n):
        yield draft.Comment(ident, card, person, body, _time(at) or now, _time(edited))


def _attachments(scratch: Scratch, n: int, now: datetime) -> Iterator[draft.Attachment]:
    for ident, card, name, url, at, person, mime, is_upload, file in scratch.rows(ATTACHMENTS_SQL, n):
        made = _time(at) or born(ident, now) or now
        yield draft.Attachment(ident, card, name, url, made, person, mime, bool(is_upload), file)


def _moves(scratch: Scratch, n: int, now: datetime) -> Iterator[draft.Move]:
    for ident, card, before, after, at, person in scratch.rows(MOVES_SQL, n):
        yield draft.Move(ident, card, before, after, _time(at) or now, person)
