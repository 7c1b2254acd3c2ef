"""Why bin/run does not start: one sentence each, with the remedy, and a status that is not zero."""

import errno
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import clean_environment, manage, refusal
from tika.cli import folder as folders
from tika.cli.environment import ROOT
from tika.cli.folder import Folder
from tika.cli.listen import listen
from tika.cli.refusal import Refusal, told_plainly


@pytest.mark.parametrize("port", ["eighty", "-1", "65536", "8000.5"])
def test_a_port_that_is_none(tmp_path: Path, port: str) -> None:
    said = refusal(TIKA_DATA_DIR=str(tmp_path), PORT=port)
    assert said == f"PORT is {port!r}: it must be a number from 1 to 65535, for example PORT=8080 bin/run."


def test_a_host_without_an_address(tmp_path: Path) -> None:
    said = refusal(TIKA_DATA_DIR=str(tmp_path), PORT="0", HOST="no-such-host.invalid")
    assert said.startswith(
        "HOST is 'no-such-host.invalid', and this machine can't find an address for it: use 127.0.0.1"
    )


def test_a_host_of_another_machine() -> None:
    # 192.0.2.0/24 is for documentation and belongs to nobody.
    with pytest.raises(Refusal, match="which is not an address of this machine: use 127"):
        listen("192.0.2.1", 0)


@pytest.mark.skipif(os.getuid() == 0, reason="root may listen everywhere")
def test_a_port_for_administrators() -> None:
    with pytest.raises(Refusal, match="reserved for the administrator: choose one above 1023"):
        listen("127.0.0.1", 80)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = refusal(TIKA_DATA_DIR=str(tmp_path / "file" / "data"), PORT="0")
    assert said.startswith(f"The data folder {tmp_path}/file/data can't be written (")
    assert said.endswith("make it writable for this user, or name another one with TIKA_DATA_DIR.")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to somebody else")
def test_a_folder_of_somebody_else(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o555)
    for parent in data.parents:
        if not parent.stat().st_mode & stat.S_IXOTH:
            parent.chmod(parent.stat().st_mode | stat.S_IXOTH)
    nobody = Folder(data)
    process = os.fork()
    if process == 0:
        os.setuid(65534)
        try:
            nobody.prepare()
        except Refusal as told:
            os._exit(0 if "can't be written" in str(told) else 1)
        os._exit(2)
    assert os.waitpid(process, 0)[1] == 0


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Folder, "free_mb", lambda _: 299)
    with pytest.raises(Refusal) as told:
        Folder(tmp_path).prepare()
    assert str(told.value) == f"The disk that holds {tmp_path} is full: free at least 300 MB there and start again."


def test_a_disk_that_fills_while_writing(tmp_path: Path) -> None:
    with (
        pytest.raises(Refusal, match="is full: free at least 300 MB"),
        told_plainly(tmp_path, needed=folders.NEEDED_MB),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_damaged_file_of_secrets(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text('{"postgres": ')
    with pytest.raises(Refusal, match=r"secrets.json is damaged: put its backup back"):
        Folder(tmp_path).secret("postgres")


def test_an_owner_without_an_address(tmp_path: Path) -> None:
    said = refusal(TIKA_DATA_DIR=str(tmp_path), PORT="0", TIKA_ADMIN_EMAIL="olga")
    assert said == "TIKA_ADMIN_EMAIL is 'olga', which is no e-mail address: for example you@example.com."


def test_an_option_it_does_not_know() -> None:
    assert refusal("--no-dmeo") == "bin/run doesn't know '--no-dmeo': bin/run --help says what it knows."


@pytest.mark.parametrize("version", ["3.10.13", None])
def test_an_old_python_or_none(tmp_path: Path, version: str | None) -> None:
    clone = bare_clone(tmp_path)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "dirname", "cat", "cksum"):
        (programs / name).symlink_to(str(shutil.which(name)))
    if version:
        fake = programs / "python3"
        fake.write_text(f'#!/bin/sh\ncase "$2" in *exit*) exit 1;; *) echo "is {version}";; esac\n')
        fake.chmod(0o755)
    done = subprocess.run([clone / "bin" / "run"], env={"PATH": str(programs)}, capture_output=True, text=True)
    found = f"is {version}" if version else "was not found"
    assert done.returncode != 0
    assert done.stderr.startswith(f"Tika needs Python 3.11 or newer, and python3 here {found}: install one")
    assert done.stderr.count("\n") == 1


def test_a_python_that_cannot_make_environments(tmp_path: Path) -> None:
    clone = bare_clone(tmp_path)
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "venv.py").write_text("raise ModuleNotFoundError(\"No module named 'ensurepip'\")")
    environ = clean_environment(PYTHONPATH=str(broken), TIKA_PYTHON="")
    done = subprocess.run([clone / "bin" / "run"], env=environ, capture_output=True, text=True)
    assert done.returncode == 1
    assert "This Python can't make an environment: install its venv package (`apt install python3." in done.stderr


def test_a_command_on_no_data(tmp_path: Path) -> None:
    done = manage("showmigrations", TIKA_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith(f"There is no data in {tmp_path} yet: start bin/run once")


def bare_clone(tmp_path: Path) -> Path:
    """What git brings, as far as the first step needs it."""
    clone = tmp_path / "clone"
    shutil.copytree(ROOT / "bin", clone / "bin")
    shutil.copytree(ROOT / "tika" / "cli", clone / "tika" / "cli")
    (clone / "tika" / "__init__.py").touch()
    shutil.copy(ROOT / "requirements-local.lock", clone)
    return clone
