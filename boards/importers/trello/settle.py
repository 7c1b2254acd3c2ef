"""After the last fact: what refers to something that is not in the file is mended where it can be, else counted as lost."""

from django.utils.translation import gettext as _

from boards.importers.tally import Tally
from boards.importers.trello.scratch import Scratch

HISTORY_LIMIT = 1000
NO_LIST = "-"

GONE = """{table} WHERE n = ? AND NOT EXISTS (SELECT 1 FROM {other} o WHERE o.n = {table}.n AND o.id = {table}.{key})"""


def settle(scratch: Scratch, n: int, tally: Tally, *, actions: int) -> None:
    scratch.run("CREATE INDEX IF NOT EXISTS comments_card ON comments (n, card)")
    _find_columns(scratch, n, tally)
    scratch.run(
        "UPDATE cards SET created = (SELECT at FROM births b WHERE b.n = cards.n AND b.card = cards.id),"
        " creator = coalesce(nullif(creator, ''), (SELECT person FROM births b WHERE b.n = cards.n AND b.card = cards.id))"
        " WHERE n = ?",
        n,
    )
    for table in ("lists", "cards"):
        scratch.run(
            f"UPDATE {table} SET closed_at = coalesce(closed_at,"  # noqa: S608
            f" (SELECT at FROM closings c WHERE c.n = {table}.n AND c.id = {table}.id)) WHERE n = ? AND closed",
            n,
        )
    _drop_dangling(scratch, n, tally)
    _count_missing_comments(scratch, n, tally, actions)
    _former_people(scratch, n)
    unused = "SELECT count(*) FROM label_names s WHERE n = ? AND NOT EXISTS (SELECT 1 FROM labels l WHERE l.n = s.n AND l.name = s.name)"
    if not scratch.one("SELECT 1 FROM labels WHERE n = ? AND place < 1000000", n):
        tally.lose("labels", "unused_name", scratch.one(unused, n))


def _find_columns(scratch: Scratch, n: int, tally: Tally) -> None:
    """A card whose list is missing keeps its column where the history still names it, and else gets a common one."""
    missing = list(scratch.rows("SELECT list, count(*) FROM cards WHERE n = ? AND list NOT IN (SELECT id FROM lists WHERE n = ?) GROUP BY list ORDER BY list", n, n))
    last = scratch.one("SELECT max(pos) FROM lists WHERE n = ?", n) or 0.0
    for place, (ident, cards) in enumerate(missing, start=1):
        name = scratch.one("SELECT name FROM seen_lists WHERE n = ? AND id = ?", n, ident)
        tally.change("tickets", "list_named_by_history" if name else "list_unknown", cards)
        if name:
            scratch.add("lists", n, ident, name, last + place, 0, None, None, "gray")
            continue
        scratch.add("lists", n, NO_LIST, _("Without a list"), last + len(missing) + 1, 0, None, None, "gray")
        scratch.run("UPDATE cards SET list = ? WHERE n = ? AND list = ?", NO_LIST, n, ident)


def _drop_dangling(scratch: Scratch, n: int, tally: Tally) -> None:
    """In this order: an item's checklist goes with the card."""
    for table, other, key, kind, code in (
        ("checklists", "cards", "card", "checklists", "ticket_gone"),
        ("items", "checklists", "checklist", "checklist_items", "checklist_gone"),
        ("comments", "cards", "card", "comments", "ticket_gone"),
        ("moves", "cards", "card", "moves", "ticket_gone"),
        ("card_labels", "labels", "label", "labels_on_tickets", "label_gone"),
        ("card_people", "people", "person", "assignments", "person_gone"),
        ("field_values", "fields", "field", "custom_fields", "field_gone"),
    ):
        sql = "DELETE FROM " + GONE.format(table=table, other=other, key=key)
        tally.lose(kind, code, scratch.run(sql, n))
    kept = scratch.one("SELECT count(*) FROM field_values WHERE n = ?", n)
    tally.change("custom_fields", "as_text", kept)
    unknown = (
        "SELECT count(*) FROM moves m WHERE n = ? AND (before NOT IN (SELECT id FROM lists l WHERE l.n = m.n)"
        " OR after NOT IN (SELECT id FROM lists l WHERE l.n = m.n))"
    )
    tally.change("moves", "column_gone", scratch.one(unknown, n))
    marked = "SELECT count(*) FROM items WHERE n = ? AND (due IS NOT NULL OR person != '')"
    tally.change("checklist_items", "details_as_text", scratch.one(marked, n))


def _count_missing_comments(scratch: Scratch, n: int, tally: Tally, actions: int) -> None:
    """T2: an export ends its history at a thousand actions; the cards' own counts tell how many comments there were."""
    told, found = (
        scratch.one(sql, n)
        for sql in ("SELECT coalesce(sum(comments), 0) FROM cards WHERE n = ?", "SELECT count(*) FROM comments WHERE n = ?")
    )
    code = "history_limit" if actions >= HISTORY_LIMIT else "not_in_file"
    tally.lose("comments", code, told - found)
    if actions >= HISTORY_LIMIT:
        unborn = "SELECT count(*) FROM cards c WHERE n = ? AND NOT EXISTS (SELECT 1 FROM births b WHERE b.n = c.n AND b.card = c.id)"
        tally.lose("history", "history_limit", scratch.one(unborn, n))


def _former_people(scratch: Scratch, n: int) -> None:
    """Of the people only the history names, those who left something behind stay."""
    scratch.run(
        "DELETE FROM people WHERE n = ?1 AND former AND id NOT IN (SELECT person FROM comments WHERE n = ?1"
        " UNION SELECT person FROM moves WHERE n = ?1 UNION SELECT creator FROM cards WHERE n = ?1 AND creator NOT NULL"
        " UNION SELECT person FROM attachments WHERE n = ?1 UNION SELECT person FROM card_people WHERE n = ?1)",
        n,
    )
