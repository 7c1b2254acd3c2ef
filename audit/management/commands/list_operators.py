"""Prints who looks after the installation: address, level, since when, one a line."""

from typing import Any

from django.core.management import BaseCommand

from audit.models.operator import Operator
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID


class Command(BaseCommand):
    help = "Lists the operators: address, level and since when, with tabs between."

    def handle(self, *args: Any, **options: Any) -> None:
        with tenant_context(OPERATORS_ID):
            mine = Operator.objects.filter(tenant_id=OPERATORS_ID, revoked_at=None).select_related("user")
            for one in mine.order_by("user__email"):
                self.stdout.write(f"{one.user.email}\t{one.level}\t{one.granted_at.isoformat(timespec='seconds')}")
