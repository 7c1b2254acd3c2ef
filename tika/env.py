"""Environment values: read once, typed, refused at start when they make no sense."""

import os
from pathlib import Path
from typing import Any

import environ

VERSION = "0.1.0"
ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()


def data_dir() -> Path:
    return Path(env.str("TIKA_DATA_DIR", default=str(ROOT / "var"))).expanduser().resolve()


def database_url(role: str) -> str:
    """The URL this process connects with; `role` is app, worker, migrator or backup."""
    if role not in {"app", "worker", "migrator", "backup"}:
        raise ValueError(f"TIKA_DB_ROLE is {role!r}; it must be app, worker, migrator or backup")
    own = "DATABASE_URL" if role == "app" else f"DATABASE_URL_{role.upper()}"
    return env.str(own, default="") or "postgres://tika_app@127.0.0.1:1/tika"


def text_list(name: str) -> list[str]:
    return [part.strip() for part in env.str(name, default="").split(",") if part.strip()]


def one_of(name: str, default: str, *others: str) -> str:
    value: str = env.str(name, default="") or default
    if value not in {default, *others}:
        raise ValueError(f"{name} is {value!r}; it must be {', '.join([default, *others])}")
    return value


def logging_config() -> dict[str, Any]:
    """As `observability.logs.configure` takes it; a process that has not read the settings may write lines too.

    What answers on its output (`bin/manage create_token`) has its lines beside, on stderr. A terminal gets words.
    """
    service = env.str("TIKA_SERVICE", default="tika")
    descriptor = 2 if service == "tika-manage" else 1
    return {
        "level": env.str("TIKA_LOG_LEVEL", default="") or "info",
        "json": env.bool("TIKA_LOG_JSON", default=not os.isatty(descriptor)),
        "descriptor": descriptor,
        "service": service,
        "env": env.str("TIKA_ENV", default="production"),
        "version": VERSION,
    }
