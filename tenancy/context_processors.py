"""What every page knows about its reader."""

from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


def workspaces_of(user_id: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, slug, name, role, member_id FROM tenancy_workspaces_of(%s)", [user_id])
        return [dict(zip(("id", "slug", "name", "role", "member_id"), row, strict=True)) for row in cursor.fetchall()]


def reader(request: HttpRequest) -> dict[str, Any]:
    """`version`, `member` (None outside a workspace) and, when a template asks, `workspaces` for the switcher."""
    member = getattr(request, "member", None)
    user_id = getattr(request, "user_id", None) or getattr(getattr(request, "user", None), "pk", None)
    return {
        "version": settings.VERSION,
        "member": member,
        "workspaces": SimpleLazyObject(lambda: workspaces_of(user_id) if user_id else []),
    }
