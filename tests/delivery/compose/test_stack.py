"""What bin/install has started, used through its proxy by a stranger, a person and a script."""

import os
import re
import socket
import ssl
import time
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.delivery import transcript
from tests.delivery.compose.stack import DOMAIN, OWNER, PROCESSES, Api, Stack, is_ready, memory_mb, until

pytestmark = pytest.mark.slow
OUTAGE = float(os.environ.get("TIKA_OUTAGE_SECONDS", "20"))
IDLE_MB = 600
BORDER = "between-the-parts-of-a-form"


# --- the way in ------------------------------------------------------------------------------------


def test_the_installer_says_how_to_sign_in_and_keeps_secrets_for_one_account(stack: Stack) -> None:
    assert "Tika is ready: https://board.internal/" in stack.transcript
    assert f"Sign in: {OWNER}, password: " in stack.transcript
    assert (stack.folder / "secrets").stat().st_mode & 0o777 == 0o700
    for path in (stack.folder / "secrets").iterdir():
        found = path.stat()
        owner = 472 if path.name.startswith("grafana_") else 10001
        assert (found.st_uid, found.st_mode & 0o777) == (owner, 0o600), path.name
    assert "undefined secret" not in stack.compose("ps").stderr


def test_the_manual_shows_what_the_installer_says(stack: Stack) -> None:
    command = f"TIKA_DOMAIN={DOMAIN} TIKA_ADMIN_EMAIL={OWNER} bin/install --yes"
    transcript.check("install-transcript.txt", command, stack.transcript)


def test_the_owner_signs_in_through_the_proxy(stack: Stack) -> None:
    password = re.search(r"password: (\S+)", stack.transcript)
    assert password is not None
    _, headers, page = stack.call("GET", "/accounts/login/")
    form = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.decode())
    assert form is not None
    cookies: SimpleCookie = SimpleCookie(headers["set-cookie"])
    sent = {"csrfmiddlewaretoken": form[1], "login": OWNER, "password": password[1]}
    told = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{DOMAIN}/accounts/login/"}
    told["Cookie"] = "; ".join(f"{key}={morsel.value}" for key, morsel in cookies.items())
    status, headers, _ = stack.call("POST", "/accounts/login/", urlencode(sent), **told)
    assert status == 302
    assert "secure" in headers["set-cookie"].lower()
    session = re.search(r"sessionid=\w+", headers["set-cookie"])
    assert session is not None
    status, _, page = stack.call("GET", "/team/", Cookie=session[0])
    assert status == 200
    assert b"Team" in page
    assert stack.call("GET", "/ops/", Cookie=session[0])[0] in {200, 302}


def test_nobody_can_make_an_account_unasked(stack: Stack) -> None:
    assert b'name="password1"' not in stack.call("GET", "/accounts/signup/")[2]


def test_only_tls_1_3_is_spoken_and_newer_protocols_are_offered(stack: Stack) -> None:
    context = stack.context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with context.wrap_socket(socket.create_connection((stack.engine.address, 443), 10), server_hostname=DOMAIN) as tls:
        assert (tls.version(), tls.selected_alpn_protocol()) == ("TLSv1.3", "h2")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError), socket.create_connection((stack.engine.address, 443), 10) as plain:
        context.wrap_socket(plain, server_hostname=DOMAIN)
    assert 'h3=":443"' in stack.call("GET", "/livez")[1]["alt-svc"]


def test_a_browser_is_told_to_come_by_https_and_only_once(stack: Stack, api: Api) -> None:
    for path in ("/accounts/login/", "/livez", "/api/health", "/api/boards/x/events"):
        connection = stack.open()
        connection.request("GET", path)
        found = connection.getresponse().headers.get_all("Strict-Transport-Security")
        assert found == ["max-age=31536000; includeSubDomains"], path
    with socket.create_connection((stack.engine.address, 80), 10) as plain:
        plain.sendall(f"GET /x HTTP/1.1\r\nHost: {DOMAIN}\r\nConnection: close\r\n\r\n".encode())
        said = plain.recv(4096).decode()
    assert " 308 " in said
    assert f"Location: https://{DOMAIN}/x" in said


# --- what goes through -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def board(api: Api) -> str:
    status, made = api("POST", "/api/boards", {"name": "Operations"})
    assert status == 201, made
    return str(made["id"])


@pytest.fixture(scope="module")
def column(api: Api, board: str) -> str:
    return str(api("GET", f"/api/columns?board={board}")[1]["items"][0]["id"])


def event(stream: Any) -> bytes:
    """Up to the empty line that ends one."""
    lines: list[bytes] = []
    while (line := stream.readline()).strip() or not lines:
        assert line, f"the stream ended after {lines}"
        lines.append(line.strip())
    return b"\n".join(lines)


