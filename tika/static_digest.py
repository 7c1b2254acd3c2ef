"""The content hash that versions `/static/<digest>/`.

One prefix for all files lets ES modules and stylesheets import each other by relative path and still be cached for
ever: a changed file changes the prefix of every file.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = [ROOT / folder / "static" for folder in ("tika", "boards", "observability/console", "observability/slo")]


def digest_of(folders: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            found.update(path.relative_to(folder).as_posix().encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:12]
