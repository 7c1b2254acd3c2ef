"""The figures as a table for people and as JSON for programs."""

import os
import platform
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from bench.instruments import AWAY_GROWTH_AT_MOST, AWAY_P99_AT_MOST, LEAST
from bench.instruments import WORDS as INSTRUMENTS

# key: (what is divided, by what, at least)
RATIOS = {
    "snapshot_changed_vs_pgbench": ("snapshot_changed", "pgbench", 0.5),
    "snapshot_unchanged_vs_floor": ("snapshot_unchanged", "floor", 0.35),
    "not_modified_vs_floor": ("not_modified", "floor", 0.4),
    "one_ticket_vs_floor": ("one_ticket", "floor", 0.3),
    "create_vs_floor": ("create", "floor", 0.2),
    "move_vs_floor": ("move", "floor", 0.2),
}
SEARCH_COST = "search_cost_vs_one_ticket"
CALLERS = ("token", "session")
AT = 8
STATEMENTS = {
    "not_modified": 3,
    "snapshot_changed": 4,
    "snapshot_unchanged": 4,
    "one_ticket": 4,
    "move": 8,
    "create": 8,
}
SEARCH_AT_MOST = 5.0
# What is measured in Chromium: (in words, at most).
BROWSER_GOALS: dict[str, tuple[str, float]] = {
    "painted_usual_vs_empty": ("1,000 tickets painted, times an empty board", 2),
    "painted_largest_vs_empty": ("5,000 tickets painted, times an empty board", 3),
    "nodes_largest": ("DOM nodes at 5,000 tickets", 3_000),
    "js_bytes": ("JavaScript of a board, compressed bytes", 120_000),
    "css_bytes": ("CSS of a board, compressed bytes", 30_000),
    "move_frames": ("frames from a remote move's event to its paint", 2),
}
RAW_AT_MOST, PACKED_AT_MOST = 160_000, 35_000
HEAD = ("| figure | measured | wanted | |", "|---|---|---|---|")


def rate(rows: list[dict[str, Any]], name: str, who: str, turn: int) -> float:
    """At the concurrency of the ratios."""
    wanted = (name, who, AT, turn)
    found = (row["per_second"] for row in rows if (row["name"], row["who"], row["concurrency"], row["turn"]) == wanted)
    return next(found, 0.0)


def ratio(rows: list[dict[str, Any]], over: tuple[str, str], under: tuple[str, str]) -> float:
    """The median over the turns of what stood side by side in one turn; each is (name, who)."""
    turns = sorted({row["turn"] for row in rows})
    pairs = [(rate(rows, *over, turn), rate(rows, *under, turn)) for turn in turns]
    found = [above / below for above, below in pairs if above and below]
    return round(median(found), 3) if found else 0.0


