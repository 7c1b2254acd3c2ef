"""What the buckets of durations say."""

import pytest

from observability.slo.edges import EDGES_MS
from observability.slo.percentile import percentile


def test_a_percentile_lies_in_its_bucket() -> None:
    hist = [0] * (len(EDGES_MS) + 1)
    assert percentile(hist, 0.95) is None
    hist[EDGES_MS.index(300)] = 100
    assert percentile(hist, 0.5) == pytest.approx(250)
    hist[-1] = 1000
    assert percentile(hist, 0.99) == EDGES_MS[-1]
