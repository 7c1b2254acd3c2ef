"""Environment values: read once, typed, refused at start when they make no sense."""

from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()


def data_dir() -> Path:
    return Path(env.str("TIKA_DATA_DIR", default=str(ROOT / "var"))).expanduser().resolve()


def database_url(role: str) -> str:
    """The URL this process connects with; `role` is app, worker or migrator."""
    if role not in {"app", "worker", "migrator"}:
        raise ValueError(f"TIKA_DB_ROLE is {role!r}; it must be app, worker or migrator")
    own = "DATABASE_URL" if role == "app" else f"DATABASE_URL_{role.upper()}"
    return env.str(own, default="") or "postgres://tika_app@127.0.0.1:1/tika"


def text_list(name: str) -> list[str]:
    return [part.strip() for part in env.str(name, default="").split(",") if part.strip()]


def one_of(name: str, default: str, *others: str) -> str:
    value: str = env.str(name, default="") or default
    if value not in {default, *others}:
        raise ValueError(f"{name} is {value!r}; it must be {', '.join([default, *others])}")
    return value
