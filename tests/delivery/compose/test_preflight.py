"""bin/install looks before it leaps: with a stand-in for docker, on a machine that lacks one thing after the other."""

import re
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.delivery.compose.stack import released
from tests.delivery.engine import run

DOCKER = """#!/bin/sh
case "$*" in
"info --format {{.DockerRootDir}}") echo / ;;
version*) echo ${VERSION:-27.3.1} ;;
"compose version --short") echo ${COMPOSE_VERSION:-2.29.7} ;;
"compose version") [ -z "${NO_COMPOSE:-}" ] ;;
"ps "*) ;;
"volume ls"*) printf '%s' "${VOLUME:-}" ;;
info*) [ -z "${NO_ENGINE:-}" ] ;;
*) echo "$*" >>"$TOUCHED"; exit 0 ;;
esac
"""
# What every system has; nothing else is on the path.
PROGRAMS = (
    "sh awk basename cat chmod cut date df dirname find getconf getent grep head mkdir mv od openssl printf rm sed sort"
    " tail touch tr uname"
)


@dataclass
class Machine:
    folder: Path
    environ: dict[str, str]

    def check(self, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return run(["bin/install", *(arguments or ["--check"])], {**self.environ, **more}, check=False, cwd=self.folder)


def free() -> str:
    with socket.socket() as sock:
        sock.bind(("", 0))
        return str(sock.getsockname()[1])


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for name in PROGRAMS.split():
        bin_folder.joinpath(name).symlink_to(shutil.which(name) or "/bin/true")
    (bin_folder / "docker").write_text(DOCKER)
    (bin_folder / "docker").chmod(0o755)
    given = {
        "TIKA_DOMAIN": "localhost",
        "TIKA_ADMIN_EMAIL": "ann@example.com",
        "HTTP_PORT": free(),
        "HTTPS_PORT": free(),
    }
    return Machine(
        released(tmp_path / "tika"), {"PATH": str(bin_folder), "TOUCHED": str(tmp_path / "touched"), **given}
    )


def test_a_fit_machine_passes_and_is_not_changed(machine: Machine, tmp_path: Path) -> None:
    done = machine.check()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "  0 failed" in done.stdout
    lines = re.findall(r"^  (pass|warn)  (.*?)[:,]", done.stdout, re.M)
    assert len({name for _, name in lines}) >= 15, lines
    assert all(f"fix: {''}" in done.stdout for state, _ in lines if state == "warn")
    assert not {".env", "secrets"} & {path.name for path in machine.folder.iterdir()}
    assert not (tmp_path / "touched").exists()


@pytest.mark.parametrize(
    ("more", "said", "fix"),
    [
        ({"NO_ENGINE": "1"}, "docker: its engine does not answer", "systemctl start docker"),
        ({"VERSION": "19.03.1"}, "docker engine: 19", "upgrade Docker Engine"),
        ({"NO_COMPOSE": "1"}, "compose: not found", "docker-compose-plugin"),
        ({"COMPOSE_VERSION": "1.25.0"}, "compose: 1.25.0", "upgrade to compose 2"),
        ({"TIKA_DOMAIN": "https://x.example.com/"}, "is no host name", "board.example.com"),
        ({"TIKA_DOMAIN": "a.invalid", "TIKA_TLS": "ann@example.com"}, "DNS: a.invalid is not known", "add a.invalid"),
        ({"TIKA_ADMIN_EMAIL": "ann"}, "'ann' is no e-mail address", "you@example.com"),
        ({"TIKA_TLS": "nonsense"}, "TIKA_TLS: 'nonsense'", "internal, an e-mail address"),
        ({"TIKA_TLS": "/certs/no.pem /certs/no.key"}, "./certs/no.pem is not there", "put it there"),
        ({"HTTPS_PORT": "0"}, "port 0: is none", "to numbers"),
        ({"VOLUME": "tika_pgdata"}, "but not its secrets: secret_key", "put secrets/ back"),
    ],
)
def test_what_is_missing_is_named_with_its_remedy_and_stops_it(
    machine: Machine, more: dict[str, str], said: str, fix: str, tmp_path: Path
) -> None:
    for arguments in (["--check"], ["--yes"]):
        done = machine.check(*arguments, **more)
        assert done.returncode == 1
        found = re.search(r"^  FAIL  .*\n        fix: .*", done.stdout, re.M)
        assert found is not None, done.stdout
        assert said in found[0]
        assert fix in found[0]
        assert "Nothing was installed" in done.stderr
    assert not {".env", "secrets"} & {path.name for path in machine.folder.iterdir()}
    assert not (tmp_path / "touched").exists()


def test_grafanas_password_is_made_up_once(machine: Machine) -> None:
    """The stand-in starts nothing, so it ends there; secrets are made before."""
    path = machine.folder / "secrets" / "grafana_admin_password"
    machine.check("--yes", COMPOSE_PROFILES="redis,observability")
    made = path.read_text()
    assert re.fullmatch(r"[A-Za-z0-9]{24}\n", made)
    assert path.stat().st_mode & 0o777 == 0o600
    machine.check("--yes")
    assert path.read_text() == made
    assert "GRAFANA" not in (machine.folder / ".env").read_text()


def test_a_password_of_grafana_that_stood_in_the_settings_is_kept(machine: Machine) -> None:
    (machine.folder / ".env").write_text("GRAFANA_ADMIN_PASSWORD=as-before\n")
    machine.check("--yes", COMPOSE_PROFILES="observability")
    assert (machine.folder / "secrets" / "grafana_admin_password").read_text() == "as-before\n"


def test_a_machine_without_docker_is_told_where_to_get_it(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "bin" / "docker").unlink()
    done = machine.check()
    assert (done.returncode, "docs.docker.com/engine/install" in done.stdout) == (1, True)


def test_a_port_somebody_listens_on_stops_it(machine: Machine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = machine.check(HTTPS_PORT=port)
    assert done.returncode == 1
    assert f"port {port}: somebody listens there" in done.stdout


def test_a_certificate_of_ones_own_must_be_for_the_name(machine: Machine) -> None:
    certs = machine.folder / "certs"
    certs.mkdir()
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=other"]
    run([*command, "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{certs}/s.key", "-out", f"{certs}/s.pem"])
    own = {"TIKA_TLS": "/certs/s.pem /certs/s.key"}
    assert "certificate: ./certs/s.pem is for localhost" in machine.check(**own).stdout
    done = machine.check(TIKA_DOMAIN="board.internal", **own)
    assert (done.returncode, "is not for board.internal" in done.stdout) == (1, True)


def test_an_unknown_word_is_refused(machine: Machine) -> None:
    done = machine.check("--force")
    assert (done.returncode, done.stderr) == (
        1,
        "bin/install doesn't know --force: bin/install --help says what it knows.\n",
    )
