"""Percentiles out of counts by bucket. Pure."""

from collections.abc import Sequence

from observability.slo.edges import EDGES_MS


def percentile(counts: Sequence[int], share: float) -> float | None:
    """In ms, as if the answers of a bucket lay evenly in it; what took longer than the last edge is that edge."""
    wanted = sum(counts) * share
    if not wanted:
        return None
    seen, lower = 0, 0.0
    for count, upper in zip(counts, (*EDGES_MS, EDGES_MS[-1]), strict=True):
        if count and seen + count >= wanted:
            return lower + (upper - lower) * (wanted - seen) / count
        seen, lower = seen + count, float(upper)
    return float(EDGES_MS[-1])


def within(counts: Sequence[int], edge_ms: int) -> float | None:
    """The exact share of answers that took no longer than an edge; raises ValueError where it is none."""
    everything = sum(counts)
    return sum(counts[: EDGES_MS.index(edge_ms) + 1]) / everything if everything else None
