"""Writing down what a look for a newer version found, for the console."""

from datetime import datetime

from observability.console.models import Mark
from observability.console.queries.releases import NAME
from observability.console.verbs import marks


def note(newest: str, *, of: str, listed: datetime) -> Mark:
    """The newest release of a list that is believed, its date, and when the list was made."""
    return marks.record("other", NAME, detail=f"newest={newest} of={of[:10]} listed={listed.isoformat()}")


def note_refused() -> Mark:
    """There was no list, or none that is believed."""
    return marks.record("other", NAME, detail="refused")
