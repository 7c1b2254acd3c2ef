"""The settings an installation is run with."""

import math
from collections import Counter

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from observability.doctor.check import Finding, fail, ok, warn
from observability.doctor.registry import check
from observability.doctor.stages import Stage
from observability.logs import levels

# Django asks for 50 characters; what chance makes of them has far more bits than anybody could try.
KEY_LENGTH, KEY_BITS = 50, 128
NEW_KEY = "TIKA_SECRET_KEY=$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')"
LOCAL = ("//127.", "//localhost", "//[::1]")


def bits_of(text: str) -> float:
    """What chance could be in it at most: Shannon's measure of its characters, times their number."""
    counts = Counter(text)
    each = -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values()) if text else 0.0
    return each * len(text)


def is_local() -> bool:
    return any(part in settings.BASE_URL for part in LOCAL)


@check(
    "config.secret_key",
    Stage.MVP,
    gettext_lazy("The signing key cannot be guessed"),
    gettext_lazy("The length of TIKA_SECRET_KEY, and how much chance is in it; never the key itself."),
)
def secret_key() -> Finding:
    key, bits = settings.SECRET_KEY, bits_of(settings.SECRET_KEY)
    says = _("%(count)d characters, %(bits)d bits at most") % {"count": len(key), "bits": bits}
    if key.startswith("unset-"):
        return fail(_("TIKA_SECRET_KEY is not set"), NEW_KEY, _("Sessions and links are signed with it."))
    if len(key) < KEY_LENGTH or bits < KEY_BITS:
        return fail(says, NEW_KEY, _("Everybody has to sign in anew afterwards."))
    return ok(says)


@check(
    "config.debug",
    Stage.MVP,
    gettext_lazy("Nothing inside is shown to visitors"),
    gettext_lazy("TIKA_DEBUG."),
)
def debug() -> Finding:
    if settings.DEBUG:
        return fail(_("TIKA_DEBUG is on: errors show code and settings"), "TIKA_DEBUG=false")
    return ok(_("TIKA_DEBUG is off"))


@check(
    "config.https",
    Stage.MVP,
    gettext_lazy("Visitors come by HTTPS"),
    gettext_lazy("TIKA_BASE_URL, secure cookies and how long browsers keep to HTTPS (HSTS)."),
)
def https() -> Finding:
    remedy = "TIKA_BASE_URL=https://board.example.com"
    says = _("%(address)s, HSTS for %(days)d days") % {
        "address": settings.BASE_URL,
        "days": settings.SECURE_HSTS_SECONDS // 86400,
    }
    if settings.SECURE:
        return ok(says)
    if is_local():
        return warn(says, remedy, _("Enough for this machine alone; others need HTTPS."))
    return fail(says, remedy, _("Passwords cross the network in clear text."))


@check(
    "config.hosts",
    Stage.MVP,
    gettext_lazy("Only the installation’s own names are answered to"),
    gettext_lazy("TIKA_ALLOWED_HOSTS."),
)
def hosts() -> Finding:
    named = [host for host in settings.ALLOWED_HOSTS if host != "testserver"]
    if "*" in named:
        advice = _("A forged Host header is believed now.")
        return fail(_("Any name is answered to (*)"), "TIKA_ALLOWED_HOSTS=board.example.com", advice)
    return ok(_("Names: %(names)s") % {"names": ", ".join(named)})


@check(
    "config.proxies",
    Stage.MVP,
    gettext_lazy("The addresses in the log are those of people"),
    gettext_lazy("TIKA_TRUSTED_PROXIES: how many proxies append to X-Forwarded-For."),
)
def proxies() -> Finding:
    count = settings.TRUSTED_PROXIES
    says = _("%(count)d proxies are trusted") % {"count": count}
    if settings.SECURE and not count:
        advice = _("Something before Tika speaks HTTPS, so the log has its address and not people’s.")
        return fail(says, "TIKA_TRUSTED_PROXIES=1", advice)
    if count and not settings.SECURE:
        return warn(says, "TIKA_TRUSTED_PROXIES=0", _("Without HTTPS there is hardly a proxy: anybody could forge it."))
    return ok(says)


@check(
    "config.log",
    Stage.TEAM,
    gettext_lazy("The log is made for machines"),
    gettext_lazy("TIKA_LOG_JSON and TIKA_LOG_LEVEL."),
)
def log() -> Finding:
    level, as_json = str(settings.LOGGING["level"]), settings.LOGGING["json"]
    says = _("Level %(level)s, as JSON: %(json)s") % {"level": level, "json": _("yes") if as_json else _("no")}
    if levels.number_of(level) < levels.LEVELS["info"]:
        return warn(
            says, "TIKA_LOG_LEVEL=info", _("So much is for an hour: the console raises one logger for a while.")
        )
    if not as_json:
        return warn(says, "TIKA_LOG_JSON=true", _("Words are for a terminal; a collector needs JSON."))
    return ok(says)
