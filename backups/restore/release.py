"""Whether this code can read what was stored."""

from pathlib import Path

from backups.config import ROOT
from backups.manifest import Manifest
from backups.sentences import Stopped

FOLDERS = {"slo": "observability/slo", "console": "observability/console", "incidents": "observability/incidents"}


def refuse_newer(manifest: Manifest, release: str, root: Path = ROOT) -> None:
    """Raises Stopped. An older one is brought up to date by this code's migrations."""
    unknown = [app for app, name in manifest.migrations.items() if is_ours(app, root) and not known(app, name, root)]
    if unknown or numbers(manifest.release) > numbers(release):
        raise Stopped(
            f"{manifest.name} was made by a newer Tika ({manifest.release}; this is {release}): install that one first."
        )


def is_ours(app: str, root: Path) -> bool:
    return (root / FOLDERS.get(app, app) / "migrations").is_dir()


def known(app: str, name: str, root: Path) -> bool:
    return (root / FOLDERS.get(app, app) / "migrations" / f"{name}.py").exists()


def numbers(release: str) -> list[int]:
    return [int(part) for part in release.split("+")[0].split("-")[0].split(".") if part.isdigit()]
