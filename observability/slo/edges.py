"""The edges of the latency buckets: 300 and 1000 ms are among them, or a share of fast answers would be a guess."""

from typing import Final

EDGES_MS: Final = (5, 10, 25, 50, 100, 200, 300, 500, 1000, 2500, 5000, 10000)
# One more than edges: the last counts what took longer than all of them.
BUCKETS: Final = len(EDGES_MS) + 1
