"""What a deployment pipeline says of itself. The transaction must have been told the operators' workspace."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from observability.console.models import Mark
from observability.console.queries.pipeline import DEPLOYMENT, NAME, OUTCOMES, RESULTS, STEPS, SUCCESS
from observability.console.verbs import marks
from observability.console.version import named
from tenancy.errors import Invalid

COMMIT = re.compile(r"[0-9a-f]{1,40}")
LONGEST_VERSION = 50


def record_steps(commit: str, steps: Mapping[str, str]) -> None:
    """For the doctor, each with its outcome. Raises Invalid."""
    commit = checked_commit(commit)
    for name, outcome in steps.items():
        if name not in STEPS or outcome not in OUTCOMES:
            values = {"step": f"{name}={outcome}", "steps": ", ".join(STEPS), "outcomes": ", ".join(OUTCOMES)}
            raise Invalid.field("steps", _("“%(step)s” is no step: %(steps)s; each %(outcomes)s.") % values)
    if not steps:
        raise Invalid.field("steps", _("Name one step at least."))
    for name, outcome in steps.items():
        marks.record(Mark.Kind.OTHER, NAME, detail=f"commit={commit} {name}={outcome}")


def record_deployment(version: str, commit: str, result: str, *, who: str, run: str) -> str:
    """What it is called. One that did not stay is no deploy: what ran before is the last one still. Raises Invalid."""
    for field, text in (("version", version), ("by", who), ("run", run)):
        if not text.isprintable():
            raise Invalid.field(field, _("One line without control characters, please."))
    if not 0 < len(version) <= LONGEST_VERSION:
        raise Invalid.field("version", _("A version has 1 to %(most)d characters.") % {"most": LONGEST_VERSION})
    if result not in RESULTS:
        raise Invalid.field("result", _("The result must be one of: %(results)s.") % {"results": ", ".join(RESULTS)})
    name = named(version, checked_commit(commit))
    told = " ".join(f"{key}={text}" for key, text in (("result", result), ("by", who), ("run", run)) if text)
    if result == SUCCESS:
        marks.record_deploy(name, detail=told)
    else:
        marks.record(Mark.Kind.OTHER, DEPLOYMENT, detail=f"{name} {told}")
    return name


def checked_commit(commit: str) -> str:
    if not COMMIT.fullmatch(commit.lower()):
        raise Invalid.field("commit", _("A commit is 1 to 40 hexadecimal digits."))
    return commit.lower()
