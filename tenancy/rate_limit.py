"""How many requests of the API one token, or one person's session, may make (ADR 4)."""

import math
import mmap
import struct
import threading
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse

from tenancy.errors import RateLimited
from tenancy.identity import Member

if TYPE_CHECKING:
    from tenancy.shared_meter import SharedMeter

MINUTE = 60.0
SLOT = struct.Struct("=Qd")  # whose it is, and until when their requests are paid for
SLOTS, LOOKED_AT = 1 << 16, 8
LARGEST_TAG = (1 << 64) - 1


@dataclass(frozen=True)
class Allowance:
    """After a request: how many more could follow at once, and the seconds until all could; `wait` is 0 for a request
    that is allowed, else the seconds until the next one is."""

    limit: int
    remaining: int
    reset: float
    wait: float

    @classmethod
    def after(cls, limit: int, ahead: float, wait: float) -> "Allowance":
        """`ahead`: for how many seconds from now the caller's requests are paid; `wait` above 0 refuses."""
        left = 0 if wait > 0 else int((MINUTE - ahead) * limit / MINUTE + 0.5)
        return cls(limit, left, ahead, wait)

    def write_on(self, response: HttpResponse) -> None:
        response["RateLimit-Limit"] = str(self.limit)
        response["RateLimit-Remaining"] = str(self.remaining)
        response["RateLimit-Reset"] = str(math.ceil(self.reset))


class Meter:
    """A minute's requests may come at once; then they come back one by one, evenly (GCRA: one number per caller).

    The memory is shared with every process forked after this was made. Two that write one slot at the same moment may
    lose a request, and callers that find no slot of their own push the longest idle out: both let through, and neither
    refuses anybody wrongly.
    """

    def __init__(self) -> None:
        self.memory = mmap.mmap(-1, SLOTS * SLOT.size)
        self.lock = threading.Lock()

    def count(self, caller: int, limit: int, *, now: float) -> Allowance:
        """`limit` is for a minute; `now` is monotonic."""
        tag, cost = caller & LARGEST_TAG, MINUTE / limit
        with self.lock:
            place, paid_until = self.find(tag, now)
            after = max(paid_until, now) + cost
            wait = after - now - MINUTE
            # The last of a minute's requests may miss the minute by a rounding.
            if wait < cost / 2:
                SLOT.pack_into(self.memory, place, tag, after)
                return Allowance.after(limit, after - now, 0)
            return Allowance.after(limit, paid_until - now, wait)

    def find(self, tag: int, now: float) -> tuple[int, float]:
        """(place of the caller's slot, until when their requests are paid for)."""
        idlest = math.inf, 0
        for step in range(LOOKED_AT):
            place = (tag + step) % SLOTS * SLOT.size
            owner, paid_until = SLOT.unpack_from(self.memory, place)
            if owner == tag:
                return place, paid_until
            idlest = min(idlest, (paid_until, place))
        return idlest[1], now


# `web` imports this before it forks its processes (tika/gunicorn_web.py), which so have the memory in common.
meter = Meter()


@cache
def shared_meter(address: str) -> "SharedMeter":
    # Only who names a Redis has its client in memory.
    from tenancy.shared_meter import SharedMeter

    return SharedMeter(address)


def count(member: Member) -> Allowance | None:
    """One request of the member, or of the token that speaks for them; None where there is no limit."""
    limit = settings.API_REQUESTS_PER_MINUTE
    if not limit:
        return None
    caller = (member.token_id or member.id).int
    if settings.REDIS_URL and (found := shared_meter(settings.REDIS_URL).count(caller, limit)):
        return found
    return meter.count(caller, limit, now=time.monotonic())


def refusal(allowance: Allowance) -> RateLimited:
    return RateLimited(retry_after=math.ceil(allowance.wait))
