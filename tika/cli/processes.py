"""How each process is started: the same words under bin/run and in the image."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# What runs until it is stopped, and the database role each signs in as.
PROCESSES = {"web": "app", "live": "app", "worker": "worker", "exporter": "app", "backup_process": "worker"}
# Commands that hold locks of their session and take their time, which the app's role may not.
WORKERS_COMMANDS = frozenset({"backup", "restore", "restore_drill"})


def command(name: str, *arguments: str) -> list[str]:
    """Of a process, or of any management command."""
    if name == "web":
        return [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "tika" / "gunicorn_web.py"), "tika.wsgi"]
    if name == "live":
        return [sys.executable, "-m", "tika.live"]
    if name == "backup_process":
        return [sys.executable, "-m", "tika.backup_process"]
    return [sys.executable, str(ROOT / "manage.py"), name, *arguments]


def role_of(name: str) -> str:
    """The database role that a process or a command signs in as."""
    return PROCESSES.get(name, "worker" if name in WORKERS_COMMANDS else "app")
