"""bin/run from the first start to the last stop: nothing left behind, nothing lost."""

import json
import os
import signal
from pathlib import Path

import pytest

from tests.cli.running import Running, manage


def secrets_of(folder: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((folder / "secrets.json").read_text())
    return found


def assert_stops(running: Running, *, by: signal.Signals) -> None:
    assert len(running.left_behind()) > 5
    assert running.stop(by) == 0
    assert running.left_behind() == []
    assert not (running.folder / "run" / "env.json").exists()
    assert running.lines[-1] == "Tika has stopped."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Longer than a Unix socket's path may be.
    return tmp_path_factory.mktemp("tika") / ("a rather long + name, " * 5).strip()


def test_a_stop_while_starting_leaves_nothing(folder: Path) -> None:
    running = Running(folder, "--no-demo")
    running.until("PostgreSQL")
    assert running.stop(signal.SIGINT) == 0
    assert running.left_behind() == []


def test_a_killed_supervisor_takes_its_children_along_and_the_next_start_goes_well(folder: Path) -> None:
    running = Running(folder, "--no-demo").ready()
    before = secrets_of(folder)
    running.process.kill()
    running.process.wait()
    again = Running(folder, "--no-demo").ready()
    assert again.status() == 200
    assert secrets_of(folder) == before
    assert_stops(again, by=signal.SIGTERM)


def test_commands_bring_the_database_up_for_themselves(folder: Path) -> None:
    done = manage("dbshell", "--", "-tAc", "SELECT count(*) > 0 FROM django_migrations", TIKA_DATA_DIR=str(folder))
    assert (done.stdout.strip(), done.returncode) == ("t", 0)
    assert not (folder / "pgdata" / "postmaster.pid").exists()


def test_the_status_of_a_command_is_its_own(folder: Path) -> None:
    assert manage("no_such_command", TIKA_DATA_DIR=str(folder)).returncode == 1


def test_files_left_by_a_first_start_that_was_cut_off_do_no_harm(tmp_path: Path) -> None:
    half_made = tmp_path / "pgdata.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18")
    running = Running(tmp_path, "--no-demo").ready()
    assert not half_made.exists()
    assert_stops(running, by=signal.SIGHUP)


def test_a_number_that_became_another_programs_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "children.json").write_text(json.dumps({"web": [os.getpid(), "gunicorn of another time"]}))
    running = Running(tmp_path, "--no-demo")
    running.until("PostgreSQL")
    running.stop()
    # This very process would have been ended.
    assert running.left_behind() == []
