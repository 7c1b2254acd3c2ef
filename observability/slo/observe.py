"""Which answers count (research trap T7): a scanner's million 404s must not stop a deploy."""

import hmac
from time import monotonic

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from observability.middleware import METHODS, OTHER, UNMATCHED
from observability.slo.tally import Happened, tally

# Asked by machines about the process, or told by a browser about itself: no use of the service.
NOT_USE = frozenset({"livez", "readyz", "startupz", "beacon"})
PROBE_HEADER = "HTTP_X_TIKA_PROBE"
CLIENT_WENT_AWAY = 499


def observe(request: HttpRequest, response: HttpResponse, route: str, seconds: float) -> None:
    """A client's mistake (4xx) is neither good nor bad, nor is its own spent allowance (429): Tika answers 503 where it
    is short of something itself. Without a route there is only a file, a redirect, or a failure on the way."""
    status = response.status_code
    if 400 <= status < CLIENT_WENT_AWAY or route in NOT_USE or (route == UNMATCHED and status < 400):
        return
    member = getattr(request, "member", None)
    method = METHODS.get(request.method or "", OTHER)
    synthetic = PROBE_HEADER in request.META and is_probe(request.META[PROBE_HEADER])
    tenant = member.tenant_id if member else None
    tally.requests.append(Happened(tenant, route, method, status, seconds, monotonic(), synthetic))


def probe_mark() -> str:
    """What the worker's prober shows, so that nobody else's requests pass for its."""
    return salted_hmac("tika.prober", "mark", secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


def is_probe(mark: str) -> bool:
    return hmac.compare_digest(mark.encode(), probe_mark().encode())
