"""What an entry of the log says, as sentences in the reader's language. Pure: values in, text out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from boards.models import Priority

EXCERPT = 120


@dataclass(frozen=True)
class Names:
    """What the ids and numbers in the log are called now."""

    columns: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)  # checklists and their items, by id

    def column(self, the_id: Any) -> str:
        return self.columns.get(str(the_id), _("a deleted column"))

    def row(self, the_id: Any) -> str:
        return self.rows.get(str(the_id), "…")


Changes = Mapping[str, Any]


def sentences(resource: str, action: str, resource_id: Any, changes: Changes, names: Names) -> list[str]:
    """One sentence for each thing an entry changed; none for what people do not care about."""
    before, after = changes.get("before") or {}, changes.get("after") or {}
    tell = TELLERS.get((resource, action))
    return list(tell(before, after, names.row(resource_id), names)) if tell else []


def ticket_created(before: Changes, after: Changes, name: str, names: Names) -> Iterator[str]:
    yield _("created the ticket in “%(column)s”") % {"column": names.column(after.get("column_id"))}


def ticket_changed(before: Changes, after: Changes, name: str, names: Names) -> Iterator[str]:
    if "column_id" in after:
        told = {"before": names.column(before.get("column_id")), "after": names.column(after["column_id"])}
        yield _("moved it from “%(before)s” to “%(after)s”") % told
    elif "rank" in after:
        yield _("moved it within its column")
    if "title" in after:
        yield _("renamed it from “%(before)s” to “%(after)s”") % {"before": before["title"], "after": after["title"]}
    if "description" in after:
        yield described(before["description"], after["description"])
    if "priority" in after:
        told = {"before": str(Priority(before["priority"]).label), "after": str(Priority(after["priority"]).label)}
        yield _("changed the priority from %(before)s to %(after)s") % told
    for column, tell in (("start_on", started), ("due_on", due), ("estimate", estimated)):
        if column in after:
            yield tell(before.get(column), after[column])
    yield from linked(before, after, names)
    yield from put_away(before, after)


def described(before: str, after: str) -> str:
    if not before:
        return _("wrote a description")
    return _("changed the description") if after else _("removed the description")


def due(before: Any, after: Any) -> str:
    if after is None:
        return _("removed the due date, which was %(before)s") % {"before": day(before)}
    if before is None:
        return _("set the due date to %(after)s") % {"after": day(after)}
    return _("moved the due date from %(before)s to %(after)s") % {"before": day(before), "after": day(after)}


def started(before: Any, after: Any) -> str:
    if after is None:
        return _("removed the start date, which was %(before)s") % {"before": day(before)}
    if before is None:
        return _("set the start date to %(after)s") % {"after": day(after)}
    return _("moved the start date from %(before)s to %(after)s") % {"before": day(before), "after": day(after)}


def estimated(before: Any, after: Any) -> str:
    if after is None:
        return _("removed the estimate, which was %(before)s") % {"before": number(before)}
    if before is None:
        return _("estimated it at %(after)s") % {"after": number(after)}
    return _("changed the estimate from %(before)s to %(after)s") % {"before": number(before), "after": number(after)}


def linked(before: Changes, after: Changes, names: Names) -> Iterator[str]:
    if "label_numbers" in after:
        added, removed = difference(before["label_numbers"], after["label_numbers"], names.labels, _("a deleted label"))
        if added:
            yield _("added the label %(names)s") % {"names": added}
        if removed:
            yield _("removed the label %(names)s") % {"names": removed}
    if "assignee_numbers" in after:
        was, now = before["assignee_numbers"], after["assignee_numbers"]
        added, removed = difference(was, now, names.people, _("somebody"))
        if added:
            yield _("assigned %(names)s") % {"names": added}
        if removed:
            yield _("unassigned %(names)s") % {"names": removed}


def difference(was: list[int], now: list[int], names: Mapping[int, str], missing: str) -> tuple[str, str]:
    """(names that came, names that went)"""
    added = [names.get(n, missing) for n in now if n not in was]
    removed = [names.get(n, missing) for n in was if n not in now]
    return quoted(added), quoted(removed)


def quoted(names: list[str]) -> str:
    return ", ".join(_("“%(name)s”") % {"name": name} for name in names)


def put_away(before: Changes, after: Changes) -> Iterator[str]:
    if "archived_at" in after:
        yield _("archived it") if after["archived_at"] else _("took it out of the archive")
    if "trashed_at" in after:
        yield _("put it in the trash") if after["trashed_at"] else _("took it out of the trash")


def item_changed(before: Changes, after: Changes, name: str, names: Names) -> Iterator[str]:
    if "text" in after:
        yield _("changed “%(before)s” to “%(after)s”") % {"before": before["text"], "after": after["text"]}
    if "is_done" in after:
        told = {"item": after.get("text", name)}
        yield _("ticked “%(item)s”") % told if after["is_done"] else _("unticked “%(item)s”") % told


def renamed_checklist(before: Changes, after: Changes, name: str, names: Names) -> Iterator[str]:
    if "name" in after:
        told = {"before": before["name"], "after": after["name"]}
        yield _("renamed the checklist “%(before)s” to “%(after)s”") % told


def edited_comment(before: Changes, after: Changes, name: str, names: Names) -> Iterator[str]:
    if "body" in after:
        yield _("edited a comment: “%(text)s”") % {"text": excerpt(after["body"])}


Tell = Callable[[Changes, Changes, str, Names], Iterator[str]]


def simply(sentence: Callable[[Changes, Changes], str]) -> Tell:
    def tell(before: Changes, after: Changes, name: str, names: Names) -> Iterator[str]:
        yield sentence(before, after)

    return tell


TELLERS: dict[tuple[str, str], Tell] = {
    ("ticket", "CREATE"): ticket_created,
    ("ticket", "UPDATE"): ticket_changed,
    ("comment", "CREATE"): simply(lambda was, now: _("commented: “%(text)s”") % {"text": excerpt(now["body"])}),
    ("comment", "UPDATE"): edited_comment,
    ("comment", "DELETE"): simply(lambda was, now: _("deleted a comment: “%(text)s”") % {"text": excerpt(was["body"])}),
    ("checklist", "CREATE"): simply(lambda was, now: _("added the checklist “%(name)s”") % {"name": now["name"]}),
    ("checklist", "UPDATE"): renamed_checklist,
    ("checklist", "DELETE"): simply(lambda was, now: _("deleted the checklist “%(name)s”") % {"name": was["name"]}),
    ("checklist_item", "CREATE"): simply(lambda was, now: _("added “%(item)s” to a checklist") % {"item": now["text"]}),
    ("checklist_item", "UPDATE"): item_changed,
    ("checklist_item", "DELETE"): simply(
        lambda was, now: _("deleted “%(item)s” from a checklist") % {"item": was["text"]}
    ),
    ("attachment", "CREATE"): simply(lambda was, now: _("attached “%(name)s”") % {"name": now["name"]}),
    ("attachment", "DELETE"): simply(lambda was, now: _("deleted the attachment “%(name)s”") % {"name": was["name"]}),
}


def actor_name(actor_type: str, name: str) -> str:
    """`name` is the member's; an import may not know who it was."""
    if actor_type == "token":
        return pgettext("a person, acting through the API", "%(name)s (API)") % {"name": name or _("Somebody")}
    if actor_type == "system":
        return "Tika"
    return name or _("Somebody")


def excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"


def day(text: str | None) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT") if text else "–"


def number(value: Any) -> str:
    """3.00 is 3"""
    return f"{float(value):g}" if value is not None else "–"
