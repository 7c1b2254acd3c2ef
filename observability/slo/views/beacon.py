"""`POST /beacon`: how long the largest part of a page took to appear, as a browser saw it.

Told by people who are signed in, from a page of Tika, a few times a minute each: what anybody else sends is taken and
forgotten. It is a number of milliseconds and nothing else: neither address nor person is kept.
"""

import json
import time
import uuid
from typing import Any

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from audit.access import allow_anonymous
from observability.slo.tally import tally

LONGEST_BODY = 200
SLOWEST_MS = 120_000
EACH_PER_MINUTE, PEOPLE = 20, 5_000


class Allowance:
    """How many each person may still tell in this minute and process."""

    def __init__(self) -> None:
        self.minute = 0
        self.told: dict[uuid.UUID, int] = {}

    def takes(self, person: uuid.UUID) -> bool:
        minute = int(time.monotonic() // 60)
        if minute != self.minute:
            self.minute, self.told = minute, {}
        count = self.told.get(person, 0)
        if count >= EACH_PER_MINUTE or len(self.told) >= PEOPLE:
            return False
        self.told[person] = count + 1
        return True


allowance = Allowance()


@csrf_exempt
@require_POST
@allow_anonymous
def tell(request: Any) -> HttpResponse:
    milliseconds = told_by(request) if is_from_a_page(request) else None
    # Who it is asks the database: last.
    if milliseconds is not None and request.user.is_authenticated and allowance.takes(request.user.pk):
        tally.measure("page_load", milliseconds)
    return HttpResponse(status=204)


def is_from_a_page(request: Any) -> bool:
    """Browsers say themselves where a request comes from, and no page can make them say another thing."""
    return bool(request.headers.get("Sec-Fetch-Site") == "same-origin")


def told_by(request: Any) -> float | None:
    """{"lcp_ms": number}, or None."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST_BODY:
        return None
    try:
        found = json.loads(request.body)["lcp_ms"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found <= SLOWEST_MS:
        return None
    return float(found)
