"""What running it costs a month, from what it really uses."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import translation

from observability.console.cost.estimate import Estimate
from observability.console.cost.prices import OURS, BadPrices
from observability.console.queries.cost import ADVICE, Column, Cost, cost
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID


class Command(BaseCommand):
    help = "Estimates what running Tika costs a month, people included, for this installation and for each stage."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prices", type=Path, help="a file of prices; by default TIKA_PRICES, or the guide's")
        parser.add_argument("--example", action="store_true", help="print the file of prices, to fill in")
        parser.add_argument("--json", action="store_true", help="print the estimate as JSON and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["example"]:
            self.stdout.write(OURS.read_text(encoding="utf-8"), ending="")
            return
        try:
            with translation.override("en"), tenant_context(OPERATORS_ID):
                found = cost(options["prices"])
                told = json.dumps(found.as_json(), indent=2) if options["json"] else "\n".join(lines(found))
        except BadPrices as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error
        self.stdout.write(told)


def lines(found: Cost) -> Iterator[str]:
    used = found.used
    yield (
        f"People: {used.people}, workspaces: {used.workspaces}, requests a day: {used.requests:,.0f},"
        f" stored: {(used.database_bytes + used.files_bytes) / 10**9:.2f} GB"
    )
    yield f"{'US$ a month':<14}" + "".join(f"{heading(column):>20}" for column in found.columns)
    for place, one in enumerate(found.columns[0].estimates):
        yield f"{one.way:<14}" + "".join(f"{cell(column.estimates[place]):>20}" for column in found.columns)
    missing = {line.price.name for column in found.columns for one in column.estimates for line in one.unpriced}
    if missing:
        yield f"+n: so many prices are not filled in: {'; '.join(sorted(missing))}."
        yield "    bin/manage cost --example > prices.toml, fill in, bin/manage cost --prices prices.toml"
    for way, hours in found.break_even.items():
        said = "not known: prices are missing" if hours is None else f"{hours} hours a month"
        yield f"{way} instead of paas pays for {said} of people's work."
    yield f"The guide on such a bill: {ADVICE[found.columns[0].estimates[0].advice]}."


def heading(column: Column) -> str:
    return "now" if column.is_now else f"{column.load.stage.about.name} ({column.load.people:,})"


def cell(one: Estimate) -> str:
    return f"{one.total:,.2f}" + (f" +{len(one.unpriced)}" if one.unpriced else "")
