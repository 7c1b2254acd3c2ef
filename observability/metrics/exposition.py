"""A host's numbers as Prometheus reads them: each metric once, under the names that are asked for."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import accumulate

from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from observability.metrics import catalogue
from observability.metrics.catalogue import BY_NAME, CATALOGUE, Metric
from observability.metrics.folder import Busy, Folder, Totals

# What a look at something other than pages found: {metric's name: {labels: value}}.
Facts = dict[str, dict[tuple[str, ...], float]]
ERROR_WINDOW = 300.0


class Collected(Collector):
    def __init__(self, folder: Folder, style: str, facts: Callable[[], Facts] = dict) -> None:
        self.folder = folder
        self.style = style
        self.facts = facts
        self.error_rate = ErrorRate()
        # What there is at the start is not of the last five minutes.
        with suppress(Busy):
            self.error_rate.note(folder.totals())

    def collect(self) -> Iterator[Family]:
        totals = self.folder.totals()
        self.error_rate.note(totals)
        facts = {**self._of_folder(totals), **self.error_rate.fact(), **self.facts()}
        series: dict[str, list[tuple[tuple[str, ...], list[float]]]] = {}
        for (name, *labels), numbers in totals.numbers.items():
            series.setdefault(name, []).append((tuple(labels), numbers))
        for name, values in facts.items():
            series[name] = [(labels, [value]) for labels, value in values.items()]
        for metric in CATALOGUE:
            yield from families(metric, sorted(series.get(metric.name, [])), self.style)

    def _of_folder(self, totals: Totals) -> Facts:
        disk = os.statvfs(self.folder.path)
        return {
            catalogue.FILES.name: {(): totals.files},
            catalogue.FILES_BYTES.name: {(): totals.size},
            catalogue.FILES_FREE.name: {(): disk.f_bavail * disk.f_frsize},
            catalogue.FILES_DAMAGED.name: {(): totals.damaged},
        }


def families(metric: Metric, series: Iterable[tuple[tuple[str, ...], list[float]]], style: str) -> Iterator[Family]:
    """Under its own name, in base units under its twin's."""
    if style != "base" or not metric.twin:
        yield family(metric, metric.name, series, scale=1)
    if style != "seed" and metric.twin:
        yield family(metric, metric.twin, series, scale=1000)


def family(metric: Metric, name: str, series: Iterable[tuple[tuple[str, ...], list[float]]], *, scale: int) -> Family:
    found = Family(name.removesuffix("_total") if metric.kind == "counter" else name, metric.says, metric.kind)
    edges = [repr(float(edge / scale)) for edge in metric.edges] + ["+Inf"]
    for values, numbers in series:
        labels = dict(zip(metric.labels, values, strict=True))
        if metric.kind != "histogram":
            found.add_sample(name, labels, numbers[0])
            continue
        *buckets, total = numbers
        counts = list(accumulate(buckets))
        for edge, count in zip(edges, counts, strict=True):
            found.add_sample(f"{name}_bucket", {**labels, "le": edge}, count)
        found.add_sample(f"{name}_count", labels, counts[-1])
        found.add_sample(f"{name}_sum", labels, total / scale)
    return found


class ErrorRate:
    """Of the requests since the oldest look within the window; by a clock that cannot be set."""

    def __init__(self) -> None:
        self.looks: deque[tuple[float, float, float]] = deque()

    def note(self, totals: Totals) -> None:
        asked = failed = 0.0
        for (name, *labels), numbers in totals.numbers.items():
            if name == catalogue.REQUESTS.name:
                asked += numbers[0]
                failed += numbers[0] if labels[-1].startswith("5") else 0
        now = time.monotonic()
        self.looks.append((now, asked, failed))
        while len(self.looks) > 2 and self.looks[1][0] < now - ERROR_WINDOW:
            self.looks.popleft()

    def fact(self) -> Facts:
        (_, asked, failed), (_, asked_now, failed_now) = self.looks[0], self.looks[-1]
        if asked_now == asked:
            return {}
        return {catalogue.ERROR_RATE.name: {(): (failed_now - failed) / (asked_now - asked)}}


def exported_names(style: str) -> set[str]:
    """As a dashboard's or a rule's query may use them."""
    found: set[str] = set()
    for metric in BY_NAME.values():
        for each in families(metric, [(("",) * len(metric.labels), [0.0] * metric.width)], style):
            found |= {sample.name for sample in each.samples}
    return found
