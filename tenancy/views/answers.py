"""How pages answer what was sent to them."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest

from tenancy.errors import Conflict, Invalid


def attempt(request: HttpRequest, verb: Callable[[], object], done: str) -> bool:
    """Whether it was done; the next page says so, or why not."""
    try:
        with transaction.atomic():
            verb()
    except (Conflict, Invalid) as refusal:
        messages.error(request, str(refusal.message))
        return False
    messages.success(request, done)
    return True
