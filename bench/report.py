"""The figures as a table for people and as JSON for programs."""

import os
import platform
from pathlib import Path
from statistics import median
from typing import Any

# key: (what is divided, by what, at least)
RATIOS = {
    "snapshot_changed_vs_pgbench": ("snapshot_changed", "pgbench", 0.5),
    "snapshot_unchanged_vs_floor": ("snapshot_unchanged", "floor", 0.35),
    "not_modified_vs_floor": ("not_modified", "floor", 0.4),
    "one_ticket_vs_floor": ("one_ticket", "floor", 0.3),
    "create_vs_floor": ("create", "floor", 0.2),
    "move_vs_floor": ("move", "floor", 0.2),
}
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
RAW_AT_MOST, PACKED_AT_MOST = 160_000, 35_000


def rate(rows: list[dict[str, Any]], name: str, who: str, concurrency: int, turn: int) -> float:
    found = [
        row["per_second"]
        for row in rows
        if (row["name"], row["who"], row["concurrency"], row["turn"]) == (name, who, concurrency, turn)
    ]
    return found[0] if found else 0.0


def ratio(rows: list[dict[str, Any]], name: str, by: str, who: str) -> float:
    """The median over the turns of what stood side by side in one turn."""
    turns = sorted({row["turn"] for row in rows if row["concurrency"] == AT})
    found = []
    for turn in turns:
        under = rate(rows, "floor", "", AT, turn) if by == "floor" else rate(rows, name, "pgbench", AT, turn)
        over = rate(rows, name, who, AT, turn)
        if under and over:
            found.append(over / under)
    return round(median(found), 3) if found else 0.0


def ratios(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """By token and by session; the plain names hold the lower of the two."""
    told: dict[str, Any] = {}
    by = {who: {key: ratio(rows, name, under, who) for key, (name, under, _) in RATIOS.items()} for who in CALLERS}
    for key in RATIOS:
        told[key] = min(by[who][key] for who in CALLERS)
    for who in CALLERS:
        by[who]["search_cost_vs_one_ticket"] = search_cost(rows, who)
    told["search_cost_vs_one_ticket"] = max(by[who]["search_cost_vs_one_ticket"] for who in CALLERS)
    return {**told, "by": by}


CALLERS = ("token", "session")


def search_cost(rows: list[dict[str, Any]], who: str) -> float:
    turns = sorted({row["turn"] for row in rows if row["concurrency"] == AT})
    pairs = [(rate(rows, "one_ticket", who, AT, turn), rate(rows, "search", who, AT, turn)) for turn in turns]
    found = [one / search for one, search in pairs if one and search]
    return round(median(found), 2) if found else 0.0


def machine() -> dict[str, Any]:
    cpu = next((line for line in read("/proc/cpuinfo").splitlines() if line.startswith("model name")), "")
    memory = next((line for line in read("/proc/meminfo").splitlines() if line.startswith("MemTotal")), "")
    return {
        "cpus": os.cpu_count(),
        "processor": cpu.partition(": ")[2],
        "memory_gb": round(int(memory.split()[1]) / 2**20) if memory else None,
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": list(os.getloadavg()),
    }


def read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""


# --- the table -----------------------------------------------------------------------------------


def table(report: dict[str, Any]) -> str:
    parts = [heading(report), speeds(report["rows"]), verdicts(report)]
    return "\n\n".join(part for part in parts if part)


def heading(report: dict[str, Any]) -> str:
    here = report["machine"]
    lines = [f"{here['cpus']} x {here['processor']}, {here['memory_gb']} GB, {here['system']}, Python {here['python']}"]
    load = ", ".join(f"{value:.1f}" for value in here["load_before"])
    lines.append(f"load before: {load}; generator: {report['generator']}")
    lines.append(f"start to first answer: {report['start']['seconds']:.1f} s")
    for when, kinds in report["memory"].items():
        each = ", ".join(f"{name} {size / 2**20:.0f}" for name, size in kinds.items())
        lines.append(f"memory (PSS, MB), {when}: {sum(kinds.values()) / 2**20:.0f} ({each})")
    return "\n".join(lines)


def speeds(rows: list[dict[str, Any]]) -> str:
    lines = [
        "| | by | c | req/s | p50 ms | p95 ms | p99 ms | bytes | errors |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    cells: dict[tuple[str, str, int], list[dict[str, Any]]] = {}
    for row in rows:
        cells.setdefault((row["title"], row["who"], row["concurrency"]), []).append(row)
    for (title, who, concurrency), found in cells.items():
        mid = {key: median(row[key] for row in found) for key in ("per_second", "p50", "p95", "p99", "bytes")}
        errors = sum(sum(row["errors"].values()) for row in found)
        speed = f"{mid['per_second']:,.0f} | {mid['p50']:.2f} | {mid['p95']:.2f} | {mid['p99']:.2f}"
        lines.append(f"| {title} | {who} | {concurrency} | {speed} | {mid['bytes']:,.0f} | {errors} |")
    return "\n".join(lines)


def verdicts(report: dict[str, Any]) -> str:
    lines = ["| figure | measured | wanted | |", "|---|---|---|---|"]
    found = report["ratios"]
    for key, (_, _, least) in RATIOS.items():
        each = ", ".join(f"{who} {found['by'][who][key]:.2f}" for who in CALLERS)
        lines.append(verdict(key, f"{found[key]:.2f} ({each})", f">= {least}", found[key] >= least))
    cost = found["search_cost_vs_one_ticket"]
    lines.append(
        verdict("search, times the cost of one ticket", f"{cost:.1f}", f"<= {SEARCH_AT_MOST:g}", cost <= SEARCH_AT_MOST)
    )
    for name, most in STATEMENTS.items():
        count = report["statements"][name]
        lines.append(verdict(f"statements, {name}", f"{count:g}", f"<= {most}", count <= most))
    for name, most in (("raw", RAW_AT_MOST), ("compressed", PACKED_AT_MOST)):
        size = report["bytes"][name]
        lines.append(verdict(f"snapshot of 1,000 tickets, {name}", f"{size:,} bytes", f"<= {most:,}", size <= most))
    lines.append(verdict("deadlocks", str(report["deadlocks"]), "0", report["deadlocks"] == 0))
    for name, (value, most) in report.get("browser", {}).get("goals", {}).items():
        lines.append(verdict(name, f"{value:,g}", f"<= {most:,g}", value <= most))
    return "\n".join(lines)


def verdict(name: str, measured: str, wanted: str, reached: bool) -> str:
    return f"| {name} | {measured} | {wanted} | {'reached' if reached else 'NOT reached'} |"