def test_a_change_arrives_on_an_open_board_one_by_one(stack: Stack, api: Api, board: str, column: str) -> None:
    connection = stack.open()
    headers = {"Authorization": f"Bearer {api.token}", "Accept-Encoding": "gzip"}
    connection.request("GET", f"/api/boards/{board}/events", headers=headers)
    stream = connection.getresponse()
    assert (stream.status, stream.getheader("Content-Type")) == (200, "text/event-stream; charset=utf-8")
    event(stream)
    for number in range(3):
        # The next one is only made when the last one has been read: nothing on the way holds one back.
        assert api("POST", "/api/tickets", {"title": f"Ticket {number}", "column": column})[0] == 201
        while f"Ticket {number}".encode() not in event(stream):
            pass
    connection.close()


def test_the_log_has_the_address_of_who_asked_and_not_what_they_say_it_is(stack: Stack, column: str, api: Api) -> None:
    told = {"Authorization": f"Bearer {api.token}", "X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "http"}
    assert stack.call("POST", "/api/tickets", {"title": "From afar", "column": column}, **told)[0] == 201
    known = stack.sql("SELECT DISTINCT host(ip) FROM audit_entry WHERE ip IS NOT NULL").split()
    assert known
    assert "6.6.6.6" not in known


def test_a_large_file_comes_in_and_out_whole(stack: Stack, api: Api, column: str) -> None:
    ticket = api("POST", "/api/tickets", {"title": "With a file", "column": column})[1]["id"]
    content = os.urandom(8 * 1024 * 1024)
    head = 'Content-Disposition: form-data; name="file"; filename="large.bin"\r\nContent-Type: application/octet-stream'
    body = f"--{BORDER}\r\n{head}\r\n\r\n".encode() + content + b"\r\n--" + BORDER.encode() + b"--\r\n"
    connection = stack.open()
    told = {"Authorization": f"Bearer {api.token}", "Content-Type": f"multipart/form-data; boundary={BORDER}"}
    connection.request("POST", f"/api/tickets/{ticket}/attachments", body, told)
    answer = connection.getresponse()
    said = answer.read()
    assert answer.status == 201, said
    path = re.search(rb'"id": ?"([\w-]+)"', said)
    assert path is not None
    told = {"Authorization": f"Bearer {api.token}"}
    assert stack.call("GET", f"/api/attachments/{path[1].decode()}/content", **told)[2] == content


# --- the walls -------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", PROCESSES)
def test_a_process_of_ours_can_do_little_beside_its_work(stack: Stack, service: str) -> None:
    host = stack.about(service)["HostConfig"]
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert not host["CapAdd"]
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert host["Memory"] > 0
    assert host["PidsLimit"] > 0
    assert host["LogConfig"]["Config"] == {"max-size": "10m", "max-file": "5"}
    status = stack.within(service, "cat", "/proc/1/status").stdout
    assert "Uid:\t10001\t10001\t10001\t10001" in status
    assert "CapEff:\t0000000000000000" in status
    assert stack.within(service, "touch", "/opt/tika/app/x", check=False).returncode != 0


def test_no_port_is_open_but_the_proxys(stack: Stack) -> None:
    published = {}
    for service in (*PROCESSES, "db", "caddy"):
        found = stack.about(service)["HostConfig"]["PortBindings"]
        if found:
            published[service] = sorted(found)
    assert published == {"caddy": ["443/tcp", "443/udp", "80/tcp"]}
    form = '{{.Label "com.docker.compose.service"}}'
    started = stack.engine.docker("ps", "--format", form).stdout.split()
    assert sorted(started) == sorted([*PROCESSES, "db", "caddy"])


def test_the_proxy_cannot_reach_the_database_nor_the_database_the_world(stack: Stack) -> None:
    assert stack.within("app", "getent", "hosts", "db").returncode == 0
    assert stack.within("caddy", "getent", "hosts", "app").returncode == 0
    for name in ("db", "worker", "exporter", "backup"):
        assert stack.within("caddy", "getent", "hosts", name, check=False).returncode != 0, name
    with socket.create_server((stack.engine.outside, 0)) as world:
        there = f"/dev/tcp/{stack.engine.outside}/{world.getsockname()[1]}"
        knock = ("timeout", "5", "bash", "-c", f"exec 3<>{there}")
        assert stack.within("worker", *knock).returncode == 0
        assert stack.within("db", *knock, check=False).returncode != 0


def test_the_app_is_no_superuser_and_the_wall_stands(stack: Stack) -> None:
    facts = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'tika%' AND (rolsuper OR rolcreaterole OR rolcreatedb)"
    assert stack.sql(facts) == ""
    assert (
        stack.sql("SELECT string_agg(rolname, ',') FROM pg_roles WHERE rolbypassrls AND NOT rolsuper") == "tika_backup"
    )
    assert int(stack.sql("SELECT count(*) FROM boards_ticket")) > 0
    asked = "from django.db import connection as c; u = c.cursor(); u.execute('{}'); print(*u.fetchone())"
    owned = "SELECT count(*) FROM pg_tables WHERE tableowner = current_user"
    statement = f"SELECT current_user, count(*), ({owned}) FROM boards_ticket"
    done = stack.within("app", "tika", "shell", "--no-imports", "-v", "0", "-c", asked.format(statement))
    assert done.stdout.strip() == "tika_app 0 0"


def test_no_secret_is_in_what_docker_tells_or_in_the_image(stack: Stack, image: str) -> None:
    secrets = [path.read_text().strip() for path in (stack.folder / "secrets").iterdir() if path.stat().st_size]
    assert len(secrets) >= 7
    passwords = [secret.rpartition("@")[0].rpartition(":")[2] or secret for secret in secrets]
    told = stack.engine.docker("inspect", *stack.compose("ps", "-aq").stdout.split()).stdout
    told += stack.engine.docker("history", "--no-trunc", image).stdout + stack.compose("logs", "--no-color").stdout
    told += (stack.folder / ".env").read_text() + stack.transcript
    assert not [password for password in passwords if password in told]


# --- what happens when something is away -----------------------------------------------------------


def lives(stack: Stack, services: tuple[str, ...] = PROCESSES) -> dict[str, tuple[str, int]]:
    found = {service: stack.about(service) for service in services}
    return {service: (about["State"]["StartedAt"], about["RestartCount"]) for service, about in found.items()}


def test_a_killed_database_comes_back_and_no_process_is_started_anew(stack: Stack, api: Api, column: str) -> None:
    before, restarts = lives(stack), lives(stack, ("db",))["db"][1]
    os.kill(stack.about("db")["State"]["Pid"], 9)
    until(lambda: lives(stack, ("db",))["db"][1] == restarts + 1)
    until(lambda: is_ready(stack))
    assert api("POST", "/api/tickets", {"title": "After the kill", "column": column})[0] == 201
    assert lives(stack) == before


def test_a_database_that_is_away_for_long_restarts_nothing_and_tika_recovers_alone(
    stack: Stack, api: Api, column: str
) -> None:
    before = lives(stack)
    stack.compose("stop", "db")
    try:
        until(lambda: stack.within("app", "tika", "health", "web", "--ready", check=False).returncode == 1)
        time.sleep(OUTAGE)
        for service in PROCESSES:
            assert stack.within(service, "tika", "health", check=False).returncode == 0, service
        assert stack.call("GET", "/readyz")[0] == 503
        assert stack.call("GET", "/livez")[0] == 200
    finally:
        stack.compose("start", "db")
    until(lambda: is_ready(stack))
    assert api("POST", "/api/tickets", {"title": "After the outage", "column": column})[0] == 201
    until(lambda: int(stack.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'tika_worker'")) > 0)
    assert lives(stack) == before


def test_all_of_tikas_processes_together_hold_little_while_idle(stack: Stack) -> None:
    held = {service: memory_mb(stack.engine, stack.container(service)) for service in PROCESSES}
    print({service: round(size) for service, size in held.items()}, round(sum(held.values())), "MB")
    assert sum(held.values()) <= IDLE_MB, held


# --- again -----------------------------------------------------------------------------------------


def test_installed_again_it_keeps_everything_and_shows_no_password(stack: Stack) -> None:
    secrets = {path.name: path.read_bytes() for path in (stack.folder / "secrets").iterdir()}
    settings = (stack.folder / ".env").read_text()
    again = stack.install("--yes").stdout
    assert "Sign in: as before" in again
    assert "password: " not in again.replace("(password forgotten", "")
    assert "an earlier installation: its database and secrets are there and stay" in again
    assert "version: from" in again
    assert {path.name: path.read_bytes() for path in (stack.folder / "secrets").iterdir()} == secrets
    assert (stack.folder / ".env").read_text() == settings
    assert is_ready(stack)


def test_a_check_changes_nothing_and_a_lost_secret_is_named(stack: Stack) -> None:
    before = lives(stack)
    assert stack.install("--check").returncode == 0
    lost = stack.folder / "secrets" / "database_url"
    kept = lost.rename(lost.with_name("aside"))
    try:
        done = stack.install("--yes", check=False)
        assert done.returncode == 1
        assert "its database tika_pgdata is there, but not its secrets: database_url" in done.stdout
    finally:
        kept.rename(lost)
    assert lives(stack) == before
