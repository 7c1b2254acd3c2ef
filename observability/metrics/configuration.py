"""What the environment says about metrics; read here too, since gunicorn's master runs without Django's settings."""

import os
import socket
from pathlib import Path

# Names of the guide, names in base units, or both.
STYLES = ("both", "seed", "base")
SWITCH = ("on", "off")


def enabled() -> bool:
    return os.environ.get("TIKA_METRICS", "") != "off"


def style() -> str:
    return os.environ.get("TIKA_METRICS_STYLE", "") or STYLES[0]


def folder_path() -> Path:
    """Best in memory: /dev/shm, or a tmpfs of 64 MiB in a container."""
    if given := os.environ.get("TIKA_METRICS_DIR"):
        return Path(given)
    return Path(os.environ.get("TIKA_DATA_DIR") or "var") / "run" / "metrics"


def address() -> tuple[str, int] | None:
    """Where this process is to serve its host's numbers; None where another one does."""
    port = os.environ.get("METRICS_PORT", "")
    return (os.environ.get("METRICS_HOST") or "127.0.0.1", int(port)) if port else None


def door_at(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=64)
