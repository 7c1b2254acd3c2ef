"""Each kind of process starts and serves whatever becomes of its counting, and says so in one line."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from observability import middleware
from observability.beat import beat
from observability.metrics import configuration, process
from tests.live import servers
from tests.observability.fetching import Counted, fetch, series, total, until

SMALL = {"application": "tests.observability.small_app", "TIKA_WEB_WORKERS": "1"}


def test_a_live_process_serves_its_own_numbers_where_it_is_told_to(tmp_path: Path) -> None:
    port = servers.free_port()
    live = servers.live(tmp_path, TIKA_METRICS_DIR=str(tmp_path / "m"), METRICS_PORT=str(port))
    try:
        until(lambda: total(series(port), "db_pool_open_connections", process="live") >= 1)
        assert total(series(port), "db_pool_limit_connections", process="live") == 6
    finally:
        live.stop()


def test_a_worker_serves_its_own_numbers_where_it_is_told_to(tmp_path: Path) -> None:
    port = servers.free_port()
    worker = command("worker", tmp_path, TIKA_DB_ROLE="worker", METRICS_PORT=str(port))
    try:
        until(lambda: is_listening(port))
        until(lambda: total(series(port), "worker_rounds_total", result="ok") >= 2)
        assert total(series(port), "db_query_duration_ms_count") > 0
    finally:
        worker.stop(seconds=40)


def command(name: str, folder: Path, **environment: str) -> servers.Process:
    metrics = {"TIKA_METRICS_DIR": str(folder / "m")}
    return servers.Process(["django", name], folder / f"{name}.log", port=0, **metrics, **environment)


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def test_a_folder_that_cannot_be_had_keeps_nobody_from_the_board(tmp_path: Path) -> None:
    (tmp_path / "metrics").write_text("no folder")
    port = servers.free_port()
    own = {"TIKA_METRICS_DIR": str(tmp_path / "metrics"), "METRICS_PORT": str(servers.free_port())}
    web = servers.web(tmp_path, port, **own)
    try:
        assert fetch(port, "/livez") == (200, "ok")
        assert web.said("metrics are kept in memory until there is room")
        assert web.said("metrics are not served")
    finally:
        web.stop()


def test_a_taken_port_keeps_nobody_from_the_board(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        own = {"TIKA_METRICS_DIR": str(tmp_path / "m"), "METRICS_PORT": str(taken.getsockname()[1])}
        port = servers.free_port()
        web = servers.web(tmp_path, port, **own)
        try:
            assert fetch(port, "/livez") == (200, "ok")
            assert web.said("Address already in use")
        finally:
            web.stop()


def test_counts_go_on_where_a_killed_master_left_them(tmp_path: Path) -> None:
    first = Counted(tmp_path, **SMALL)
    first.ask(50)
    before = first.asked()
    os.kill(first.web.pid, signal.SIGKILL)
    first.web.popen.wait()
    until(lambda: not is_listening(first.web.port))
    second = Counted(tmp_path, **SMALL)
    try:
        second.ask(50)
        # And what asked whether it is up.
        assert second.asked() >= before + 50
    finally:
        second.web.stop()


def test_a_cleared_folder_fills_again(tmp_path: Path) -> None:
    counted = Counted(tmp_path, **SMALL)
    try:
        counted.ask(20)
        before = counted.asked()
        for path in counted.pages.iterdir():
            path.unlink()
        until(lambda: counted.asked() >= before)
    finally:
        counted.web.stop()


def test_who_counts_nothing_opens_no_port_and_makes_no_file(tmp_path: Path) -> None:
    port, metrics = servers.free_port(), servers.free_port()
    own = {"TIKA_METRICS": "off", "TIKA_METRICS_DIR": str(tmp_path / "m"), "METRICS_PORT": str(metrics)}
    web = servers.web(tmp_path, port, **own)
    try:
        assert fetch(port, "/livez") == (200, "ok")
        assert not is_listening(metrics)
        assert not (tmp_path / "m").exists()
    finally:
        web.stop()


def test_off_is_off_within_a_process_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKA_METRICS", "off")
    before = (list(middleware.observers), list(beat.errands))
    process.start("web", connections=1)
    assert (middleware.observers, beat.errands) == before


def test_the_exporter_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIKA_METRICS_DIR", str(tmp_path))
    with pytest.raises(CommandError, match="METRICS_PORT says where to listen"):
        call_command("exporter")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("METRICS_PORT", str(taken.getsockname()[1]))
        with pytest.raises(CommandError, match="Address already in use"):
            call_command("exporter")
    monkeypatch.setenv("TIKA_METRICS", "off")
    with pytest.raises(CommandError, match="Metrics are off"):
        call_command("exporter")


@pytest.mark.parametrize(("name", "value"), [("TIKA_METRICS", "perhaps"), ("TIKA_METRICS_STYLE", "prometheus")])
def test_a_word_that_makes_no_sense_is_refused(name: str, value: str, tmp_path: Path) -> None:
    done = command("check", tmp_path, **{name: value})
    assert done.popen.wait(60) != 0
    assert f"{name} is '{value}'" in (tmp_path / "check.log").read_text().replace("\\", "")


def test_where_nothing_is_said_the_data_folder_is_the_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TIKA_METRICS_DIR", raising=False)
    monkeypatch.setenv("TIKA_DATA_DIR", str(tmp_path))
    assert configuration.folder_path() == tmp_path / "run" / "metrics"


def test_the_exporter_without_a_database_serves_what_it_has(tmp_path: Path) -> None:
    port = servers.free_port()
    away = "postgres://tika_app@127.0.0.1:1/tika"
    exporter = command("exporter", tmp_path, DATABASE_URL=away, METRICS_PORT=str(port))
    try:
        until(lambda: is_listening(port))
        time.sleep(2)
        found = series(port)
        assert total(found, "tika_build_info") == 1
        assert total(found, "exporter_fact_up") == 1  # the backup's, which is no question to the database
        assert not [name for name, _ in found if name == "tickets_by_status"]
    finally:
        exporter.stop()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "none", str(place)]
    if os.getuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small tmpfs takes root")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_stops_nobody_and_no_count_is_lost_once_there_is_room(small_disk: Path, tmp_path: Path) -> None:
    """The worker is replaced while the disk is full: its page has no room, and people are served all the same."""
    counted = Counted(tmp_path, **SMALL, TIKA_METRICS_DIR=str(small_disk))
    try:
        counted.ask(100)
        before = counted.asked()
        ballast = small_disk / "ballast"
        fill(ballast)
        (worker,) = counted.workers()
        os.kill(worker, signal.SIGTERM)
        until(lambda: counted.workers() not in ([], [worker]))
        counted.ask(100)
        assert counted.asked() == before
        assert counted.web.said("until there is room")
        ballast.unlink()
        until(lambda: counted.asked() == before + 100)
        counted.ask(50)
        assert counted.asked() == before + 150
    finally:
        counted.web.stop()


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
