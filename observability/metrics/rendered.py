"""The catalogue as people read it: docs/metrics.md."""

from observability.metrics.catalogue import CATALOGUE, Metric

HEAD = """# Metrics

Everything `/metrics` exports, one line each ([how it is counted](observability.md#metrics)). Rendered from
`observability/metrics/catalogue.py` by `bin/manage metric_list > docs/metrics.md`; a test compares.

| metric | kind | unit | labels | |
|---|---|---|---|---|
"""


def markdown() -> str:
    return HEAD + "".join(line(metric) for metric in CATALOGUE)


def line(metric: Metric) -> str:
    twin = f", in seconds `{metric.twin}`" if metric.twin else ""
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    edges = f" Buckets: {' '.join(map(str, metric.edges))}." if metric.edges else ""
    return f"| `{metric.name}`{twin} | {metric.kind} | {metric.unit} | {labels} | {metric.says}{edges} |\n"
