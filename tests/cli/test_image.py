"""What the image's entry does before it becomes a process; tests/delivery/image has the image itself."""

import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tika.cli import health
from tika.cli.mounted import folders, mounted
from tika.cli.processes import command
from tika.cli.refusal import Refusal
from tika.cli.start import Start

PATHS = {"SSL_CERT_FILE": "/x", "TIKA_CA_FILE": "/ca.pem", "TIKA_BACKUP_KEY_FILE": "/key"}


def test_a_secret_given_as_a_file_takes_its_place_in_the_environment(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret\n")
    told = mounted({"TIKA_SECRET_KEY_FILE": str(tmp_path / "key"), "TIKA_SECRET_KEY": "old", **PATHS})
    assert told == {"TIKA_SECRET_KEY": "s3cret", **PATHS}


def test_an_empty_file_is_a_setting_that_was_not_made(tmp_path: Path) -> None:
    (tmp_path / "email_url").write_text("\n")
    assert mounted({"EMAIL_URL_FILE": str(tmp_path / "email_url")}) == {}


def test_a_file_that_cannot_be_read_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=rf"DATABASE_URL_FILE names {tmp_path}/gone.*belong to user {os.getuid()}"):
        mounted({"DATABASE_URL_FILE": str(tmp_path / "gone")})


def test_uploads_on_their_way_in_go_to_the_data_folder(tmp_path: Path) -> None:
    told = folders({"TIKA_DATA_DIR": str(tmp_path), "TIKA_RUN_DIR": str(tmp_path / "run")})
    assert told == {"TMPDIR": str(tmp_path / "tmp")}
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700


def test_a_sites_own_authority_is_trusted_beside_the_public_ones(tmp_path: Path) -> None:
    (tmp_path / "own.pem").write_text("-----OWN-----")
    told = folders({"TIKA_RUN_DIR": str(tmp_path / "run"), "TIKA_CA_FILE": str(tmp_path / "own.pem")})
    bundle = Path(told["SSL_CERT_FILE"])
    assert bundle.read_text().endswith("-----OWN-----")
    assert told["REQUESTS_CA_BUNDLE"] == str(bundle)


def test_bin_run_and_the_image_start_a_process_alike() -> None:
    assert Start._start_processes.__globals__["command"] is command
    assert command("live")[1:] == ["-m", "tika.live"]
    assert command("create_token", "--help")[1:] == [command("x")[1], "create_token", "--help"]


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/livez" else 503)
        self.end_headers()
        self.wfile.write(b"no database")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing to tell."""


@pytest.fixture
def port() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield str(server.server_address[1])
    server.shutdown()
    server.server_close()


def test_a_process_without_its_database_is_well_but_not_ready(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert health.health(["web"], {"PORT": port}) == 0
    assert health.health(["web", "--ready"], {"PORT": port}) == 1
    assert "/readyz answers 503: no database" in capsys.readouterr().err


def test_which_process_runs_beside_is_known_from_its_mark(port: str, tmp_path: Path) -> None:
    assert health.health([], {"TIKA_RUN_DIR": str(tmp_path)}) == 1
    (tmp_path / health.MARK).write_text("live")
    assert health.health([], {"TIKA_RUN_DIR": str(tmp_path), "LIVE_PORT": port}) == 0


def test_a_worker_whose_loop_stands_still_is_not_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alive = tmp_path / health.ALIVE
    alive.touch()
    assert health.health(["worker"], {"TIKA_RUN_DIR": str(tmp_path)}) == 0
    os.utime(alive, (0, 0))
    assert health.health(["worker"], {"TIKA_RUN_DIR": str(tmp_path)}) == 1
    assert "has not turned" in capsys.readouterr().err
    assert health.health(["typo"], {}) == 1
