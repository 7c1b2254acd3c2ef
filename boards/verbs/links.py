"""A ticket's labels and assignees."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from tenancy.errors import Invalid
from tenancy.identity import Member
from tenancy.ids import uuid7


def _insert(query: str, ticket_id: uuid.UUID, board_id: uuid.UUID, wanted: Sequence[uuid.UUID], by: Member) -> int:
    """How many of `wanted` exist; those that are linked already stay."""
    ids = list(dict.fromkeys(wanted))
    given: dict[str, Any] = {
        "tenant": by.tenant_id,
        "board": board_id,
        "ticket": ticket_id,
        "ids": ids,
        "new": [uuid7() for _ in ids],
    }
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return int(cursor.fetchone()[0])


LABELS_SQL = """WITH wanted AS (
    SELECT w.new, l.id FROM unnest(%(ids)s::uuid[], %(new)s::uuid[]) AS w (id, new)
    JOIN boards_label l ON l.tenant_id = %(tenant)s AND l.board_id = %(board)s AND l.id = w.id),
made AS (INSERT INTO boards_ticketlabel (id, tenant_id, board_id, ticket_id, label_id)
    SELECT new, %(tenant)s, %(board)s, %(ticket)s, id FROM wanted
    ON CONFLICT (tenant_id, ticket_id, label_id) DO NOTHING)
SELECT count(*) FROM wanted"""
ASSIGNEES_SQL = """WITH wanted AS (
    SELECT w.new, m.id FROM unnest(%(ids)s::uuid[], %(new)s::uuid[]) AS w (id, new)
    JOIN tenancy_membership m ON m.tenant_id = %(tenant)s AND m.id = w.id),
made AS (INSERT INTO boards_ticketassignee (id, tenant_id, board_id, ticket_id, membership_id)
    SELECT new, %(tenant)s, %(board)s, %(ticket)s, id FROM wanted
    ON CONFLICT (tenant_id, ticket_id, membership_id) DO NOTHING)
SELECT count(*) FROM wanted"""


def link_labels(ticket_id: uuid.UUID, board_id: uuid.UUID, labels: Sequence[uuid.UUID], *, by: Member) -> None:
    if _insert(LABELS_SQL, ticket_id, board_id, labels, by) < len(set(labels)):
        raise Invalid.field("labels", _("This board has no such label."))


def link_assignees(ticket_id: uuid.UUID, board_id: uuid.UUID, people: Sequence[uuid.UUID], *, by: Member) -> None:
    if _insert(ASSIGNEES_SQL, ticket_id, board_id, people, by) < len(set(people)):
        raise Invalid.field("assignees", _("This workspace has no such member."))


def replace_labels(ticket_id: uuid.UUID, board_id: uuid.UUID, labels: Sequence[uuid.UUID], *, by: Member) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM boards_ticketlabel WHERE tenant_id = %s AND ticket_id = %s AND label_id <> ALL (%s::uuid[])",
            [by.tenant_id, ticket_id, list(labels)],
        )
    if labels:
        link_labels(ticket_id, board_id, labels, by=by)


def replace_assignees(ticket_id: uuid.UUID, board_id: uuid.UUID, people: Sequence[uuid.UUID], *, by: Member) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM boards_ticketassignee"
            " WHERE tenant_id = %s AND ticket_id = %s AND membership_id <> ALL (%s::uuid[])",
            [by.tenant_id, ticket_id, list(people)],
        )
    if people:
        link_assignees(ticket_id, board_id, people, by=by)
