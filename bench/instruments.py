"""What logs, metrics and indicators cost: the same `web` with and without them, on the same data, in turns.

One ticket is read, for that is the shortest road through everything: what is spent beside it weighs most there.
"""

import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import mean
from typing import Any

from bench.installation import Installation, free_port, is_ready, processor_seconds, tree
from bench.load import Load
from tika.cli.environment import ROOT

PATIENCE = 60.0
CONCURRENCY = 8
SLICE, WARM_UP = 0.4, 0.1  # seconds
# What "without" switches off, and what "traced" adds.
WITHOUT = {"TIKA_METRICS": "off", "TIKA_INDICATORS": "off", "TIKA_LOG_LEVEL": "fatal"}
TRACED = {"OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.05"}
# The share of the throughput without them that has to be left.
LEAST = {"instrumented_vs_without": 0.95, "traced_vs_without": 0.95}
WORDS = {
    "instrumented_vs_without": "one ticket with logs, metrics and indicators, of without",
    "traced_vs_without": "one ticket with traces at 5 % too, of without",
}


class Web:
    """A `web` beside the installation's own; its log goes nowhere, as a container's goes to somebody else."""

    def __init__(self, installation: Installation, folder: Path, more: dict[str, str]) -> None:
        self.folder = folder
        self.port = free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TIKA_", "OTEL_"))}
        own = {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "PROMETHEUS_MULTIPROC_DIR": str(folder),
            "METRICS_PORT": "0",
        }
        # It hands no streams over: that road belongs to the installation's own.
        unset = {"TIKA_LISTEN_FD": "", "TIKA_LIVE_HANDOVER": ""}
        folder.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "tika" / "gunicorn_web.py"), "tika.wsgi"],
            cwd=ROOT,
            env=kept | installation.environment | {"TIKA_LOG_LEVEL": "info"} | own | unset | more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            if is_ready(self.port):
                return
            time.sleep(0.05)
        raise SystemExit("A web with other instruments did not come up.")

    def processor_seconds(self) -> dict[str, float]:
        used = (processor_seconds(number, ended_too=False) for number, _ in tree(self.process.pid, "web"))
        return {"web": sum(used)}

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()


@contextmanager
def collector() -> Iterator[str]:
    """The address of something that takes in spans and forgets them."""

    class Takes(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Takes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def instruments(
    installation: Installation,
    requests: Callable[[], Iterator[bytes | None]],
    *,
    seconds: float,
    note: Callable[[str], None],
) -> dict[str, Any]:
    """{"ratios": {name: share of the throughput}, "processor_ms": {which: of web, each answer}}

    `seconds` is for each of the three, in short slices by turns: a machine that is slower for a second is so for all.
    """
    slices = max(1, round(seconds / SLICE))
    found: dict[str, list[float]] = {}
    spent: dict[str, list[float]] = {}
    with ExitStack() as stack:
        address = stack.enter_context(collector())
        kinds = {"without": WITHOUT, "instrumented": {}, "traced": TRACED | {"OTEL_EXPORTER_OTLP_ENDPOINT": address}}
        webs: dict[str, Web] = {}
        for name, more in kinds.items():
            webs[name] = Web(installation, installation.folder / "beside" / name, more)
            stack.callback(webs[name].stop)
        for web in webs.values():
            web.wait()
        for turn in range(slices):
            # The first of a turn is another one each time: the machine may be slower at its beginning.
            order = list(webs)[turn % 3 :] + list(webs)[: turn % 3]
            for name in order:
                note(f"one ticket, {name}, slice {turn + 1} of {slices}")
                load = Load(webs[name].port, requests(), wanted=200, watch=webs[name].processor_seconds)
                result = load.run(CONCURRENCY, SLICE, WARM_UP)
                found.setdefault(name, []).append(result.per_second)
                spent.setdefault(name, []).append(result.processor_each("web"))
    rate = {name: mean(each) for name, each in found.items()}
    return {
        "ratios": {f"{name}_vs_without": round(rate[name] / rate["without"], 3) for name in ("instrumented", "traced")},
        "per_second": {name: round(each, 1) for name, each in rate.items()},
        "processor_ms": {name: round(mean(each), 3) for name, each in spent.items()},
    }
