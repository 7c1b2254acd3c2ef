"""A month's service level as a PDF, in the reader's language; its font is embedded (fonts/README.md)."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from observability.slo.queries.agreement import Month
from observability.slo.templatetags.service_level import events, exact_share

FONT = "TikaReport"
FONT_FILE = Path(__file__).with_name("fonts") / "TikaReport.ttf"
MM: float = mm
LEFT, TOP, WIDTH = 20 * MM, float(A4[1]) - 25 * MM, float(A4[0]) - 40 * MM
LINE = 5.6 * MM
COLUMNS = (0, 70 * MM, 100 * MM, 130 * MM)


@cache
def load_font() -> None:
    pdfmetrics.registerFont(TTFont(FONT, FONT_FILE))


def report_of(month: Month, workspace: str) -> bytes:
    load_font()
    written = BytesIO()
    # Without the time it was made: the same month is the same file.
    canvas = Canvas(written, pagesize=A4, invariant=1, lang=get_language() or "en")
    canvas.setTitle(f"{_('Service level report')} {month.first:%Y-%m}")
    canvas.setAuthor("Tika")
    y = write_head(canvas, month, workspace)
    y = write_facts(canvas, month, y)
    write_days(canvas, month, y)
    canvas.showPage()
    canvas.save()
    return written.getvalue()


def write_head(canvas: Any, month: Month, workspace: str) -> float:
    canvas.setFont(FONT, 18)
    canvas.drawString(LEFT, TOP, _("Service level report"))
    canvas.setFont(FONT, 12)
    canvas.drawString(LEFT, TOP - 1.6 * LINE, fitted(canvas, workspace, 12))
    when = date_format(month.first, "YEAR_MONTH_FORMAT")
    canvas.drawString(LEFT, TOP - 2.8 * LINE, when if month.is_over else _("%(month)s, not over yet") % {"month": when})
    return TOP - 5 * LINE


def fitted(canvas: Any, text: str, size: float) -> str:
    """What of it goes into a line; a glyph the font lacks is a question mark, and not a hole."""
    known = pdfmetrics.getFont(FONT).face.charToGlyph
    shown = "".join(letter if ord(letter) in known else "?" for letter in text)
    while shown and canvas.stringWidth(shown, FONT, size) > WIDTH:
        shown = shown[:-1]
    return shown


def verdict(month: Month) -> str:
    if month.is_kept is None:
        return _("Insufficient data")
    if month.is_kept:
        return _("The agreement was kept.") if month.is_over else _("The agreement is kept so far.")
    return _("The agreement was not kept.") if month.is_over else _("The agreement is not kept so far.")


def write_facts(canvas: Any, month: Month, y: float) -> float:
    facts = [
        (_("Availability"), exact_share(month.counts.share)),
        (_("Agreed"), exact_share(month.target)),
        (_("Requests that count"), events(month.counts.valid)),
        (_("Failed"), events(month.counts.bad)),
        (_("In announced maintenance (not counted)"), events(month.planned.valid)),
    ]
    canvas.setFont(FONT, 11)
    for number, (name, value) in enumerate(facts):
        canvas.drawString(LEFT, y - number * LINE, name)
        canvas.drawRightString(LEFT + 110 * MM, y - number * LINE, value)
    y -= (len(facts) + 0.5) * LINE
    canvas.drawString(LEFT, y, verdict(month))
    return y - 2 * LINE


def write_days(canvas: Any, month: Month, y: float) -> None:
    """At most thirty-one lines, which are room enough below what stands above."""
    canvas.setFont(FONT, 8.5)
    rows = [(_("Day (UTC)"), _("Availability"), _("Requests"), _("Failed"))]
    for day, counts in month.days:
        shown = exact_share(counts.share)
        rows.append((date_format(day, "DATE_FORMAT"), shown, events(counts.valid), events(counts.bad)))
    for number, (day_text, *values) in enumerate(rows):
        line = y - number * LINE * 0.8
        canvas.drawString(LEFT, line, day_text)
        for column, value in zip(COLUMNS[1:], values, strict=True):
            canvas.drawRightString(LEFT + column + 20 * MM, line, value)
        if number == 0:
            canvas.line(LEFT, line - 1.5 * MM, LEFT + WIDTH, line - 1.5 * MM)
