"""As counted as the real application, and there at once: for a test that starts fifty workers of it."""

from collections.abc import Callable, Iterable
from typing import Any

from observability.metrics.catalogue import REQUEST_EDGES
from observability.metrics.http import place_of
from observability.metrics.page import page


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    page.count_request(*place_of("livez", environ["REQUEST_METHOD"], 200), REQUEST_EDGES, 1.0)
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
