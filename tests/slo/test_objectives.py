"""The file of objectives says what is promised, and refuses what it cannot mean with line and reason."""

import pytest

from observability.slo.edges import EDGES_MS
from observability.slo.objective import FILE, Objectives, objectives, parse
from observability.slo.toml_lines import Refused

TEXT = FILE.read_text(encoding="utf-8")


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


def refusal(text: str) -> str:
    with pytest.raises(Refused) as refused:
        parse(text)
    return str(refused.value)


def test_the_promises_are_the_guides() -> None:
    found: Objectives = objectives()
    targets = {objective.name: (objective.target, objective.threshold_ms) for objective in found.all}
    assert targets["availability"] == (0.999, 0)
    assert targets["error_rate"] == (0.999, 0)
    assert targets["api_latency_p95"] == (0.95, 300)
    assert targets["api_latency_p99"] == (0.99, 1000)
    assert targets["page_load"] == (0.75, 2500)
    assert {"sync_lag", "restore_freshness"} <= set(targets)
    assert (found.agreement.availability, found.baseline.availability, found.baseline.error_rate) == (0.995,) * 3
    assert [(w.factor, w.long_minutes, w.short_minutes) for w in found.windows] == [
        (14.4, 60, 5),
        (6, 360, 30),
        (3, 1440, 120),
        (1, 4320, 360),
    ]
    assert {300, 1000} < set(EDGES_MS)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("target = 0.999", "traget = 0.999", "traget: there is no 'traget' here"),
        ("target = 0.999", "target = 1.0", "target: 1.0 leaves nothing that may fail"),
        ("target = 0.999", "target = 99.9", "target: 99.9 leaves nothing that may fail"),
        ("target = 0.999", "target = 0", "target: 0 promises nothing"),
        ("target = 0.999", "target = -0.5", "target: -0.5 promises nothing"),
        ("target = 0.999", 'target = "0.999"', "target: '0.999' is not of type float"),
        ('indicator = "availability"', 'indicator = "uptime"', "indicator: 'uptime' is not counted"),
        ("threshold_ms = 300", "threshold_ms = 250", "threshold_ms: 250 is no edge of the buckets"),
        ("window_days = 30", "window_days = 90", "window_days: the minutes are kept for 35 days"),
        ("gates_deploys = true", "gates_deploys = 1", "gates_deploys: 1 is not of type bool"),
        ('severity = "page"', 'severity = "shout"', "severity: 'shout' is neither page nor ticket"),
        ("short_minutes = 5", "short_minutes = 60", "short_minutes: must be shorter than the long window"),
        ("factor = 14.4", "factor = -1", "factor: must be above 0"),
        ("target = 0.999", "target = = 0.999", "Invalid value (at line"),
        ("[agreement] ", "[agrement] ", "there is no table 'agrement' here"),
    ],
)
def test_a_mistake_is_refused_with_its_line_and_the_reason(before: str, after: str, reason: str) -> None:
    changed = TEXT.replace(before, after, 1)
    said = refusal(changed)
    assert said.startswith(f"objectives.toml:{line_of(changed, after)}: "), said
    assert reason in said


def test_two_objectives_of_one_name_are_refused_at_the_second() -> None:
    changed = TEXT.replace('name = "error_rate"', 'name = "availability"', 1)
    second = line_of(changed, 'indicator = "error_rate"') - 1
    assert refusal(changed) == f"objectives.toml:{second}: name: 'availability' stands here a second time"


def test_what_is_missing_is_refused_at_its_table() -> None:
    changed = TEXT.replace("target = 0.999\n", "", 1)
    assert refusal(changed) == f"objectives.toml:{line_of(changed, '[[objective]]')}: 'target' is missing"


def test_a_threshold_belongs_to_what_is_measured_in_time() -> None:
    assert "'api_latency' needs a threshold" in refusal(TEXT.replace("threshold_ms = 300\n", "", 1))
    wrong = TEXT.replace('indicator = "error_rate"', 'indicator = "error_rate"\nthreshold_ms = 300', 1)
    assert "'error_rate' has no threshold" in refusal(wrong)
