"""Time-ordered identifiers (RFC 9562, UUID version 7)."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """48 bits of milliseconds, then 12 bits of the fraction (RFC 9562 section 6.2, method 3), then chance."""
    nanoseconds = time.time_ns()
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    value = milliseconds << 80 | 7 << 76 | (rest * 4096 // 1_000_000) << 64
    value |= 2 << 62 | int.from_bytes(os.urandom(8)) >> 2
    return uuid.UUID(int=value)
