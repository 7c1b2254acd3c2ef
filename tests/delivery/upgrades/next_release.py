"""A release after this one: its files beside ours, with another version, a line in the changelog and a migration."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.cli.running import Running, clean_environment
from tika.cli.environment import ROOT
from tika.env import VERSION

CODE = ("tika", "tenancy", "audit", "boards", "observability", "backups", "manage.py")
FILES = ("CHANGELOG.md", "pyproject.toml", "requirements-local.lock")
MIGRATION = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("boards", {after!r})]
    operations = [migrations.AddField("label", "note", models.TextField(null=True))]
"""


class NextRelease:
    def __init__(self, folder: Path, version: str) -> None:
        self.root = folder
        self.version = version
        folder.mkdir()
        for name in CODE:
            kind = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            kind(ROOT / name, folder / name)
        for name in FILES:
            shutil.copy(ROOT / name, folder / name)
        (folder / ".venv").symlink_to(ROOT / ".venv")
        self.edit("tika/env.py", f'VERSION = "{VERSION}"', f'VERSION = "{version}"')
        self.edit("CHANGELOG.md", "# Changelog\n", f"# Changelog\n\n## {version}\n\nMore of everything.\n")
        after = sorted(path.stem for path in (ROOT / "boards" / "migrations").glob("0*.py"))[-1]
        (folder / "boards" / "migrations" / "0999_next.py").write_text(MIGRATION.format(after=after))

    def edit(self, name: str, before: str, after: str) -> None:
        text = (self.root / name).read_text()
        assert before in text, f"{name} does not have {before!r}"
        (self.root / name).write_text(text.replace(before, after, 1))

    def upgrade(self, tika: Running, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return upgrade_by(self.root, tika, *arguments, **more)


def upgrade_by(root: Path, tika: Running, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """`bin/upgrade` of the release in `root`, in the environment that is there already."""
    environ = clean_environment(TIKA_DATA_DIR=str(tika.folder), **more) | {"PYTHONPATH": str(root)}
    program = str(root / ".venv" / "bin" / Path(sys.executable).name)
    command = [program, "-P", "-m", "tika.cli.upgrade", *arguments]
    done = subprocess.run(command, env=environ, cwd=root, capture_output=True, text=True, timeout=600)
    if transcript := os.environ.get("UPGRADE_TRANSCRIPT"):
        with Path(transcript).open("a") as file:
            file.write(f"$ bin/upgrade {' '.join(arguments)}\n{done.stdout}{done.stderr}[{done.returncode}]\n\n")
    return done
