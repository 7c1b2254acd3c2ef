"""What has left this site, and what would leave it now."""

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from observability.console.models import Mark
from observability.console.telemetry.fields import ALLOWED, Field
from observability.console.telemetry.payload import payload
from observability.console.telemetry.sending import NAME, TAKEN
from tenancy.operators import OPERATORS_ID

SHOWN = timedelta(days=30)
SAID = re.compile(r"(\d+) bytes, sha256 ([0-9a-f]{64})(?:, (.*))?", re.DOTALL)


@dataclass(frozen=True)
class Now:
    """`body` is what would leave, to the byte."""

    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("ascii")

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def as_address(self) -> str:
        """For a link that hands out these very bytes: asked again they could be others."""
        return f"data:application/json;base64,{base64.b64encode(self.body).decode()}"

    @property
    def rows(self) -> list[tuple[str, Any, Field]]:
        """(name, value or None, what it is): the whole list, whether there is a value or not."""
        values = json.loads(self.body)
        return [(name, values.get(name), field) for name, field in ALLOWED.items()]


@dataclass(frozen=True)
class Sent:
    """`outcome` is empty while nobody knows it, or did not live to tell."""

    at: datetime
    bytes: int
    sha256: str
    outcome: str

    @property
    def was_taken(self) -> bool:
        return self.outcome == TAKEN


def now() -> Now:
    """In the operators' transaction."""
    return Now(payload())


def sent() -> list[Sent]:
    """The newest first."""
    mine = Mark.objects.filter(tenant_id=OPERATORS_ID, name=NAME, at__gt=timezone.now() - SHOWN)
    rows = ((at, SAID.fullmatch(detail)) for detail, at in mine.order_by("-at").values_list("detail", "at"))
    return [Sent(at, int(said[1]), said[2], said[3] or "") for at, said in rows if said]


def last_sent() -> Sent | None:
    """Of any time."""
    mark = Mark.objects.filter(tenant_id=OPERATORS_ID, name=NAME).order_by("-at").first()
    said = SAID.fullmatch(mark.detail) if mark else None
    return Sent(mark.at, int(said[1]), said[2], said[3] or "") if mark and said else None


def by_day(found: list[Sent]) -> list[tuple[date, int]]:
    """(day, bytes that were taken) of these days, empty ones included."""
    today = timezone.localdate()
    days = {today - timedelta(days=back): 0 for back in range(SHOWN.days - 1, -1, -1)}
    for one in found:
        day = timezone.localdate(one.at)
        if one.was_taken and day in days:
            days[day] += one.bytes
    return list(days.items())
