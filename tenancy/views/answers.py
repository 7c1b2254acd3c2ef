"""How pages answer what was sent to them."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest

from tenancy.errors import Conflict, Invalid
from tenancy.forms.refusable import RefusableForm


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


def attempt_form(request: HttpRequest, form: RefusableForm, verb: Callable[[], object], done: str) -> bool:
    """Whether nothing in the form is left to mend; what it holds stays typed, and says what is wrong with it.

    `verb` reads the valid form. What can't be done whatever is typed is told by the next page.
    """
    if form.is_valid():
        try:
            with transaction.atomic():
                verb()
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, done)
    return not form.errors


def attempt_line(request: HttpRequest, form: RefusableForm, verb: Callable[[], object], done: str) -> None:
    """For a form of one field in a line of a list; the next page says what is wrong with it."""
    if not attempt_form(request, form, verb, done):
        for name, errors in form.errors.items():
            label = form.fields[name].label if name in form.fields else ""
            messages.error(request, f"{label}: {errors[0]}" if label else str(errors[0]))
