"""`bin/upgrade --compose`, with a stand-in for docker that remembers what it was told."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tika.cli.environment import ROOT

Run = Callable[..., "subprocess.CompletedProcess[str]"]
# PROVEN, UNKNOWN, SICK (an image that is never ready) and LATE (one that is no more when its parts have been replaced)
# are what the stand-in is told; each line of `said` is the image it was told, and its words. Containers are named after
# images.
DOCKER = """#!/bin/sh
printf '%s %s\\n' "$TIKA_IMAGE" "$*" >>said
case "$*" in
*upgrade_facts*) printf '{"pending": ["boards.0999_next"], "unknown": [%s], "proven": %s}\\n' "$UNKNOWN" "$PROVEN" ;;
*"run --rm --no-deps -T migrate"*) [ "$SICK" != migrate ] ;;
*"run -d -T --no-deps "*) echo "beside-$TIKA_IMAGE-$6" ;;
"compose ps -q "*) echo "$4-$TIKA_IMAGE" ;;
"inspect --format {{.State.Running}}"*) echo true ;;
inspect*) echo "site_front " ;;
"exec beside-$SICK-"* | "exec app-$LATE "*) exit 1 ;;
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
    def run(
        *arguments: str, proven: str = PROVEN, unknown: str = "", sick: str = "", late: str = ""
    ) -> "subprocess.CompletedProcess[str]":
        told = {"PROVEN": proven, "UNKNOWN": unknown, "SICK": sick, "LATE": late}
        environ = {"PATH": f"{site / 'tools'}:{os.environ['PATH']}", **told}
        command = [str(site / "bin" / "upgrade"), "--compose", *arguments]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)

    return run


def said(site: Path) -> list[str]:
    return (site / "said").read_text().splitlines()


def image(site: Path) -> str:
    return next(line for line in (site / ".env").read_text().splitlines() if line.startswith("TIKA_IMAGE="))


def place(site: Path, word: str) -> int:
    return next(number for number, line in enumerate(said(site)) if word in line)


def test_it_backs_up_migrates_and_replaces_in_this_order(run: Run, site: Path) -> None:
    done = run("tika:0.2.0", "--watch", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    words = ["backup --kind base", "-T roles", "-T migrate", "began", "run -d", "up -d --no-deps", "upgraded from"]
    places = [place(site, word) for word in words]
    assert places == sorted(places)
    assert said(site)[places[0]].startswith("tika:0.1.0 ")
    assert said(site)[places[2]].startswith("tika:0.2.0 ")
    assert image(site) == "TIKA_IMAGE=tika:0.2.0"
    assert "tika:0.2.0 runs." in done.stdout


def test_what_people_reach_is_replaced_behind_a_stand_in_that_is_ready(run: Run, site: Path) -> None:
    assert run("tika:0.2.0", "--watch", "1").returncode == 0
    for part in ("app", "live"):
        name = f"beside-tika:0.2.0-{part}"
        words = [f"run -d -T --no-deps {part}", f"exec {name} tika health --ready", f"disconnect site_front {name}"]
        words += [f"connect --alias {part} site_front {name}", "up -d --no-deps", f"exec {part}-tika:0.2.0 tika health"]
        places = [place(site, word) for word in [*words, f"stop -t 20 {name}"]]
        assert places == sorted(places)
        assert f"tika:0.2.0 rm -f {name}" in said(site)
    assert "--scale app=1 --scale live=1 app live worker exporter backup" in said(site)[place(site, "up -d")]


def test_without_a_proven_restore_nothing_is_changed(run: Run, site: Path) -> None:
    for proven in ("null", '{"when": "2026-01-01", "fresh": false}'):
        done = run("tika:0.2.0", proven=proven)
        assert done.returncode == 1
        assert "No restore was proven lately" in done.stderr
    assert not any("migrate" in line or " up " in line for line in said(site))
    done = run("tika:0.2.0", "--watch", "1", "--without-proven-backup", "an empty trial", proven="null")
    assert done.returncode == 0
    assert any("--detail an empty trial" in line for line in said(site))


def test_an_image_that_is_older_than_the_data_wants_a_reason(run: Run, site: Path) -> None:
    done = run("tika:0.0.9", unknown='"boards.0999_next"')
    assert done.returncode == 1
    assert "tika:0.0.9 is older than the data" in done.stderr
    assert not any("migrate" in line or " up " in line for line in said(site))
    done = run("tika:0.0.9", "--watch", "1", "--older", "it was better", unknown='"boards.0999_next"')
    assert done.returncode == 0, done.stdout + done.stderr
    assert any("--detail it was better" in line for line in said(site))


def test_looking_changes_nothing(run: Run, site: Path) -> None:
    done = run("tika:0.2.0", "--check")
    assert done.returncode == 0
    assert "boards.0999_next" in done.stdout
    assert not any("migrate" in line or " up " in line for line in said(site))
    assert image(site) == "TIKA_IMAGE=tika:0.1.0"


def test_an_image_that_is_never_ready_reaches_nobody(run: Run, site: Path) -> None:
    done = run("tika:0.2.0", sick="tika:0.2.0")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "tika:0.2.0 is not well: app and live do not become ready" in done.stdout
    assert "tika:0.1.0 was never away" in done.stdout
    assert image(site) == "TIKA_IMAGE=tika:0.1.0"
    assert not any(" up " in line or "network connect" in line for line in said(site))
    assert any(line.endswith("rm -f beside-tika:0.2.0-live") for line in said(site))
    assert any("put back to tika:0.1.0" in line for line in said(site))


def test_an_image_that_is_not_well_later_is_put_back(run: Run, site: Path) -> None:
    done = run("tika:0.2.0", late="tika:0.2.0")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "tika:0.2.0 is not well: its parts do not become ready" in done.stdout
    assert "tika:0.1.0 was put back" in done.stdout
    assert image(site) == "TIKA_IMAGE=tika:0.1.0"
    # The new one's stand-ins serve until the old one's do.
    words = ["connect --alias app site_front beside-tika:0.1.0-app", "stop -t 20 beside-tika:0.2.0-app"]
    words += ["tika:0.1.0 compose up -d", "stop -t 20 beside-tika:0.1.0-app"]
    places = [place(site, word) for word in words]
    assert places == sorted(places)


def test_where_the_old_image_is_not_well_either_somebody_must_look(run: Run, site: Path) -> None:
    (site / "tools" / "docker").write_text(DOCKER.replace('"exec app-$LATE "*', '"exec app-"*'))
    done = run("tika:0.2.0")
    assert done.returncode == 4, done.stdout + done.stderr
    assert "tika:0.1.0 could not be put back: somebody must look" in done.stderr


def test_a_migration_that_fails_leaves_the_old_image_running(run: Run, site: Path) -> None:
    done = run("tika:0.2.0", sick="migrate")
    assert done.returncode == 1
    assert image(site) == "TIKA_IMAGE=tika:0.1.0"
    assert not any(" up " in line for line in said(site))


@pytest.mark.parametrize(("arguments", "code"), [((), 2), (("--fast", "tika:0.2.0"), 2), (("tika:0.1.0",), 1)])
def test_what_makes_no_sense_is_refused(run: Run, arguments: tuple[str, ...], code: int) -> None:
    assert run(*arguments).returncode == code
