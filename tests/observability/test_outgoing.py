"""Whatever leaves by HTTP goes through one door: whom it lets be asked, for how long, and how much it takes."""

import selectors
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import pytest

from observability import outgoing, tracing
from observability.logs.context import About, about
from observability.outgoing import NoAnswer, NotAllowed, Reach
from observability.outgoing.reach import is_allowed
from tests.observability.far import Authority, Far, answer, far
from tests.observability.writing import Written

OWN, SITE, PUBLIC = Reach.OWN, Reach.SITE, Reach.PUBLIC
INFINITE = 10**6


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server called localhost shows, by an authority that is believed here."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority.serving("localhost")


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Where names lead, for a test to say; others lead nowhere."""
    known: dict[str, list[str]] = {}

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        families = {4: socket.AF_INET, 6: socket.AF_INET6}
        found = [(families[ip_address(one).version], one) for one in known[host]]
        return [(family, socket.SOCK_STREAM, 6, "", (one, port)) for family, one in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


# --- whom ----------------------------------------------------------------------------------------

INSIDE = ("10.1.2.3", "172.20.0.1", "192.168.1.1", "127.0.0.1", "::1", "fd12:3456::1", "100.64.0.1", "::ffff:10.0.0.1")
NOBODYS = (
    "169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "fe80::1", "fd00:ec2::254",
    "100.100.100.200", "168.63.129.16", "0.0.0.0", "0.1.2.3", "::", "224.0.0.1", "ff02::1", "::ffff:0.0.0.0",
)  # fmt: skip
OUTSIDE = ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822")
NO_NETWORK = ("192.0.2.1", "198.51.100.7", "2001:db8::1", "fec0::1", "240.0.0.1", "255.255.255.255", "64:ff9b:1::1")


@pytest.mark.parametrize(
    ("addresses", "public", "site"),
    [(INSIDE, False, True), (NOBODYS, False, False), (OUTSIDE, True, True), (NO_NETWORK, False, True)],
    ids=["inside", "nobody's", "outside", "no network"],
)
def test_who_may_be_reached_depends_on_who_named_the_address(
    addresses: tuple[str, ...], public: bool, site: bool
) -> None:
    for one in map(ip_address, addresses):
        assert is_allowed(one, PUBLIC) is public, one
        assert is_allowed(one, SITE) is is_allowed(one, OWN) is site, one


@pytest.mark.parametrize("reach", list(Reach))
@pytest.mark.parametrize("leads_to", ["169.254.169.254", "::ffff:169.254.169.254"])
def test_a_name_that_leads_to_a_machine_s_own_secrets_is_refused_whoever_named_it(
    leads_to: str, reach: Reach, resolver: dict[str, list[str]]
) -> None:
    resolver["metadata.example"] = [leads_to]
    with pytest.raises(NotAllowed, match=r"metadata\.example leads to"):
        outgoing.ask("https://metadata.example/latest/meta-data/", reach=reach)


def test_one_address_inside_among_others_outside_is_enough_to_refuse(resolver: dict[str, list[str]]) -> None:
    resolver["both.example"] = ["93.184.216.34", "10.0.0.1"]
    with pytest.raises(NotAllowed, match=r"10\.0\.0\.1"):
        outgoing.ask("https://both.example/")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "127.1", "0x7f.1", "[::1]", "[::ffff:7f00:1]"]
)
def test_what_others_name_never_leads_to_this_machine_however_it_is_written(host: str) -> None:
    with far(answer()) as server, pytest.raises(NotAllowed):
        outgoing.ask(f"https://{host}:{server.port}/")
    assert server.asked == []


def test_a_name_that_changes_its_mind_is_asked_where_it_first_led(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []

    def change(host: str, port: int, **_: Any) -> list[Any]:
        looked_up.append(host)
        leads_to = "127.0.0.1" if len(looked_up) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (leads_to, port))]

    monkeypatch.setattr(socket, "getaddrinfo", change)
    with far(answer(b"here")) as server:
        found = outgoing.ask(f"http://board.example:{server.port}/a", reach=OWN)
    assert (found.status, found.body, looked_up) == (200, b"here", ["board.example"])
    assert f"host: board.example:{server.port}".encode() in server.asked[0].lower()


@pytest.mark.parametrize(
    "url",
    [
        "http://t.example/", "ftp://t.example/", "file:///etc/passwd", "//t.example/", "t.example", "https://", "",
        "https://name:s3cr3t@t.example/", "https://t.example@evil.example/", "https://t.example:99999/",
        "https://t.example/a b", "https://t.example/\r\nX: y", "https://t.exämple/", "gopher://t.example/_",
    ],
)  # fmt: skip
def test_what_is_no_address_of_https_is_refused_before_any_name_is_looked_up(
    url: str, resolver: dict[str, list[str]]
) -> None:
    with pytest.raises(NotAllowed) as refused:
        outgoing.ask(url, reach=SITE)
    assert "s3cr3t" not in str(refused.value)


def test_without_tls_this_machine_alone_is_asked_but_for_the_installation_itself(
    resolver: dict[str, list[str]],
) -> None:
    resolver |= {"tika.internal": ["127.0.0.1"], "127.0.0.1": ["127.0.0.1"]}
    with far(answer(b"well")) as server:
        assert outgoing.ask(f"http://127.0.0.1:{server.port}/", reach=SITE).body == b"well"
        assert outgoing.ask(f"http://tika.internal:{server.port}/", reach=OWN).body == b"well"
        with pytest.raises(NotAllowed, match="https"):
            outgoing.ask(f"http://tika.internal:{server.port}/", reach=SITE)
    assert len(server.asked) == 2


def test_a_certificate_must_be_for_the_name_and_by_somebody_who_is_believed(
    authority: Authority, trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with far(answer(b"well"), context=trusted) as server:
        assert outgoing.ask(f"https://localhost:{server.port}/", reach=SITE).body == b"well"
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(NoAnswer, match="certificate"):
            outgoing.ask(f"https://localhost:{server.port}/", reach=SITE)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    for wrong in (authority.serving("other.example"), authority.serving("localhost", days=-1)):
        with far(answer(b"well"), context=wrong) as server, pytest.raises(NoAnswer, match="certificate"):
            outgoing.ask(f"https://localhost:{server.port}/", reach=SITE)
        assert server.asked == []


# --- how much, and how long ----------------------------------------------------------------------


def chunks(line: socket.socket, _: bytes) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _part in range(INFINITE):
        line.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")


def endless(line: socket.socket, _: bytes) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _part in range(INFINITE):
        line.sendall(b"x" * 1024)


def announced(line: socket.socket, _: bytes) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
    endless(line, b"")


@pytest.mark.parametrize("respond", [chunks, endless, announced, answer(b"x" * 5001)])
def test_an_answer_that_is_too_large_is_not_taken(respond: Any) -> None:
    with far(respond) as server, pytest.raises(NotAllowed, match="larger than 5,000 bytes"):
        outgoing.ask(f"http://127.0.0.1:{server.port}/", reach=SITE, largest=5000)


def test_an_answer_of_just_that_size_is_taken_and_one_that_breaks_off_is_none() -> None:
    with far(answer(b"x" * 5000)) as server:
        assert len(outgoing.ask(f"http://127.0.0.1:{server.port}/", reach=SITE, largest=5000).body) == 5000
    for broken in (answer(b"x" * 50)[:-1], b"I am no web server\r\n\r\n", b""):
        with far(broken) as server, pytest.raises(NoAnswer):
            outgoing.ask(f"http://127.0.0.1:{server.port}/", reach=SITE)


def hang(line: socket.socket, _: bytes) -> None:
    line.recv(1)


def by_the_byte(line: socket.socket, _: bytes) -> None:
    """Never silent for long, and whole after half a minute."""
    for place in range(len(whole := answer(b"x" * 500))):
        line.sendall(whole[place : place + 1])
        time.sleep(0.05)


@pytest.mark.parametrize("respond", [hang, by_the_byte])
def test_a_server_that_hangs_or_dawdles_is_left(respond: Callable[..., None]) -> None:
    with far(respond) as server, pytest.raises(NoAnswer):
        outgoing.ask(f"http://127.0.0.1:{server.port}/", reach=SITE, seconds=0.4)


def test_a_server_that_hangs_before_tls_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NoAnswer):
        outgoing.ask(f"https://127.0.0.1:{silent.getsockname()[1]}/", reach=SITE, seconds=0.4)


def test_an_address_that_is_dead_leaves_time_for_the_next(resolver: dict[str, list[str]]) -> None:
    resolver["two.example"] = ["127.0.0.2", "127.0.0.1"]
    with far(answer(b"second")) as server:
        assert outgoing.ask(f"http://two.example:{server.port}/", reach=OWN).body == b"second"
    with pytest.raises(NoAnswer, match=r"two\.example does not answer"):
        outgoing.ask(f"http://two.example:{server.port}/", reach=OWN)


# --- where it leads ------------------------------------------------------------------------------


def moved(to: str) -> bytes:
    return answer(status="302 Found", Location=to)


def test_a_redirect_is_an_answer_and_nobody_goes_there() -> None:
    with far(answer()) as elsewhere, far(moved(f"http://127.0.0.1:{elsewhere.port}/")) as server:
        found = outgoing.ask(f"http://127.0.0.1:{server.port}/", reach=SITE)
    assert (found.status, elsewhere.asked) == (302, [])


def test_whoever_follows_is_not_led_into_the_site_nor_to_clear_text(trusted: ssl.SSLContext) -> None:
    with far(answer(b"inside"), context=trusted) as elsewhere:
        for to in (f"https://localhost:{elsewhere.port}/", "http://93.184.216.34/", "https://169.254.169.254/"):
            with far(moved(to), context=trusted) as server, pytest.raises(NotAllowed):
                outgoing.ask(f"https://localhost:{server.port}/", reach=SITE, redirects=3)
    assert elsewhere.asked == []


def test_within_the_host_it_may_be_followed_so_often_and_no_more() -> None:
    def lead(line: socket.socket, head: bytes) -> None:
        number = int(head.split(b" ")[1].removeprefix(b"/"))
        line.sendall(moved(f"/{number - 1}") if number else answer(b"arrived"))

    with far(lead) as server:
        assert outgoing.ask(f"http://127.0.0.1:{server.port}/3", reach=SITE, redirects=3).body == b"arrived"
        with pytest.raises(NotAllowed, match="more than 3"):
            outgoing.ask(f"http://127.0.0.1:{server.port}/4", reach=SITE, redirects=3)
        posted = outgoing.ask(f"http://127.0.0.1:{server.port}/1", reach=SITE, redirects=3, method="POST", body=b"x")
    assert posted.status == 302


# --- through a proxy -----------------------------------------------------------------------------


@contextmanager
def proxy(to: int, status: str = "200 Connection established") -> Iterator[Far]:
    """Connects to that port of ours, whatever name it is told."""

    def respond(line: socket.socket, _: bytes) -> None:
        line.sendall(f"HTTP/1.1 {status}\r\n\r\n".encode())
        with socket.create_connection(("127.0.0.1", to)) as there:
            relay(line, there)

    with far(respond) as made:
        yield made


def relay(one: socket.socket, other: socket.socket) -> None:
    """Until either has nothing more to say."""
    with selectors.DefaultSelector() as selector:
        selector.register(one, selectors.EVENT_READ, other)
        selector.register(other, selectors.EVENT_READ, one)
        while True:
            for ready, _ in selector.select(10):
                if not (part := ready.fileobj.recv(65536)):  # type: ignore[union-attr]
                    return
                ready.data.sendall(part)


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch, trusted: ssl.SSLContext) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with far(answer(b"straight"), context=trusted) as server:
        assert outgoing.ask(f"https://localhost:{server.port}/", reach=SITE).body == b"straight"


def test_the_operator_s_proxy_knows_names_that_this_machine_does_not(
    authority: Authority, trusted: ssl.SSLContext, settings: Any
) -> None:
    shown = authority.serving("releases.invalid")
    with far(answer(b"by proxy"), context=shown) as server, proxy(server.port) as between:
        settings.OUTGOING_PROXY = f"http://tika:pass%20word@127.0.0.1:{between.port}"
        assert outgoing.ask("https://releases.invalid/list?a=1").body == b"by proxy"
    head = between.asked[0].decode()
    assert head.startswith("CONNECT releases.invalid:443 HTTP/1.1\r\n")
    assert "Proxy-Authorization: Basic dGlrYTpwYXNzIHdvcmQ=" in head
    assert server.asked[0].startswith(b"GET /list?a=1 HTTP/1.1\r\n")
    assert b"\r\nHost: releases.invalid\r\n" in server.asked[0]


def test_a_proxy_is_no_way_into_the_site_and_not_asked_for_the_installation_itself(
    trusted: ssl.SSLContext, settings: Any
) -> None:
    with far(answer(b"own"), context=trusted) as server, proxy(server.port) as between:
        settings.OUTGOING_PROXY = f"http://127.0.0.1:{between.port}"
        for url in ("https://localhost/", "https://169.254.169.254/", "https://10.0.0.1/"):
            with pytest.raises(NotAllowed):
                outgoing.ask(url)
        assert outgoing.ask(f"https://localhost:{server.port}/", reach=OWN).body == b"own"
    assert between.asked == []


def test_a_proxy_that_refuses_is_no_answer_and_one_that_is_none_is_refused(settings: Any) -> None:
    with proxy(1, "403 Forbidden") as between:
        settings.OUTGOING_PROXY = f"http://127.0.0.1:{between.port}"
        with pytest.raises(NoAnswer, match="403"):
            outgoing.ask("https://releases.invalid/")
    settings.OUTGOING_PROXY = "socks5://127.0.0.1:1080"
    with pytest.raises(NotAllowed, match="TIKA_OUTGOING_PROXY"):
        outgoing.ask("https://releases.invalid/")


# --- what is told --------------------------------------------------------------------------------


def test_one_line_in_the_log_names_host_status_and_size_and_nothing_that_was_asked(written: Written) -> None:
    with far(answer(b"12345", status="404 Not Found")) as server:
        url = f"http://127.0.0.1:{server.port}/hook/s3cr3t?token=t0k3n"
        outgoing.ask(url, reach=SITE, method="POST", body=b"b0dy", headers={"Authorization": "Bearer h34d3r"})
        with pytest.raises(NotAllowed):
            outgoing.ask(url, reach=SITE, largest=1)
    assert b"Bearer h34d3r" in server.asked[0]
    done, failed = written.of("tika.outgoing")
    assert (done["event"], done["level"], done["method"]) == ("outgoing", "info", "POST")
    assert (done["host"], done["status"], done["bytes"]) == ("127.0.0.1", 404, 5)
    assert (failed["event"], failed["level"], failed["host"]) == ("outgoing_failed", "warn", "127.0.0.1")
    for hidden in (b"s3cr3t", b"t0k3n", b"b0dy", b"h34d3r", b"12345"):
        assert hidden not in b"".join(written)


def test_the_request_that_we_serve_is_named_unless_it_is_nobodys_business(monkeypatch: pytest.MonkeyPatch) -> None:
    spans: list[dict[str, Any]] = []

    @contextmanager
    def span(name: str, **about: Any) -> Iterator[None]:
        spans.append({"name": name, **about})
        yield

    monkeypatch.setattr(tracing, "span", span)
    before = about.set(About("request-1234", trace_id="4b" * 16, span_id="00f067aa0ba902b7", flags="01"))
    try:
        with far(answer()) as server:
            outgoing.ask(f"http://127.0.0.1:{server.port}/a?b=c", reach=SITE)
            outgoing.ask(f"http://127.0.0.1:{server.port}/", reach=SITE, tells_who=False)
    finally:
        about.reset(before)
    named, bare = server.asked
    assert b"X-Request-Id: request-1234" in named
    assert f"traceparent: 00-{'4b' * 16}-00f067aa0ba902b7-01".encode() in named
    assert b"request-1234" not in bare
    assert b"traceparent" not in bare
    shown = {"kind": "client", "http.request.method": "GET", "server.address": "127.0.0.1", "server.port": server.port}
    assert spans == [{"name": "GET", **shown}] * 2
