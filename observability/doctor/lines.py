"""The report for a terminal."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from observability.doctor.check import State
from observability.doctor.examine import Result
from observability.doctor.report import Report
from observability.doctor.signals import Seen
from observability.doctor.stages import Stage

MARKS = {State.OK: "ok", State.WARN: "warn", State.UNKNOWN: "?", State.FAIL: "FAIL"}


def lines(report: Report, up_to: Stage = Stage.ENTERPRISE) -> Iterator[str]:
    yield f"Tika {report.version} · {report.at:%Y-%m-%d %H:%M} UTC"
    fit = report.fit_for.about.name if report.fit_for else _("no stage yet")
    yield _("Fit for: %(fit)s. Used as: %(used)s.") % {"fit": fit, "used": report.used_as.about.name}
    for standing in report.standings:
        if standing.stage > up_to:
            break
        yield ""
        yield f"{int(standing.stage)} {standing.stage.about.name}  {standing.passed}/{len(standing.results)}"
        for result in standing.results:
            yield from result_lines(result)
    if report.signals:
        yield ""
        yield _("The next stage begins when:")
        yield from (signal_line(one) for one in report.signals)


def result_lines(result: Result) -> Iterator[str]:
    yield f"  {MARKS[result.state]:<4}  {result.check.key:<22}  {result.check.title}: {result.finding.evidence}"
    if result.state is State.OK:
        return
    if result.finding.advice:
        yield f"        {result.finding.advice}"
    if result.finding.remedy:
        yield f"        $ {result.finding.remedy}"


def signal_line(one: Seen) -> str:
    value = _("ask people") if one.value is None else f"{one.value:,.0f} / {one.signal.threshold:,.0f}"
    return f"  {'>>' if one.speaks else '  '}  {one.signal.says}  ({value})"
