"""The boards of a workspace at a glance."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from boards.models import Board, Ticket
from boards.models.column import Category
from tenancy.identity import Member


@dataclass(frozen=True)
class Share:
    """A category's part of a board's open tickets; `start` and `width` in percent."""

    category: str
    name: str
    count: int
    start: float
    width: float


def boards_of(member: Member) -> list[Board]:
    """Those in use, each with `shares` and `open_count`."""
    boards = list(Board.objects.visible_to(member).filter(archived_at=None).order_by("name", "id"))
    counts = counts_of(member.tenant_id, [board.pk for board in boards])
    for board in boards:
        board.shares = shares(counts[board.pk])  # type: ignore[attr-defined]
        board.open_count = sum(counts[board.pk].values())  # type: ignore[attr-defined]
    return boards


def archived_boards(member: Member) -> Iterable[Board]:
    return Board.objects.visible_to(member).exclude(archived_at=None).order_by("name", "id")


def trashed_boards(member: Member) -> Iterable[Board]:
    """For those who may bring them back, who see every board."""
    return Board.objects.filter(tenant_id=member.tenant_id).exclude(trashed_at=None).order_by("name", "id")


def counts_of(tenant_id: uuid.UUID, board_ids: list[Any]) -> dict[Any, dict[str, int]]:
    """{board: {category: open tickets}}"""
    shown = Ticket.objects.filter(
        tenant_id=tenant_id, board_id__in=board_ids, archived_at=None, trashed_at=None, column__archived_at=None
    )
    counts: dict[Any, dict[str, int]] = defaultdict(dict)
    for board, category, count in shown.values_list("board_id", "column__category").annotate(count=Count("id")):
        counts[board][category] = count
    return counts


def shares(counts: dict[str, int]) -> list[Share]:
    total, start, found = sum(counts.values()), 0.0, []
    for category in Category:
        count = counts.get(category, 0)
        if count:
            width = 100 * count / total
            found.append(Share(category.value, str(category.label), count, round(start, 3), round(width, 3)))
            start += width
    return found
