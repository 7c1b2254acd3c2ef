"""What the buckets of durations say."""

from observability.slo.edges import EDGES_MS


def percentile(hist: list[int], share: float) -> float | None:
    """In milliseconds, interpolated within its bucket; None of nothing. Above the last edge it is the last edge."""
    wanted, seen = share * sum(hist), 0.0
    if not wanted:
        return None
    low = 0.0
    for edge, count in zip(EDGES_MS, hist, strict=False):
        if count and seen + count >= wanted:
            return low + (edge - low) * (wanted - seen) / count
        seen, low = seen + count, float(edge)
    return float(EDGES_MS[-1])
