"""The pipeline's scripts as somebody runs them, with stand-ins for the programs that they call."""

import os
import subprocess
import sys
from pathlib import Path

from tests.delivery.pipelines.workflows import PIPELINE


def run(
    script: str | Path, *arguments: str | Path, cwd: str | Path | None = None, **environ: str
) -> tuple[int, str, str]:
    """Its code, output and errors; it sees nothing of our environment but PATH."""
    # Without site-packages: the scripts need nothing but Python.
    interpreter = ["sh"] if str(script).endswith(".sh") else [sys.executable, "-SE"]
    done = subprocess.run(
        [*interpreter, PIPELINE / script, *map(str, arguments)],
        env={"PATH": os.environ["PATH"], **environ},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=180,
    )
    return done.returncode, done.stdout, done.stderr


def stand_in(folder: Path, name: str, text: str) -> str:
    """A PATH on which `name` is this text; it may write down what it was asked in $CALLS."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"
