"""`manage.py import_trello`, as a test calls it."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

from tests.cast import Workspace


def import_trello(workspace: Workspace, *arguments: str | Path, **options: Any) -> dict[str, Any]:
    """The report. Raises SystemExit where the command refuses."""
    out = StringIO()
    call_command("import_trello", *map(str, arguments), "--json", workspace=workspace.slug, stdout=out, **options)
    return dict(json.loads(out.getvalue()))


def refused(workspace: Workspace, *arguments: str | Path, **options: Any) -> str:
    """The one sentence on stderr."""
    error = StringIO()
    try:
        call_command("import_trello", *map(str, arguments), workspace=workspace.slug, stderr=error, **options)
    except SystemExit as end:
        assert end.code == 1
        return error.getvalue()
    raise AssertionError("it was not refused")
