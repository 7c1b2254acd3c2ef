"""Asks Tika's own address while few people do, so that a quiet night is no guess."""

import http.client
import logging
import time
import urllib.error
import urllib.request

from django.conf import settings

from observability.slo.objective import objectives
from observability.slo.observe import PROBE_HEADER, probe_mark
from observability.slo.queries.sums import asked_by_people
from observability.slo.tally import Happened, tally
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID

PATIENCE = 5.0
UNREACHABLE = "__unreachable__"
# X509_V_ERR: self-signed, or an issuer that is not known here.
UNKNOWN_AUTHORITY = frozenset({18, 19, 20, 21})
log = logging.getLogger("tika.prober")
# Neither a proxy of the environment nor a redirect: what is asked is this installation.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def probe() -> None:
    """The web process counts the answer as anybody's, marked as asked by a machine; only where no answer came is it
    counted here, as the failure it would be for a person."""
    if not settings.PROBE_URL or not settings.INDICATORS:
        return
    with tenant_context(OPERATORS_ID):
        people = asked_by_people(OPERATORS_ID, "availability")
    if people >= objectives().policy.probe_below_per_hour:
        return
    started = time.monotonic()
    if not is_answered(settings.PROBE_URL):
        now = time.monotonic()
        tally.requests.append(Happened(None, UNREACHABLE, "GET", 503, now - started, now, synthetic=True))


def is_answered(url: str) -> bool:
    header = PROBE_HEADER.removeprefix("HTTP_").replace("_", "-")
    request = urllib.request.Request(url, headers={header: probe_mark(), "User-Agent": "tika-prober"})  # noqa: S310 - a setting
    try:
        with opener.open(request, timeout=PATIENCE) as answer:
            answer.read(4096)
    except urllib.error.HTTPError:
        # A refusal is an answer, and counted there.
        return True
    except urllib.error.URLError as error:
        # Browsers may trust an authority that this machine was not told of; an expired certificate stops them, too.
        is_foreign = getattr(error.reason, "verify_code", 0) in UNKNOWN_AUTHORITY
        if is_foreign:
            log.warning("the prober cannot check the certificate of %s: %s", url, error.reason)
        return is_foreign
    except (OSError, http.client.HTTPException):
        return False
    return True
