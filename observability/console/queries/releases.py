"""What the last look for a newer version found (`manage.py check_release`); nothing is looked up here."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from observability.console.models import Mark
from observability.console.version import number
from tenancy.operators import OPERATORS_ID

NAME = "releases"
# An old list may be one that somebody holds back a newer one behind.
STALE = timedelta(days=60)
PAIR = re.compile(r"([a-z]+)=(\S+)")


@dataclass(frozen=True)
class Look:
    """`newest` is empty where the list could not be believed; `listed` is when it was made."""

    at: datetime
    newest: str
    date: str
    listed: datetime | None

    @property
    def is_newer(self) -> bool:
        return bool(self.newest) and number(self.newest) > number(settings.VERSION)

    @property
    def is_stale(self) -> bool:
        return self.listed is not None and timezone.now() - self.listed > STALE


def last_look() -> Look | None:
    mark = Mark.objects.filter(tenant_id=OPERATORS_ID, kind=Mark.Kind.OTHER, name=NAME).order_by("-at").first()
    if mark is None:
        return None
    said = dict(PAIR.findall(mark.detail))
    listed = parse_datetime(said.get("listed", ""))
    return Look(mark.at, said.get("newest", ""), said.get("of", ""), listed)
