"""How each process is started: the same words under bin/run and in the image."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# What runs until it is stopped, and the database role each signs in as.
PROCESSES = {"web": "app", "live": "app", "worker": "worker", "exporter": "app"}


def command(name: str, *arguments: str) -> list[str]:
    """Of a process, or of any management command."""
    if name == "web":
        return [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "tika" / "gunicorn_web.py"), "tika.wsgi"]
    if name == "live":
        return [sys.executable, "-m", "tika.live"]
    return [sys.executable, str(ROOT / "manage.py"), name, *arguments]
