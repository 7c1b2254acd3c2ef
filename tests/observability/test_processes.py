"""What the processes of a deployment write: every line on stdout is one JSON object, gunicorn's own included."""

import json
import os
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.cast import Person, Scene
from tests.live.servers import Process, free_port, live, wait_for, web
from tests.live.streams import Stream, bearer, events
from tika.cli.environment import ROOT


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def ask(port: int, path: str) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    connection.getresponse().read()
    connection.close()


def test_all_of_web_parses_and_each_request_has_its_line(tmp_path: Path) -> None:
    process = web(tmp_path, free_port(), TIKA_WEB_WORKERS="2", TIKA_LIVE_HANDOVER=str(tmp_path / "nobody.sock"))
    before = len([line for line in lines_of(process.log) if line["event"] == "request"])
    ask(process.port, "/api/tickets")
    ask(process.port, "/api/boards/00000000-0000-7000-8000-000000000009/events")
    with socket.create_connection(("127.0.0.1", process.port)) as rude:
        rude.sendall(b"GET /?token=hush HTTP/9.9\r\n\r\n")
        rude.recv(1000)
    (worker, *_) = process.children()
    os.kill(worker, signal.SIGABRT)
    wait_for(lambda: "exited with code" in process.log.read_text() or "SIGABRT" in process.log.read_text(), process)
    process.stop(seconds=40)
    found = lines_of(process.log)
    asked = [line for line in found if line["event"] == "request"][before:]
    assert [line["status"] for line in asked] == [401, 503]
    assert {line["service"] for line in found} == {"tika-web"}
    assert {line["logger"] for line in found} >= {"gunicorn.error", "tika.request"}
    assert any(line["event"].startswith("Booting worker") for line in found)
    assert "hush" not in process.log.read_text()


def test_all_of_live_parses(tmp_path: Path) -> None:
    process = live(tmp_path, port=free_port())
    for path in ("/livez", "/readyz", "/api/boards/00000000-0000-7000-8000-000000000009/events", "/nothing"):
        ask(process.port, path)
    process.stop()
    found = lines_of(process.log)
    asked = [(line["route"], line["status"]) for line in found if line["event"] == "request"]
    routes = ["livez", "readyz", "api/boards/<board_id>/events", "__unmatched__"]
    assert asked == list(zip(routes, [200, 200, 401, 404], strict=True))
    assert {line["service"] for line in found} == {"tika-live"}


def test_all_of_the_backup_process_parses(tmp_path: Path) -> None:
    """What it is told makes no sense, so it has something to say."""
    own: dict[str, Any] = {"TIKA_BACKUP_URL": "ftp://nowhere", "TIKA_DATA_DIR": str(tmp_path)}
    process = Process(["tika.backup_process"], tmp_path / "backup.log", **own)
    wait_for(lambda: process.log.stat().st_size > 0)
    process.stop()
    found = lines_of(process.log)
    assert {line["service"] for line in found} == {"tika-backup"}
    assert {line["logger"] for line in found} == {"tika.backup"}


def test_a_stream_that_changes_its_process_has_one_line_when_it_ends(tmp_path: Path, board: Scene, mia: Person) -> None:
    streaming = live(tmp_path)
    process = web(tmp_path, free_port())
    with Stream(process.port, events(board), bearer(mia) | {"X-Request-Id": "of-the-stream"}) as stream:
        stream.next()
    wait_for(lambda: streaming.said('"event":"stream"'), streaming)
    process.stop(seconds=40)
    streaming.stop()
    every = lines_of(process.log) + lines_of(streaming.log)
    (line,) = [line for line in every if line.get("request_id") == "of-the-stream"]
    assert (line["event"], line["service"], line["status"]) == ("stream", "tika-live", 200)
    assert (line["tenant_id"], line["user_id"]) == (str(mia.member.tenant_id), str(mia.user.pk))


def test_all_of_the_worker_parses(tmp_path: Path) -> None:
    command = "import sys; sys.argv = ['manage.py', 'worker']; import manage; manage.main()"
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        running = subprocess.Popen(
            [sys.executable, "-c", command],
            cwd=ROOT,
            stdout=output,
            stderr=output,
            env=os.environ | {"TIKA_LOG_JSON": "true", "TIKA_DB_ROLE": "worker", "TIKA_LOG_LEVEL": "debug"},
        )
        try:
            wait_for(lambda: b"Starting worker" in log.read_bytes())
        finally:
            running.terminate()
            running.wait(60)
    assert {line["service"] for line in lines_of(log)} == {"tika-worker"}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | {"TIKA_LOG_JSON": "true"} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_all_of_a_migration_parses() -> None:
    done = manage("migrate", TIKA_DB_ROLE="migrator")
    assert done.returncode == 0
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["service"] for line in found} == {"tika-migrate"}
    assert "Running migrations:" in {line["event"] for line in found}


def test_a_migration_that_ends_by_a_fault_says_it_as_a_line() -> None:
    done = manage("migrate", DATABASE_URL_MIGRATOR="postgres://tika:hush-hush-hush@127.0.0.1:1/tika")
    assert done.returncode != 0
    (last,) = [line for line in map(json.loads, done.stdout.splitlines()) if line["level"] == "fatal"]
    assert "OperationalError" in last["exception"]
    assert "hush" not in done.stdout + done.stderr


def test_what_answers_on_its_output_keeps_its_lines_beside_it() -> None:
    done = manage("check", TIKA_LOG_LEVEL="debug")
    assert done.stdout == "System check identified no issues (0 silenced).\n"


def test_a_log_level_that_is_none_is_refused() -> None:
    done = manage("check", TIKA_LOG_LEVEL="loud")
    assert done.returncode != 0
    assert "'loud' is no log level; it must be fatal, error, warn, info, debug, trace" in done.stdout + done.stderr
