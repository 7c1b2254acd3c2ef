"""`bin/upgrade --compose`, with a stand-in for docker that remembers what it was told."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tika.cli.environment import ROOT

Run = Callable[..., "subprocess.CompletedProcess[str]"]
# PROVEN and SICK are what the stand-in is told; each line of `said` is the image it was told, and its words.
DOCKER = """#!/bin/sh
printf '%s %s\\n' "$TIKA_IMAGE" "$*" >>said
case "$*" in
*upgrade_facts*) printf '{"pending": ["boards.0999_next"], "proven": %s}\\n' "$PROVEN" ;;
*"run --rm --no-deps -T migrate"*) [ "$SICK" != migrate ] ;;
*"health web --ready"*) [ "$TIKA_IMAGE" != "$SICK" ] ;;
esac
"""
PROVEN = '{"when": "2026-11-26T00:00:00+00:00", "fresh": true}'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """An unpacked release beside its .env, as bin/install left it."""
    for name in ("deploy/install", "deploy/compose"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "bin" / "upgrade", tmp_path / "bin")
    (tmp_path / ".env").write_text(
        "TIKA_DOMAIN=board.internal\nTIKA_IMAGE=tika:0.1.0\nTIKA_ADMIN_EMAIL=a@example.com\n"
    )
    docker = tmp_path / "tools" / "docker"
    docker.parent.mkdir()
    docker.write_text(DOCKER)
    docker.chmod(0o755)
    sleep = tmp_path / "tools" / "sleep"
    sleep.write_text("#!/bin/sh\n")
    sleep.chmod(0o755)
    return tmp_path


@pytest.fixture
def run(site: Path) -> Run:
    def run(*arguments: str, proven: str = PROVEN, sick: str = "") -> "subprocess.CompletedProcess[str]":
        environ = {"PATH": f"{site / 'tools'}:{os.environ['PATH']}", "PROVEN": proven, "SICK": sick}
        command = [str(site / "bin" / "upgrade"), "--compose", *arguments]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)

    return run


def said(site: Path) -> list[str]:
    return (site / "said").read_text().splitlines()


def image(site: Path) -> str:
    return next(line for line in (site / ".env").read_text().splitlines() if line.startswith("TIKA_IMAGE="))


def test_it_backs_up_migrates_and_replaces_in_this_order(run: Run, site: Path) -> None:
    done = run("tika:0.2.0", "--watch", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    words = ["backup --kind base", "-T roles", "-T migrate", "began", "up -d --no-deps app live", "upgraded from"]
    places = [next(n for n, line in enumerate(said(site)) if word in line) for word in words]
    assert places == sorted(places)
    assert said(site)[places[0]].startswith("tika:0.1.0 ")
    assert said(site)[places[2]].startswith("tika:0.2.0 ")
    assert image(site) == "TIKA_IMAGE=tika:0.2.0"
    assert "tika:0.2.0 runs." in done.stdout


def test_without_a_proven_restore_nothing_is_changed(run: Run, site: Path) -> None:
    for proven in ("null", '{"when": "2026-01-01", "fresh": false}'):
        done = run("tika:0.2.0", proven=proven)
        assert done.returncode == 1
        assert "No restore was proven lately" in done.stderr
    assert not any("migrate" in line or " up " in line for line in said(site))
    done = run("tika:0.2.0", "--watch", "1", "--without-proven-backup", "an empty trial", proven="null")
    assert done.returncode == 0
    assert any("--detail an empty trial" in line for line in said(site))


def test_looking_changes_nothing(run: Run, site: Path) -> None:
    done = run("tika:0.2.0", "--check")
    assert done.returncode == 0
    assert "boards.0999_next" in done.stdout
    assert not any("migrate" in line or " up " in line for line in said(site))
    assert image(site) == "TIKA_IMAGE=tika:0.1.0"


def test_an_image_that_is_not_well_is_put_back(run: Run, site: Path) -> None:
    done = run("tika:0.2.0", sick="tika:0.2.0")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "tika:0.2.0 is not well: it is not ready after two minutes" in done.stderr
    assert image(site) == "TIKA_IMAGE=tika:0.1.0"
    assert any("put back to tika:0.1.0" in line for line in said(site))


def test_a_migration_that_fails_leaves_the_old_image_running(run: Run, site: Path) -> None:
    done = run("tika:0.2.0", sick="migrate")
    assert done.returncode == 1
    assert image(site) == "TIKA_IMAGE=tika:0.1.0"
    assert not any(" up " in line for line in said(site))


@pytest.mark.parametrize(("arguments", "code"), [((), 2), (("--fast", "tika:0.2.0"), 2), (("tika:0.1.0",), 1)])
def test_what_makes_no_sense_is_refused(run: Run, arguments: tuple[str, ...], code: int) -> None:
    assert run(*arguments).returncode == code
