"""After the last fact: what refers to something that is not in the file is mended or counted as lost."""

from django.utils.translation import gettext as _

from boards.importers.tally import Tally
from boards.importers.trello.scratch import Scratch

HISTORY_LIMIT = 1000
NO_LIST = "-"

BIRTH_SQL = """UPDATE cards SET
    created = (SELECT at FROM births b WHERE b.n = cards.n AND b.card = cards.id),
    creator = coalesce(nullif(creator, ''), (SELECT person FROM births b WHERE b.n = cards.n AND b.card = cards.id))
    WHERE n = ?"""
CLOSED_SQL = """UPDATE {0} SET closed_at = coalesce(closed_at,
    (SELECT at FROM closings c WHERE c.n = {0}.n AND c.id = {0}.id)) WHERE n = ? AND closed"""
MISSING_LISTS_SQL = """SELECT list, count(*) FROM cards
    WHERE n = ?1 AND list NOT IN (SELECT id FROM lists WHERE n = ?1) GROUP BY list ORDER BY list"""
DROP_SQL = """DELETE FROM {table} WHERE n = ?
    AND NOT EXISTS (SELECT 1 FROM {other} o WHERE o.n = {table}.n AND o.id = {table}.{key})"""
# In this order: an item's checklist goes with the card.
REFERENCES = (
    ("checklists", "cards", "card", "checklists", "ticket_gone"),
    ("items", "checklists", "checklist", "checklist_items", "checklist_gone"),
    ("comments", "cards", "card", "comments", "ticket_gone"),
    ("moves", "cards", "card", "moves", "ticket_gone"),
    ("card_labels", "labels", "label", "labels_on_tickets", "label_gone"),
    ("card_people", "people", "person", "assignments", "person_gone"),
    ("field_values", "fields", "field", "custom_fields", "field_gone"),
)
KEPT_AS_TEXT_SQL = "SELECT count(*) FROM field_values WHERE n = ?"
DETAILED_ITEMS_SQL = "SELECT count(*) FROM items WHERE n = ? AND (due IS NOT NULL OR person != '')"
MOVES_ELSEWHERE_SQL = """SELECT count(*) FROM moves WHERE n = ?1
    AND (before NOT IN (SELECT id FROM lists WHERE n = ?1) OR after NOT IN (SELECT id FROM lists WHERE n = ?1))"""
COMMENTS_TOLD_SQL = "SELECT coalesce(sum(comments), 0) FROM cards WHERE n = ?"
COMMENTS_FOUND_SQL = "SELECT count(*) FROM comments WHERE n = ?"
UNBORN_SQL = """SELECT count(*) FROM cards c
    WHERE n = ? AND NOT EXISTS (SELECT 1 FROM births b WHERE b.n = c.n AND b.card = c.id)"""
UNUSED_NAMES_SQL = """SELECT count(*) FROM label_names s
    WHERE n = ? AND NOT EXISTS (SELECT 1 FROM labels l WHERE l.n = s.n AND l.name = s.name)"""
# Of the people only the history names, those who left something behind stay.
FORMER_SQL = """DELETE FROM people WHERE n = ?1 AND former AND id NOT IN (
    SELECT person FROM comments WHERE n = ?1 UNION SELECT person FROM moves WHERE n = ?1
    UNION SELECT creator FROM cards WHERE n = ?1 AND creator NOT NULL
    UNION SELECT person FROM attachments WHERE n = ?1 UNION SELECT person FROM card_people WHERE n = ?1)"""


def settle(scratch: Scratch, n: int, tally: Tally, *, actions: int) -> None:
    """`actions` is how many the file has of this board."""
    scratch.run("CREATE INDEX IF NOT EXISTS comments_card ON comments (n, card)")
    _find_columns(scratch, n, tally)
    scratch.run(BIRTH_SQL, n)
    for table in ("lists", "cards"):
        scratch.run(CLOSED_SQL.format(table), n)
    for table, other, key, kind, code in REFERENCES:
        tally.lose(kind, code, scratch.run(DROP_SQL.format(table=table, other=other, key=key), n))
    tally.change("custom_fields", "as_text", scratch.one(KEPT_AS_TEXT_SQL, n))
    tally.change("checklist_items", "details_as_text", scratch.one(DETAILED_ITEMS_SQL, n))
    tally.change("moves", "column_gone", scratch.one(MOVES_ELSEWHERE_SQL, n))
    _count_cut_history(scratch, n, tally, actions)
    if not scratch.one("SELECT 1 FROM labels WHERE n = ? AND of_board", n):
        tally.lose("labels", "unused_name", scratch.one(UNUSED_NAMES_SQL, n))
    scratch.run(FORMER_SQL, n)


def _find_columns(scratch: Scratch, n: int, tally: Tally) -> None:
    """A card whose list is missing keeps its column where the history still names it, and else gets a common one."""
    last = scratch.one("SELECT max(pos) FROM lists WHERE n = ?", n) or 0.0
    for place, (ident, cards) in enumerate(list(scratch.rows(MISSING_LISTS_SQL, n)), start=1):
        name = scratch.one("SELECT name FROM seen_lists WHERE n = ? AND id = ?", n, ident)
        tally.change("tickets", "list_named_by_history" if name else "list_unknown", cards)
        if name:
            scratch.add("lists", n, ident, name, last + place, 0, None, None, "gray")
        else:
            scratch.add("lists", n, NO_LIST, _("Without a list"), last + 1_000_000, 0, None, None, "gray")
            scratch.run("UPDATE cards SET list = ? WHERE n = ? AND list = ?", NO_LIST, n, ident)


def _count_cut_history(scratch: Scratch, n: int, tally: Tally, actions: int) -> None:
    """An export's history ends at a thousand actions; the cards' own counts tell how many comments there were."""
    is_cut = actions >= HISTORY_LIMIT
    missing = scratch.one(COMMENTS_TOLD_SQL, n) - scratch.one(COMMENTS_FOUND_SQL, n)
    tally.lose("comments", "history_limit" if is_cut else "not_in_file", missing)
    if is_cut:
        tally.lose("history", "history_limit", scratch.one(UNBORN_SQL, n))
