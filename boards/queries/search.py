"""Search over the boards a person may see: ranking in PostgreSQL, the passage and its marks here."""

import re
import unicodedata
import uuid
from typing import Any

from django.db import connection

from boards.queries.visible import VISIBLE, reader_of
from tenancy.identity import Member

MOST_WORDS = 8
BEFORE, PASSAGE = 30, 160

# The ids come ranked from `boards_search`; what is shown of them is read again under the wall. LIMIT 1 has each looked
# up by its id: left to itself the planner joins with every ticket of the workspace.
SEARCH_SQL = f"""
WITH seen AS (SELECT array_agg(b.id) AS ids FROM boards_board b
    WHERE b.tenant_id = %(tenant)s AND {VISIBLE} AND (%(board)s::uuid IS NULL OR b.id = %(board)s)),
hits AS MATERIALIZED (
    SELECT s.ticket_id, s.score FROM seen, boards_search(%(words)s, seen.ids, %(limit)s, %(offset)s) s)
SELECT t.id, t.key, t.number, t.title, t.board_id, t.board_key, t.board_name, t.column_id, t.column_name,
       t.is_archived, h.score, t.description,
       (SELECT array_agg(x.body ORDER BY x.created_at DESC) FROM boards_comment x
        WHERE x.tenant_id = %(tenant)s AND x.ticket_id = t.id AND NOT h.score >= 3),
       (SELECT array_agg(x.text) FROM boards_checklistitem x
        WHERE x.tenant_id = %(tenant)s AND x.ticket_id = t.id AND NOT h.score >= 3),
       (SELECT array_agg(x.name) FROM boards_attachment x
        WHERE x.tenant_id = %(tenant)s AND x.ticket_id = t.id AND NOT h.score >= 3)
FROM hits h CROSS JOIN LATERAL (
    SELECT t.id, b.key || '-' || t.number AS key, t.number, t.title, t.description, t.updated_at, b.id AS board_id,
           b.key AS board_key, b.name AS board_name, c.id AS column_id, c.name AS column_name,
           t.archived_at IS NOT NULL OR c.archived_at IS NOT NULL AS is_archived
    FROM boards_ticket t
    JOIN boards_board b ON b.tenant_id = t.tenant_id AND b.id = t.board_id
    JOIN boards_column c ON c.tenant_id = t.tenant_id AND c.board_id = t.board_id AND c.id = t.column_id
    WHERE t.tenant_id = %(tenant)s AND t.id = h.ticket_id AND t.trashed_at IS NULL LIMIT 1) t
ORDER BY h.score DESC, t.updated_at DESC, t.id
"""  # noqa: S608 - VISIBLE is a constant


def fold(text: str) -> str:
    """As `boards_fold` in the database."""
    return unicodedata.normalize("NFKC", text).lower()


def search(query: str, *, board_id: uuid.UUID | None, limit: int, offset: int, by: Member) -> list[dict[str, Any]]:
    """Best first: [{"ticket": {...}, "in": "title|description|comment|checklist|attachment", "highlight":
    [[text, is a match], ...]}]. Nothing for a query without a letter."""
    words = list(dict.fromkeys(fold(query).split()))[:MOST_WORDS]
    if not words:
        return []
    given = {**reader_of(by), "words": words, "board": board_id, "limit": limit, "offset": offset}
    with connection.cursor() as cursor:
        cursor.execute(SEARCH_SQL, given)
        return [as_hit(row, words) for row in cursor.fetchall()]


def as_hit(row: tuple[Any, ...], words: list[str]) -> dict[str, Any]:
    names = ("id", "key", "number", "title")
    where = {"id": row[4], "key": row[5], "name": row[6]}
    ticket = dict(zip(names, row[:4], strict=True))
    ticket |= {"board": where, "column": {"id": row[7], "name": row[8]}, "archived": row[9]}
    texts = [("title", [row[3]]), ("description", [row[11]]), ("comment", row[12]), ("checklist", row[13])]
    texts.append(("attachment", row[14]))
    found = next(((kind, text) for kind, many in texts for text in many or [] if holds(text, words)), ("title", row[3]))
    return {"ticket": ticket, "in": found[0], "highlight": marked(passage(found[1], words), words)}


def holds(text: str, words: list[str]) -> bool:
    return any(word in fold(text) for word in words)


def pattern_of(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)


def passage(text: str, words: list[str]) -> str:
    """The part around the first match, on one line."""
    shown = " ".join(unicodedata.normalize("NFC", text).split())
    match = pattern_of(words).search(shown)
    start = max(0, match.start() - BEFORE) if match else 0
    cut = shown[start : start + PASSAGE]
    return ("…" if start else "") + cut + ("…" if start + PASSAGE < len(shown) else "")


def marked(text: str, words: list[str]) -> list[tuple[str, bool]]:
    parts: list[tuple[str, bool]] = []
    end = 0
    for match in pattern_of(words).finditer(text):
        if match.start() > end:
            parts.append((text[end : match.start()], False))
        parts.append((match[0], True))
        end = match.end()
    if end < len(text):
        parts.append((text[end:], False))
    return parts
