"""Shares out of counts by bucket. Pure."""

from collections.abc import Sequence

from observability.slo.edges import EDGES_MS


def within(counts: Sequence[int], edge_ms: int) -> float | None:
    """The exact share of answers that took no longer than an edge; raises ValueError where it is none."""
    everything = sum(counts)
    return sum(counts[: EDGES_MS.index(edge_ms) + 1]) / everything if everything else None
