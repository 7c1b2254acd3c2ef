"""What the doctor looks at here: the wall between workspaces, sign-up, limits, passwords everybody knows."""

import os
from functools import lru_cache

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from observability.doctor.check import Finding, fail, ok, warn
from observability.doctor.registry import check
from observability.doctor.rows import rows
from observability.doctor.stages import Stage
from tenancy.base import TenantModel
from tenancy.boot import TOO_MUCH_SQL

WALLS_SQL = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
    SELECT FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)
    WHERE p.polrelid = c.oid AND NOT p.polpermissive AND r.rolname = current_user)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (%s)
"""
# No workspace was told, so whatever is seen is seen over the wall.
LOOK_SQL = "SELECT count(*) FROM tenancy_membership"
ROLES = "docs/operating.md#your-own-postgresql"
WORST_PASSWORDS = ("admin", "password", "changeme", "tika", "1234567890")
OPERATORS_SQL = """
SELECT u.password FROM tenancy_user u JOIN tenancy_session s ON s.user_id = u.id
WHERE u.is_active AND s.expire_date > now() GROUP BY u.id ORDER BY max(s.expire_date) DESC LIMIT 3
"""


def walled_tables() -> list[str]:
    return sorted(
        model._meta.db_table for model in apps.get_models() if issubclass(model, TenantModel) and model._meta.managed
    )


@check(
    "tenancy.wall",
    Stage.MVP,
    gettext_lazy("Workspaces are kept apart by the database"),
    gettext_lazy("PostgreSQL’s catalogue: is row-level security forced on every table, and what is seen without it?"),
)
def wall() -> Finding:
    wanted = walled_tables()
    found = dict(rows(WALLS_SQL, [wanted]))
    open_ = [table for table in wanted if not found.get(table)]
    (seen,) = rows(LOOK_SQL)[0]
    counts = {"walled": len(wanted) - len(open_), "all": len(wanted), "seen": seen}
    says = _("%(walled)d of %(all)d tables are walled; without a workspace %(seen)d rows are seen") % counts
    if open_ or seen:
        advice = _("Stop Tika until the wall stands again. Open: %(tables)s") % {"tables": ", ".join(open_) or "–"}
        return fail(says, "bin/manage migrate", advice)
    return ok(says)


@check(
    "tenancy.role",
    Stage.MVP,
    gettext_lazy("The database role cannot pass the wall"),
    gettext_lazy("PostgreSQL’s roles: superuser, BYPASSRLS, owner of a table, or a member of such a role."),
)
def role() -> Finding:
    name, too_much = rows(TOO_MUCH_SQL)[0]
    if too_much:
        says = _("%(role)s passes it, as %(what)s") % {"role": name, "what": too_much}
        return fail(says, "DATABASE_URL=postgres://tika_app:…@host/tika", _("The roles: %s") % ROLES)
    return ok(_("%(role)s is neither superuser nor owner, and has no BYPASSRLS") % {"role": name})


@check(
    "tenancy.passwords",
    Stage.MVP,
    gettext_lazy("Nobody who is signed in has a password everybody knows"),
    gettext_lazy("The passwords of the three last signed in, against the worst ones and TIKA_ADMIN_PASSWORD."),
    limit=10.0,
)
def passwords() -> Finding:
    given = os.environ.get("TIKA_ADMIN_PASSWORD", "")
    if given.lower() in WORST_PASSWORDS or 0 < len(given) < 10:
        says = _("TIKA_ADMIN_PASSWORD is one that everybody knows")
        return fail(says, "unset TIKA_ADMIN_PASSWORD", _("Change it in the profile, too."))
    hashes = [password for (password,) in rows(OPERATORS_SQL)]
    known = sum(is_known(password) for password in hashes)
    says = _("%(known)d of %(all)d passwords looked at are known ones") % {"known": known, "all": len(hashes)}
    advice = _("Sign in and choose another one under “Password”.")
    return fail(says, "/accounts/password/change/", advice) if known else ok(says)


@lru_cache(256)
def is_known(encoded: str) -> bool:
    """Argon2 takes its time: asked once for each hash."""
    return any(check_password(word, encoded) for word in WORST_PASSWORDS)


@check(
    "tenancy.signup",
    Stage.TEAM,
    gettext_lazy("Who may make an account is decided"),
    gettext_lazy("TIKA_SIGNUP, where others reach the address."),
)
def signup() -> Finding:
    if settings.SIGNUP_IS_OPEN and settings.SECURE:
        says = _("Anybody who reaches %(address)s may make an account") % {"address": settings.BASE_URL}
        return warn(says, "TIKA_SIGNUP=invited", _("Leave it open for a public service; else let people be invited."))
    return ok(_("Accounts need an invitation") if not settings.SIGNUP_IS_OPEN else _("Open, on a local address"))


@check(
    "tenancy.rate_limit",
    Stage.SAAS,
    gettext_lazy("Requests are limited"),
    gettext_lazy("TIKA_API_REQUESTS_PER_MINUTE, of one token or one person’s session."),
)
def rate_limit() -> Finding:
    allowed = settings.API_REQUESTS_PER_MINUTE
    if not allowed:
        return fail(_("There is no limit"), "TIKA_API_REQUESTS_PER_MINUTE=6000", _("One script may stop everybody."))
    return ok(_("%(count)d requests a minute for each caller, on each machine") % {"count": allowed})
