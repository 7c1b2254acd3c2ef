"""How a month went against what the contract says. Of the tenant that the transaction was told.

Days are those of UTC, as they were rolled up: the present day is ten minutes behind at most.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from observability.slo.budget import Counts, total
from observability.slo.models import SliDay
from observability.slo.objective import objectives
from tenancy.errors import Invalid

AVAILABILITY = "availability"
MONTH = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])", re.ASCII)
EVERYBODY_SQL = "SELECT slug, good, valid, planned_good, planned_valid FROM slo_agreements(%s, %s) ORDER BY slug"


@dataclass(frozen=True)
class Month:
    """`days` are [(day, what counts)]; `planned` fell into announced maintenance and counts for nothing."""

    first: date
    days: list[tuple[date, Counts]]
    planned: Counts

    @property
    def counts(self) -> Counts:
        return total(counts for _day, counts in self.days)

    @property
    def target(self) -> float:
        return objectives().agreement.availability

    @property
    def is_kept(self) -> bool | None:
        """None is insufficient data."""
        share = self.counts.share
        return None if share is None else share >= self.target

    @property
    def is_over(self) -> bool:
        return self.after <= datetime.now(UTC).date()

    @property
    def after(self) -> date:
        return following(self.first)


def following(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def parse_month(text: str) -> date:
    """The first day of "2026-11". Raises Invalid."""
    if found := MONTH.fullmatch(text):
        return date(int(found[1]), int(found[2]), 1)
    raise Invalid.field("month", _("A month is written as 2026-11."))


def this_month() -> date:
    return datetime.now(UTC).date().replace(day=1)


def month_of(tenant_id: uuid.UUID, first: date) -> Month:
    rows = SliDay.objects.filter(tenant_id=tenant_id, sli=AVAILABILITY, day__gte=first, day__lt=following(first))
    found = list(rows.order_by("day"))
    days = [(row.day, Counts(row.good - row.planned_good, row.valid - row.planned_valid)) for row in found]
    return Month(first, days, total(Counts(row.planned_good, row.planned_valid) for row in found))


def months_of(tenant_id: uuid.UUID, *, count: int = 12) -> list[Month]:
    """Those in which anything was counted, the newest first."""
    first, months = this_month(), []
    for _number in range(count):
        months.append(month_of(tenant_id, first))
        first = (first - timedelta(days=1)).replace(day=1)
    return [month for month in months if month.days]


def everybodys(first: date) -> list[tuple[str, Month]]:
    """[(a workspace's address, its month)], for the operators: the transaction must have been told their workspace."""
    with connection.cursor() as cursor:
        cursor.execute(EVERYBODY_SQL, [first, following(first)])
        return list(as_months(first, cursor.fetchall()))


def as_months(first: date, rows: Iterable[Any]) -> Iterable[tuple[str, Month]]:
    for slug, good, valid, planned_good, planned_valid in rows:
        planned = Counts(planned_good, planned_valid)
        yield slug, Month(first, [(first, Counts(good - planned_good, valid - planned_valid))], planned)
