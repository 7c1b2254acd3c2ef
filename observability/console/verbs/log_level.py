"""Raises one logger for a while, in all processes, to look into something (guide 2.1: "debug, when needed")."""

import re
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models.operator import Operator
from observability.console.models import LogLevel
from observability.logs.levels import LEVELS
from tenancy.errors import Invalid
from tenancy.operators import OPERATORS_ID

LONGEST = timedelta(hours=1)
LOGGER = re.compile(r"[A-Za-z_]\w{0,40}(?:\.\w{1,40}){0,6}", re.ASCII)
MOST = 50


def set_level(logger: str, level: str, ttl: timedelta, *, by: Operator) -> LogLevel:
    """In force in every process within five seconds, and over after `ttl`. Another call for the logger replaces it.

    Raises Invalid: a logger's name that is none, an unknown level, a time that is not positive or above an hour.
    """
    if not LOGGER.fullmatch(logger) or len(logger) > 100:
        raise Invalid.field("logger", _("This is no logger's name. Write it as in the log, for example tika.request."))
    if level not in LEVELS:
        raise Invalid.field("level", _("The level must be one of: %(levels)s.") % {"levels": ", ".join(LEVELS)})
    if not timedelta(0) < ttl <= LONGEST:
        raise Invalid.field("ttl", _("Choose a time of one second to one hour."))
    now = timezone.now()
    LogLevel.objects.filter(tenant_id=OPERATORS_ID, until__lte=now).delete()
    others = LogLevel.objects.filter(tenant_id=OPERATORS_ID).exclude(logger=logger)
    if others.count() >= MOST:
        raise Invalid.field("logger", _("Too many loggers are changed already. Wait until one of them goes back."))
    values = {"level": level, "until": now + ttl}
    return LogLevel.objects.update_or_create(tenant_id=OPERATORS_ID, logger=logger, defaults=values)[0]


def end(level_id: UUID, *, by: Operator) -> None:
    """Before its time; each process goes back within five seconds. One that is over already is no matter."""
    LogLevel.objects.filter(tenant_id=OPERATORS_ID, pk=level_id).delete()
