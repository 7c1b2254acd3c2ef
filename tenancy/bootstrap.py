"""The first workspace of an installation and its owner."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tenancy.errors import NotFound
from tenancy.identity import Member
from tenancy.origin import NOWHERE, Origin
from tenancy.verbs import users, workspaces

# Of two who come first, one is: the other waits here and then finds a workspace.
ONE_AT_A_TIME_SQL = "SELECT pg_advisory_xact_lock(hashtext('tika first workspace'))"


def is_empty() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenancy_is_empty()")
        return bool(cursor.fetchone()[0])


def first_workspace(
    name: str, slug: str = "", *, email: str, password: str, owner: str = "", origin: Origin = NOWHERE
) -> Member:
    """Raises NotFound once there is any workspace, Invalid for a field (`email`, `slug`)."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(ONE_AT_A_TIME_SQL)
        if not is_empty():
            raise NotFound(_("This installation has been set up already: sign in."))
        user = users.create(email, name=owner, password=password)
        return workspaces.create(name, slug, by=user, origin=origin)