def ratios(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """By token and by session; the plain names hold the worse of the two."""
    by: dict[str, dict[str, float]] = {}
    for who in CALLERS:
        by[who] = {key: ratio(rows, (name, who), (name, under)) for key, (name, under, _) in RATIOS.items()}
        by[who][SEARCH_COST] = ratio(rows, ("one_ticket", who), ("search", who))
    worse = {key: min(by[who][key] for who in CALLERS) for key in RATIOS}
    return {**worse, SEARCH_COST: max(by[who][SEARCH_COST] for who in CALLERS), "by": by}


def machine(superuser: str) -> dict[str, Any]:
    with psycopg.connect(superuser) as connection:
        postgres = connection.info.parameter_status("server_version")
    cpu = next((line for line in read("/proc/cpuinfo").splitlines() if line.startswith("model name")), "")
    memory = next((line for line in read("/proc/meminfo").splitlines() if line.startswith("MemTotal")), "")
    return {
        "cpus": os.cpu_count(),
        "processor": cpu.partition(": ")[2],
        "memory_gb": round(int(memory.split()[1]) / 2**20) if memory else None,
        "system": platform.platform(),
        "python": platform.python_version(),
        "django": version("django"),
        "gunicorn": version("gunicorn"),
        "postgresql": postgres,
        "load_before": list(os.getloadavg()),
    }


def read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""


# --- the table -----------------------------------------------------------------------------------


def table(report: dict[str, Any]) -> str:
    parts = [heading(report), verdicts(report), speeds(report["rows"]), browser(report.get("browser"))]
    return "\n\n".join(part for part in parts if part)


def heading(report: dict[str, Any]) -> str:
    here, start = report["machine"], report["start_seconds"]
    load = ", ".join(f"{value:.1f}" for value in here["load_before"])
    lines = [
        f"- {here['cpus']} x {here['processor']}, {here['memory_gb']} GB, {here['system']}",
        f"- Python {here['python']}, Django {here['django']}, gunicorn {here['gunicorn']}, PostgreSQL {here['postgresql']}",
        f"- load of the machine before: {load}; the generator: {report['generator']}; the run: {report['took_seconds']} s",
        f"- from `bin/run` to the first answer: {start['first']:.1f} s on an empty folder, {start['again']:.1f} s again",
    ]
    for when, kinds in report["memory"].items():
        each = ", ".join(f"{name} {size / 2**20:.0f}" for name, size in kinds.items())
        lines.append(f"- memory (PSS, MB) {when}: {sum(kinds.values()) / 2**20:.0f} ({each})")
    return "\n".join(lines)


def speeds(rows: list[dict[str, Any]]) -> str:
    lines = [
        "| | by | at once | req/s | p50 ms | p95 ms | p99 ms | bytes | errors | processor ms each: web | PostgreSQL | rest |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    cells: dict[tuple[str, str, int], list[dict[str, Any]]] = {}
    for row in rows:
        title = "the floor: `ok`" if row["who"] == "floor" else row["title"]
        cells.setdefault((title, row["who"], row["concurrency"]), []).append(row)
    for (title, who, concurrency), found in sorted(cells.items(), key=lambda cell: cell[0][2]):
        mid = {key: median(row[key] for row in found) for key in ("per_second", "p50", "p95", "p99", "bytes")}
        errors = sum(sum(row["errors"].values()) for row in found)
        speed = f"{mid['per_second']:,.0f} | {mid['p50']:.2f} | {mid['p95']:.2f} | {mid['p99']:.2f}"
        by = "" if who == "floor" else who
        cells_end = f"{mid['bytes']:,.0f} | {errors} | {processor(found)}"
        lines.append(f"| {title} | {by} | {concurrency} | {speed} | {cells_end} |")
    return "\n".join(lines)


def processor(found: list[dict[str, Any]]) -> str:
    """Where the time goes, by kind of process; pgbench's is PostgreSQL's alone and goes unmeasured."""
    if not found[0]["processor_ms"]:
        return "| |"
    kinds = {kind: median(row["processor_ms"].get(kind, 0.0) for row in found) for kind in found[0]["processor_ms"]}
    web, postgres = kinds.pop("web", 0.0), kinds.pop("postgres", 0.0)
    return f"{web:.2f} | {postgres:.2f} | {sum(kinds.values()):.2f}"


def browser(found: dict[str, Any] | None) -> str:
    if not found:
        return ""
    each = ", ".join(f"{name} {took:.0f}" for name, took in found["painted_ms"].items())
    return f"Painted in Chromium {found['chromium']}, ms from the click, nothing cached, by board: {each}."


def verdicts(report: dict[str, Any]) -> str:
    lines = [*HEAD]
    found = report["ratios"]
    for key, (_, _, least) in RATIOS.items():
        each = ", ".join(f"{who} {found['by'][who][key]:.2f}" for who in CALLERS)
        lines.append(verdict(f"`{key}`", f"{found[key]:.2f} ({each})", f">= {least}", found[key] >= least))
    cost = found[SEARCH_COST]
    lines.append(verdict("search, times one ticket", f"{cost:.1f}", f"<= {SEARCH_AT_MOST:g}", cost <= SEARCH_AT_MOST))
    for name, most in STATEMENTS.items():
        count = report["statements"][name]
        lines.append(verdict(f"statements, {name.replace('_', ' ')}", f"{count:g}", f"<= {most}", count <= most))
    for name, most in (("raw", RAW_AT_MOST), ("compressed", PACKED_AT_MOST)):
        size = report["bytes"][name]
        lines.append(verdict(f"snapshot of 1,000 tickets, {name}", f"{size:,} bytes", f"<= {most:,}", size <= most))
    lines.append(verdict("deadlocks", str(report["deadlocks"]), "0", report["deadlocks"] == 0))
    lines += of_instruments(report["instruments"])
    for name, value in report.get("browser", {}).get("goals", {}).items():
        words, limit = BROWSER_GOALS[name]
        lines.append(verdict(words, f"{value:,g}", f"<= {limit:,g}", value <= limit))
    return "\n".join(lines)


def of_instruments(found: dict[str, Any]) -> list[str]:
    lines = []
    for name, share in found["ratios"].items():
        spent = found["processor_ms"]
        error = found["errors"][name]
        within = "" if error is None else f" ± {error:.3f}"
        each = f"{share:.3f}{within} (web {spent['without']:.2f} to {spent[name.partition('_')[0]]:.2f} ms)"
        lines.append(verdict(INSTRUMENTS[name], each, f">= {LEAST[name]:g}", share >= LEAST[name]))
    away = found["away"]
    p99, failed, growth = away["p99_ratio"], away["failed"], away["growth"]
    most = AWAY_P99_AT_MOST
    lines.append(verdict("p99 with a dead collector, times with one", f"{p99:.3f}", f"<= {most:g}", p99 <= most))
    lines.append(verdict("failed answers with a dead collector", str(failed), "0", failed == 0))
    most = AWAY_GROWTH_AT_MOST
    lines.append(verdict("memory it takes meanwhile, bytes", f"{growth:,}", f"<= {most:,}", growth <= most))
    return lines


def verdict(name: str, measured: str, wanted: str, reached: bool) -> str:
    return f"| {name} | {measured} | {wanted} | {'reached' if reached else 'NOT reached'} |"
