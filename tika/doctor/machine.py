"""The machine and what is installed on it."""

import ctypes
import re
import sys
from functools import cache
from importlib import metadata

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from observability.doctor.check import Finding, fail, ok, unknown, warn
from observability.doctor.registry import check
from observability.doctor.stages import Stage

TIMEX_BYTES = 512  # `struct timex` has 208; all zero it only asks
NOT_SYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)
APART, FAR_APART = 0.5, 5.0  # seconds
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", re.MULTILINE)
NAME = re.compile(r"[-_.]+")


@cache
def kernel() -> "ctypes.CDLL | None":
    return ctypes.CDLL(None) if sys.platform == "linux" else None


def kernel_says() -> int | None:
    """What adjtimex(2) answers; None where there is none, or it may not be asked."""
    libc = kernel()
    answer = libc.adjtimex(ctypes.create_string_buffer(TIMEX_BYTES)) if libc is not None else -1
    return None if answer < 0 else int(answer)


def seconds_apart() -> float:
    """PostgreSQL's clock minus this machine's, to about the time of an answer."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        before = timezone.now()
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
        after = timezone.now()
    return float((theirs - (before + (after - before) / 2)).total_seconds())


@check(
    "machine.clock",
    Stage.MVP,
    gettext_lazy("The clocks are right"),
    gettext_lazy("Does the kernel follow a time server (adjtimex), and how far is PostgreSQL’s clock from ours?"),
)
def clock() -> Finding:
    apart, answer = seconds_apart(), kernel_says()
    follows = {None: _("not known"), NOT_SYNCHRONISED: _("no")}.get(answer, _("yes"))
    says = _("%(apart).3f s from PostgreSQL’s clock; follows a time server: %(follows)s") % {
        "apart": apart,
        "follows": follows,
    }
    remedy, advice = "timedatectl set-ntp true", _("Sessions, budgets and the log are kept by these clocks.")
    if abs(apart) > FAR_APART:
        return fail(says, remedy, advice)
    if abs(apart) > APART or answer == NOT_SYNCHRONISED:
        return warn(says, remedy, advice)
    return ok(says)


def same(name: str) -> str:
    return NAME.sub("-", name).lower()


@check(
    "machine.packages",
    Stage.MVP,
    gettext_lazy("What is installed is what was tested"),
    gettext_lazy("The installed packages, against the versions in requirements.lock."),
)
def packages() -> Finding:
    lock = settings.ROOT / "requirements.lock"
    if not lock.exists():
        return unknown(_("There is no requirements.lock here"))
    installed = {same(one.metadata["Name"]): one.version for one in metadata.distributions()}
    wanted = {same(name): version for name, version in PINNED.findall(lock.read_text(encoding="utf-8"))}
    # A package for another system or another Python is not there at all.
    other = [f"{name} {installed[name]}" for name, version in wanted.items() if installed.get(name, version) != version]
    says = _("%(same)d of %(all)d packages are of the version in requirements.lock") % {
        "same": sum(installed.get(name) == version for name, version in wanted.items()),
        "all": len(wanted),
    }
    if other:
        remedy = "pip install --require-hashes -r requirements.lock"
        return fail(says, remedy, _("Others: %(names)s") % {"names": ", ".join(other)})
    return ok(says)
