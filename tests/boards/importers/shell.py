"""`manage.py import_trello`, as a test calls it."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
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
    with pytest.raises(SystemExit) as end:
        call_command("import_trello", *map(str, arguments), workspace=workspace.slug, stderr=error, **options)
    assert end.value.code == 1
    return error.getvalue()
