"""What the boards' verbs count for the operators (observability.metrics)."""

from functools import partial

from django.db import transaction

from boards.models.column import Category
from observability.metrics.catalogue import TICKETS_CREATED
from observability.metrics.page import page

# From the start, at 0: a rise is only seen from there.
PLACES = {category: page.place(TICKETS_CREATED, category) for category in Category.values}


def tickets_created(category: str, count: int = 1) -> None:
    """Once they are there for good: what is rolled back was never created."""
    transaction.on_commit(partial(page.add, PLACES[category], count))
