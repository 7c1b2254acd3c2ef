"""Is the new release well? Its essentials at once, then its answers and people's own for a while."""

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

from tika.cli.upgrade.installation import Installation

EVERY = 1.0
# Bad answers of ours in a row, and the share of people's requests that may fail, from so many on.
IN_A_ROW = 3
SHARE, FROM = 0.02, 20


def essentials(installation: Installation, version: str) -> str:
    """Why it is not well; "" when it is."""
    status, headers, body = installation.ask("/readyz")
    if status != 200:
        return f"/readyz answers {status or 'nothing'}: {body[:300].decode(errors='replace')}"
    if (found := headers.get("x-tika-version", json.loads(body).get("version"))) != version:
        return f"what answers is {found}, not {version}"
    status, _, page = installation.ask("/accounts/login/")
    if status != 200:
        return f"the sign-in page answers {status}"
    sheet = re.search(rb'href="(/static/[^"]+\.css)"', page)
    if sheet is None or installation.ask(sheet[1].decode())[0] != 200:
        return "the sign-in page has no styles"
    if (status := installation.ask("/api/boards")[0]) != 401:
        return f"the API answers a stranger {status}, not 401"
    return ""


def watched(installation: Installation, seconds: float, failures: Callable[[str], dict[str, int]]) -> str:
    """Why it is not well; "" when it was for so many seconds. `failures(since)`: {"requests", "failed"} of people."""
    since = datetime.now(UTC).isoformat()
    until = time.monotonic() + seconds
    bad = 0
    while time.monotonic() < until:
        status, _, body = installation.ask("/readyz")
        bad = 0 if status == 200 else bad + 1
        if bad >= IN_A_ROW:
            return f"{bad} bad answers in a row; the last one was {status}: {body[:300].decode(errors='replace')}"
        time.sleep(EVERY)
    counted = failures(since)
    if counted["requests"] >= FROM and counted["failed"] > SHARE * counted["requests"]:
        return f"{counted['failed']} of {counted['requests']} requests failed"
    return ""
