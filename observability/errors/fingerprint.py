"""Which exceptions are one and the same fault."""

import hashlib
import traceback
from pathlib import Path
from types import TracebackType

ROOT = str(Path(__file__).resolve().parent.parent.parent) + "/"
FRAMES = 3


def fingerprint_of(error: BaseException) -> str:
    """By its class and where it was raised: the innermost functions of our own code, or, without any, of anybody's.

    Without the message, which names rows, and without line numbers, which each version moves.
    """
    places = list(places_of(error.__traceback__))
    ours = [f"{path.removeprefix(ROOT)}:{function}" for path, function in places if is_ours(path)]
    others = [f"{Path(path).name}:{function}" for path, function in places]
    named = [name_of(type(error)), *(ours or others)[-FRAMES:]]
    return hashlib.sha256("\n".join(named).encode(errors="replace")).hexdigest()


def places_of(trace: TracebackType | None) -> list[tuple[str, str]]:
    frames = [frame for frame, _ in traceback.walk_tb(trace)]
    return [(frame.f_code.co_filename, frame.f_code.co_name) for frame in frames]


def is_ours(path: str) -> bool:
    return path.startswith(ROOT) and "site-packages" not in path


def name_of(kind: type[BaseException]) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
