"""The edges of the latency buckets: 300 and 1000 ms are among them, or a share of fast answers would be a guess."""

from typing import Final

from observability.metrics.catalogue import REQUEST_EDGES

# Those that Prometheus is told, so that both count alike.
EDGES_MS: Final = REQUEST_EDGES
# One more than edges: the last counts what took longer than all of them.
BUCKETS: Final = len(EDGES_MS) + 1
