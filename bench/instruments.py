"""What logs, metrics and indicators cost: the same `web` with and without them, on the same data, in turns; and what it
costs when the collector of the traces is away.

One ticket is read, for that is the shortest road through everything: what is spent beside it weighs most there.
"""

import http.server
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import mean, quantiles, stdev
from tempfile import TemporaryDirectory
from typing import Any

from bench.installation import Installation, free_port, is_ready, processor_seconds, proportional_size, tree
from bench.load import Load
from tika.cli.environment import ROOT

PATIENCE = 60.0
CONCURRENCY, WORKERS = 8, 2
SLICE, WARM_UP = 0.4, 0.1  # seconds
ROUND = 4.0  # seconds
# Twice as long as 2,048 spans a worker take to come.
FILLING = 8.0  # seconds
# What "without" switches off, and what "traced" adds.
WITHOUT = {"TIKA_METRICS": "off", "TIKA_INDICATORS": "off", "TIKA_LOG_LEVEL": "fatal"}
TRACED = {"OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.05"}
# The share of the throughput without them that has to be left.
LEAST = {"instrumented_vs_without": 0.95, "traced_vs_without": 0.95}
# How many times the 99th percentile with a collector the one without may be, and what it may take in memory meanwhile.
AWAY_P99_AT_MOST = 1.05
AWAY_GROWTH_AT_MOST = 20_000_000
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
            "TIKA_METRICS_DIR": str(folder),
            "METRICS_PORT": "0",
            # What is read by machines: `bin/run` that was started by hand would have it pretty.
            "TIKA_LOG_JSON": "yes",
            # As many as are asked at once: each takes a connection, and the server has a hundred for all.
            "TIKA_WEB_WORKERS": str(WORKERS),
            "TIKA_WEB_THREADS": str(CONCURRENCY // WORKERS),
        }
        # It hands no streams over: that road belongs to the installation's own.
        unset = {"TIKA_LISTEN_FD": "", "TIKA_LIVE_HANDOVER": ""}
        folder.mkdir(parents=True, exist_ok=True)
        self.errors = folder / "errors"
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "tika" / "gunicorn_web.py"), "tika.wsgi"],
                cwd=ROOT,
                env=kept | installation.environment | {"TIKA_LOG_LEVEL": "info"} | own | unset | more,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )

    def wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            if is_ready(self.port):
                return
            time.sleep(0.05)
        said = self.errors.read_text(errors="replace")[-2000:]
        raise SystemExit(f"A web with other instruments did not come up ({self.process.poll()}): {said}")

    def processor_seconds(self) -> dict[str, float]:
        used = (processor_seconds(number, ended_too=False) for number, _ in tree(self.process.pid, "web"))
        return {"web": sum(used)}

    def memory(self) -> int:
        return sum(proportional_size(number) for number, _ in tree(self.process.pid, "web"))

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


