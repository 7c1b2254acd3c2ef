"""Backups in a bucket: moto's server stands in for one, and nothing for one that is away."""

import io
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backups.config import Config, configured
from backups.crypt import Key, key_of
from backups.manifest import all_of
from backups.models import State
from backups.packing import pack, unpacked
from backups.retention import Keep
from backups.sentences import Damaged, Stopped
from backups.store import store_of
from backups.store.s3 import Bucket
from backups.verbs.backups import take
from backups.verbs.drills import drill
from backups.verbs.pruning import prune
from tenancy.context import Actor
from tests.backups.conftest import config_in
from tests.backups.test_restoring import running
from tests.cli.running import free_port
from tika.cli.process import die_with_parent

BY = Actor("system", "test")
LARGE = b"0123456789abcdef" * 2_500_000  # more than two parts of an upload


def silent(sentence: str) -> None:
    pass


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own packages, which cannot stand beside ours; each is checked by its hash."""
    venv = tmp_path_factory.mktemp("bucket") / "venv"
    uv, python = str(Path(sys.executable).with_name("uv")), str(venv / "bin" / "python")
    lock = Path(__file__).with_name("bucket.lock")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, venv], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--require-hashes", "--python", python, "-r", lock], check=True)
    port = free_port()
    command = [str(venv / "bin" / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(
        command, preexec_fn=die_with_parent(signal.SIGKILL), stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
    address = f"http://127.0.0.1:{port}"
    make_bucket(address, server)
    yield address
    server.terminate()
    server.wait(10)


def make_bucket(address: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while True:
        assert server.poll() is None
        assert time.monotonic() < until
        try:
            urllib.request.urlopen(urllib.request.Request(f"{address}/kept", method="PUT"), timeout=10).close()
            return
        except OSError:
            time.sleep(0.2)


@pytest.fixture(scope="module")
def config(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Config]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        told = {"TIKA_BACKUP_URL": "s3://kept/acme", "TIKA_BACKUP_S3_ENDPOINT": endpoint, "AWS_REGION": "us-east-1"}
        yield config_in(tmp_path_factory.mktemp("data"), **told)


@pytest.fixture(scope="module")
def bucket(config: Config) -> Any:
    return store_of(config)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return key_of(tmp_path_factory.mktemp("key") / "backup-key.txt", make=True)


def test_what_is_stored_comes_back(bucket: Bucket, key: Key) -> None:
    part = pack(bucket, "base/one/base.tar.gz.age", io.BytesIO(LARGE), key)
    with unpacked(bucket, part, key) as file:
        assert file.read() == LARGE
    assert list(bucket.names("base/one")) == [part.name]
    bucket.remove(part.name)
    assert list(bucket.names("base/one")) == []


def test_its_key_may_stand_in_a_file(
    config: Config, bucket: Bucket, key: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "")
    (tmp_path / "s3").write_text("[default]\naws_access_key_id = test\naws_secret_access_key = test\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "s3"))
    part = pack(bucket, "base/file/base.tar.gz.age", io.BytesIO(b"mine"), key)
    assert list(store_of(config).names("base/file")) == [part.name]
    bucket.remove(part.name)


def test_what_fails_half_way_is_not_there(bucket: Bucket, key: Key) -> None:
    class Fails(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 1_000_000:
                raise OSError(5, "Input/output error")
            return super().read(size)

    with pytest.raises(OSError, match="Input/output error"):
        pack(bucket, "base/half/base.tar.gz.age", Fails(LARGE), key)
    assert list(bucket.names("base/half")) == []


def test_what_was_changed_there_is_refused(bucket: Bucket, key: Key) -> None:
    part = pack(bucket, "base/two/base.tar.gz.age", io.BytesIO(b"mine"), key)
    with bucket.write(part.name) as file:
        file.write(b"somebody else's")
    with pytest.raises(Damaged), unpacked(bucket, part, key) as file:
        file.read()
    bucket.remove(part.name)


@pytest.mark.parametrize("call", ["write", "read", "names"])
def test_a_bucket_that_is_away_is_said_soon(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    told = {"TIKA_BACKUP_URL": "s3://kept/acme", "TIKA_BACKUP_S3_ENDPOINT": f"http://127.0.0.1:{port}"}
    away = store_of(configured({**told, "AWS_REGION": "us-east-1", "TIKA_DATA_DIR": str(tmp_path)}))
    calls = {
        "names": lambda: list(away.names("")),
        "read": lambda: away.read("base/one").__enter__(),
        "write": lambda: pack(away, "base/one", io.BytesIO(b"x"), key_of(tmp_path / "key.txt", make=True)),
    }
    with pytest.raises(Stopped, match="s3://kept/acme"):
        calls[call]()  # type: ignore[no-untyped-call]


def test_a_backup_goes_there_is_restored_from_there_and_old_ones_go(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backups.retention.RECENT", timedelta(0))
    with running(config):
        rows = take(config, ["base", "logical", "files"], by=BY, say=silent, urgent=True)
        assert [(row.state, row.error) for row in rows] == [(State.DONE, "")] * 3
        assert {row.place for row in rows} == {"s3://kept/acme"}
        found = drill(config, by=BY, say=silent)
    assert (found.state, found.error) == ("passed", "")
    store = store_of(config)
    (again,) = take(config, ["logical"], by=BY, say=silent, urgent=True)
    prune(store, Keep(0, 0, 0, 0), by=BY)
    assert [one.name for one in all_of(store, "logical")] == [again.name]
    assert not config.folder.exists()
    assert threading.active_count() < 20
