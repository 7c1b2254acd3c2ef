from typing import Any

from django.db import models


def by_somebody() -> Any:
    """The operator who did it, who stays known after the grant has ended; null for the command line."""
    return models.ForeignKey("tenancy.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