@contextmanager
def hanging() -> Iterator[str]:
    """The address of something that is connected to and never answers: worse than nobody, whom one knows at once."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1000)
        yield f"http://127.0.0.1:{silent.getsockname()[1]}"


@contextmanager
def webs_of(installation: Installation, kinds: dict[str, dict[str, str]], number: int) -> Iterator[dict[str, Web]]:
    """One of each kind, ready."""
    # Where the installation's own are: in memory, where there is some.
    there = Path(installation.environment["TIKA_METRICS_DIR"]).parent
    with ExitStack() as stack:
        beside = Path(stack.enter_context(TemporaryDirectory(prefix="tika-bench-", dir=there)))
        webs: dict[str, Web] = {}
        for name, more in kinds.items():
            webs[name] = Web(installation, beside / name, more | {"PYTHONHASHSEED": str(number)})
            stack.callback(webs[name].stop)
        for web in webs.values():
            web.wait()
        yield webs


def error_of(some: list[float], others: list[float]) -> float | None:
    """The standard error of the ratio of one kind to another, from its rounds; None of a single round."""
    each = [one / other for one, other in zip(some, others, strict=True)]
    return round(stdev(each) / len(each) ** 0.5, 3) if len(each) > 1 else None


def growth(web: Web, requests: Callable[[], Iterator[bytes | None]], seconds: float) -> int:
    """Bytes, over requests of which each is traced: more spans than a queue holds."""
    load = Load(web.port, requests(), wanted=200)
    # Whatever is loaded by the first requests has been.
    load.run(CONCURRENCY, seconds / 8, WARM_UP)
    before = web.memory()
    load.run(CONCURRENCY, seconds, WARM_UP)
    return web.memory() - before


def instruments(
    installation: Installation,
    requests: Callable[[], Iterator[bytes | None]],
    *,
    seconds: float,
    note: Callable[[str], None],
) -> dict[str, Any]:
    """{"ratios": {name: share of the throughput}, "errors": {name: standard error of that share}, "processor_ms": {which:
    of web, each answer}, "away": {"p99_ratio", "failed": answers, "growth": bytes that a `web` without its collector grew
    by, beyond one with it}}

    `seconds` is for each of the four, in short slices by turns: a machine that is slower for a second is so for all. Two
    processes of the same code differ by some hundredths, by where their names fall in memory, and that does not get less
    by asking the same two for longer: each round has new ones, with one seed for the hashes of all four.
    """
    rounds = max(1, round(seconds / ROUND))
    slices = max(1, round(seconds / rounds / SLICE))
    # Of each round, what each of its slices had.
    found: list[dict[str, list[float]]] = []
    order = random.Random(0)
    spent: dict[str, list[float]] = {}
    took: dict[str, list[float]] = {"traced": [], "away": []}
    failed: list[int] = []

    def a_slice(name: str, web: Web) -> None:
        load = Load(web.port, requests(), wanted=200, watch=web.processor_seconds)
        result = load.run(CONCURRENCY, SLICE, WARM_UP)
        found[-1].setdefault(name, []).append(result.per_second)
        spent.setdefault(name, []).append(result.processor_each("web"))
        if name in took:
            took[name] += result.latencies
        if name == "away":
            failed.append(result.wrong.total())

    with collector() as traced, hanging() as away:
        kinds = {
            "without": WITHOUT,
            "instrumented": {},
            "traced": TRACED | {"OTEL_EXPORTER_OTLP_ENDPOINT": traced},
            "away": TRACED | {"OTEL_EXPORTER_OTLP_ENDPOINT": away},
        }
        for number in range(rounds):
            found.append({})
            with webs_of(installation, kinds, number) as webs:
                for turn in range(slices):
                    # By chance, so that none always follows the same other one, whose last requests are still served.
                    for name in order.sample(list(webs), len(webs)):
                        note(f"one ticket, {name}, slice {number * slices + turn + 1} of {rounds * slices}")
                        a_slice(name, webs[name])
        note("memory without a collector")
        ways = {name: kinds[name] | {"OTEL_TRACES_SAMPLER_ARG": "1"} for name in took}
        with webs_of(installation, ways, rounds) as webs:
            grown = {name: growth(web, requests, min(FILLING, seconds)) for name, web in webs.items()}
    p99 = {name: quantiles(each, n=100)[-1] for name, each in took.items()}
    by_round = {name: [mean(each[name]) for each in found] for name in kinds}
    rate = {name: mean(each) for name, each in by_round.items()}
    return {
        "ratios": {f"{name}_vs_without": round(rate[name] / rate["without"], 3) for name in ("instrumented", "traced")},
        "errors": {
            f"{name}_vs_without": error_of(by_round[name], by_round["without"]) for name in ("instrumented", "traced")
        },
        "per_second": {name: round(each, 1) for name, each in rate.items()},
        "processor_ms": {name: round(mean(each), 3) for name, each in spent.items()},
        "away": {
            "p99_ratio": round(p99["away"] / p99["traced"], 3),
            "failed": sum(failed),
            "growth": grown["away"] - grown["traced"],
        },
    }
