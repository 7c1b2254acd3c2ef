"""bin/run while it runs: what it says, what it survives."""

import json
import os
import signal
import time

import psycopg
import pytest

from tests.cli.running import Running, refusal


def test_it_says_where_it_is_how_to_sign_in_and_how_to_stop(tika: Running) -> None:
    assert f"http://127.0.0.1:{tika.port}/" in tika.said()
    assert "the first visitor makes the first workspace" in tika.said()
    assert f"Ctrl-C, or kill {tika.process.pid}" in tika.said()
    assert str(tika.folder) in tika.said()


def test_it_shows_what_it_is_doing_on_the_way(tika: Running) -> None:
    steps = [line.split()[1] for line in tika.lines if line.startswith("  ok  ")]
    assert steps == ["Folder", "PostgreSQL", "Tables", "Static", "Processes:"]


def test_where_nobody_looks_on_its_processes_lines_are_for_machines(tika: Running) -> None:
    assert tika.status("/setup/?page=1") == 200
    line = json.loads(tika.until(r'^\{"ts":.*"route":"setup/"'))
    assert (line["service"], line["event"], line["method"], line["status"]) == ("tika-web", "request", "GET", 200)


def test_an_empty_installation_leads_to_its_first_workspace(tika: Running) -> None:
    assert tika.status("/setup/") == 200


def test_secrets_are_for_its_user_only(tika: Running) -> None:
    for name in ("secrets.json", "run/env.json"):
        assert (tika.folder / name).stat().st_mode & 0o077 == 0


def test_postgres_does_not_listen_on_the_network(tika: Running) -> None:
    address = read_environment(tika)["DATABASE_URL"]
    with psycopg.connect(address) as connection:
        row = connection.execute(
            "SELECT current_user, current_setting('listen_addresses'), inet_server_addr()"
        ).fetchone()
    assert row == ("tika_app", "", None)


def test_no_child_runs_with_more_rights_than_it_needs(tika: Running) -> None:
    with psycopg.connect(read_environment(tika)["DATABASE_URL_WORKER"]) as connection:
        row = connection.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert row == (False,)


@pytest.mark.parametrize("child", ["web", "live", "worker"])
def test_a_killed_child_is_started_again_and_that_is_said(tika: Running, child: str) -> None:
    number = tika.number_of(child)
    os.kill(number, signal.SIGKILL)
    line = tika.until(f"{child} was killed by SIGKILL")
    assert "started again in" in line
    until_replaced(tika, child, number)
    tika.until_ready_again()


def test_a_killed_postgres_is_started_again_and_lost_nothing(tika: Running) -> None:
    address = read_environment(tika)["DATABASE_URL_MIGRATOR"] + "&options=-c%20role%3Dtika_owner"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (told text)")
        connection.execute("INSERT INTO kept VALUES ('before the kill')")
    number = tika.number_of("postgres")
    os.kill(number, signal.SIGKILL)
    tika.until("postgres was killed by SIGKILL; it is started again in 0.5 s")
    until_replaced(tika, "postgres", number)
    tika.until_ready_again()
    with psycopg.connect(address, autocommit=True) as connection:
        assert connection.execute("SELECT told FROM kept").fetchone() == ("before the kill",)
        connection.execute("DROP TABLE kept")


def test_a_backend_that_outlives_its_postmaster_does_not_block_the_restart(tika: Running) -> None:
    with psycopg.connect(read_environment(tika)["DATABASE_URL"], autocommit=True) as connection:
        # Stopped, it can't notice that its postmaster is gone, and holds the shared memory.
        os.kill(connection.info.backend_pid, signal.SIGSTOP)
        number = tika.number_of("postgres")
        os.kill(number, signal.SIGKILL)
        until_replaced(tika, "postgres", number)
        tika.until_ready_again()


def test_a_second_one_on_the_same_folder_is_refused(tika: Running) -> None:
    said = refusal(TIKA_DATA_DIR=str(tika.folder), PORT="0")
    assert said.startswith(f"The data folder {tika.folder} is in use by another Tika (process {tika.process.pid})")
    assert "\n" not in said


def test_a_taken_port_is_refused_with_a_free_one_named(tika: Running, tmp_path: os.PathLike[str]) -> None:
    said = refusal(TIKA_DATA_DIR=str(tmp_path), PORT=str(tika.port))
    assert said.startswith(f"Port {tika.port} is taken by another program")
    assert "for example PORT=" in said
    assert "\n" not in said


def test_management_commands_see_the_same_data(tika: Running) -> None:
    asked = "from tenancy.context import *; from django.db import connection as c; k = c.cursor();"
    asked += "k.execute('SELECT current_user, tenancy_is_empty()'); print(k.fetchone())"
    done = tika.manage("shell", "--no-imports", "-c", asked)
    assert done.stdout.strip() == "('tika_app', True)"


def test_schema_commands_connect_as_the_migrator(tika: Running) -> None:
    done = tika.manage("migrate", "--check")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_sql_shell_needs_no_psql_on_the_path(tika: Running) -> None:
    done = tika.manage("dbshell", "--", "-tAc", "SELECT session_user, current_user")
    assert done.stdout.strip() == "tika_migrator|tika_owner"


def read_environment(tika: Running) -> dict[str, str]:
    found: dict[str, str] = json.loads((tika.folder / "run" / "env.json").read_text())
    return found


def until_replaced(tika: Running, child: str, number: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            if tika.number_of(child) != number:
                return
        except (FileNotFoundError, KeyError):
            pass
        time.sleep(0.1)
    raise AssertionError(tika.said())
