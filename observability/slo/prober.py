"""Asks Tika's own address while few people do, so that a quiet night is no guess."""

import logging
import time

from django.conf import settings

from observability import outgoing
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
    names = {header: probe_mark(), "User-Agent": "tika-prober"}
    try:
        # A refusal or a redirect is an answer, and counted there.
        outgoing.ask(url, reach=outgoing.Reach.OWN, headers=names, seconds=PATIENCE)
    except outgoing.NotAllowed as error:
        log.warning("the prober cannot ask what TIKA_PROBE_URL names: %s", error)
    except outgoing.NoAnswer as error:
        # Browsers may trust an authority that this machine was not told of; an expired certificate stops them, too.
        is_foreign = getattr(error.__cause__, "verify_code", 0) in UNKNOWN_AUTHORITY
        if is_foreign:
            log.warning("the prober cannot check the certificate: %s", error)
        return is_foreign
    return True
