"""The tenant; "workspace" on screen."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.ids import uuid7
from tenancy.wall import Log, Wall

# First path segments that mean something else: no workspace may be called so.
RESERVED_SLUGS = frozenset(
    [
        "accounts",
        "api",
        "beacon",
        "invitations",
        "livez",
        "ops",
        "profile",
        "readyz",
        "setup",
        "startupz",
        "static",
        "status",
        "workspaces",
        "metrics",
        "admin",
        "www",
    ]
)
SLUG = RegexValidator(r"^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$", _("Use lowercase letters, digits and hyphens."))


class Tenant(models.Model):
    """Walled by its own id: a transaction sees the one tenant it was told."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.CharField(max_length=50, unique=True, validators=[SLUG])
    name = models.CharField(max_length=100)
    member_count = models.IntegerField(default=0, db_default=0)  # numbers given out, never given twice
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            Wall(name="tenancy_tenant_wall", column="id", privileges="SELECT, INSERT, UPDATE"),
            Log(name="tenancy_tenant_log", resource="workspace", subject="id", board="", hidden=["member_count"]),
        ]

    def __str__(self) -> str:
        return self.name
