"""The limit of requests counted in Redis, for `web` on several machines (ADR 4)."""

import threading
import time
from typing import cast

import structlog
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from tenancy.rate_limit import LARGEST_TAG, MINUTE, Allowance

log = structlog.get_logger("tika.rate_limit")
KEY = "tika:requests:%016x"
# A request waits no longer than this for a Redis that hangs, and then nobody asks it again for a while.
PATIENCE, PAUSE = 0.05, 5.0
# The arithmetic of rate_limit.Meter in whole microseconds, by the clock of the server that all of them share.
GCRA = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local cost, minute = tonumber(ARGV[1]), tonumber(ARGV[2])
local paid = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local wait = paid + cost - now - minute
if wait >= cost / 2 then return {paid - now, wait} end
redis.call('SET', KEYS[1], string.format('%.0f', paid + cost), 'PX', math.ceil((paid + cost - now) / 1000) + 1000)
return {paid + cost - now, 0}
"""


class SharedMeter:
    """While Redis does not answer, each machine counts for itself: a limit is no reason to refuse everybody."""

    def __init__(self, address: str) -> None:
        self.redis = Redis.from_url(
            address,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
            client_name="tika",
        )
        self.ask = self.redis.register_script(GCRA)
        self.away_until = 0.0
        self.lock = threading.Lock()

    def count(self, caller: int, limit: int) -> Allowance | None:
        """`limit` is for a minute; None while Redis is away."""
        if time.monotonic() < self.away_until:
            return None
        microseconds = [round(MINUTE * 1e6 / limit), int(MINUTE * 1e6)]
        try:
            ahead, wait = cast(list[int], self.ask([KEY % (caller & LARGEST_TAG)], microseconds))
        except RedisError as error:
            self.leave_alone(error)
            return None
        return Allowance.after(limit, ahead / 1e6, wait / 1e6)

    def leave_alone(self, error: RedisError) -> None:
        with self.lock:
            if time.monotonic() < self.away_until:
                return
            self.away_until = time.monotonic() + PAUSE
        log.warning("requests are counted by this machine alone", error=type(error).__name__, seconds=PAUSE)
