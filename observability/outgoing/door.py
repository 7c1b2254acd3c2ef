"""One question to somebody else, and the answer."""

import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from socket import socket
from typing import Any
from urllib.parse import urljoin, urlsplit

import structlog
from django.conf import settings

from observability import tracing
from observability.outgoing.failures import NoAnswer, NotAllowed
from observability.outgoing.line import Deadline, begun, body_of, closed_by_failure, lead_on, opened
from observability.outgoing.reach import Reach, places

log = structlog.get_logger("tika.outgoing")
PORTS = {"http": 80, "https": 443}
MOVED = frozenset({301, 302, 303, 307, 308})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
AGENT = "tika"


@dataclass(frozen=True)
class Answer:
    """Of whatever status; `headers` by their names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Target:
    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{name}:{self.port}"

    @property
    def named(self) -> str:
        """As in a Host header, where the usual port is left out."""
        return self.authority.removesuffix(f":{PORTS[self.scheme]}")


@dataclass(frozen=True)
class Question:
    method: str
    body: bytes | None
    headers: Mapping[str, str]
    largest: int


def ask(
    url: str,
    *,
    reach: Reach = Reach.PUBLIC,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = 10.0,
    largest: int = 2**20,
    redirects: int = 0,
    tells_who: bool = True,
) -> Answer:
    """Raises NotAllowed, NoAnswer. `seconds` hold for all of it, the resolver apart.

    A redirect is an answer like any other; a GET may follow as many as `redirects` says, to public addresses alone
    where they lead to another host, which somebody else has named. `tells_who`: with the id of the request we serve.
    """
    names = {**(tracing.headers() if tells_who else {}), **(headers or {})}
    question, deadline = Question(method, body, names, largest), Deadline(seconds)
    for _ in range(redirects + 1):
        answer = once(target(url, reach), question, reach, deadline)
        led = urljoin(url, answer.headers.get("location", ""))
        if not redirects or method != "GET" or answer.status not in MOVED or led == url:
            return answer
        if urlsplit(led).netloc != urlsplit(url).netloc:
            reach, question = Reach.PUBLIC, Question(method, None, {}, largest)
        url = led
    raise NotAllowed(f"{urlsplit(url).hostname} redirects more than {redirects} times.")


def target(url: str, reach: Reach) -> Target:
    """Raises NotAllowed; the address itself may hold a secret and is not repeated."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (KeyError, ValueError) as error:
        raise NotAllowed("An address must look like https://host/path.") from error
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if not is_plain or not parts.hostname or "@" in parts.netloc:
        raise NotAllowed("An address must look like https://host/path, without a name and a password in it.")
    if parts.scheme != "https" and reach is not Reach.OWN and parts.hostname not in LOOPBACK:
        raise NotAllowed(f"{parts.hostname} is asked by https:// alone.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port, path)


def once(to: Target, question: Question, reach: Reach, deadline: Deadline) -> Answer:
    """With one line in the log, which names the host and never what was asked of it."""
    started = time.monotonic()
    about: dict[str, Any] = {"http.request.method": question.method, "server.address": to.host, "server.port": to.port}
    try:
        with tracing.span(question.method, kind="client", **about):
            answer = exchanged(to, question, reach, deadline)
    except (NotAllowed, NoAnswer) as error:
        log.warning("outgoing_failed", method=question.method, host=to.host, reason=str(error))
        raise
    took = round((time.monotonic() - started) * 1000, 1)
    size = len(answer.body)
    log.info("outgoing", method=question.method, host=to.host, status=answer.status, bytes=size, duration_ms=took)
    return answer


def exchanged(to: Target, question: Question, reach: Reach, deadline: Deadline) -> Answer:
    try:
        with connected(to, reach, deadline) as line:
            writer = HTTPConnection(to.host, to.port)
            writer.sock = line
            line.settimeout(deadline.left)
            headers = {"Host": to.named, "User-Agent": AGENT, "Connection": "close", **question.headers}
            writer.request(question.method, to.path, question.body, headers)
            answer = begun(line, question.method, deadline)
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, told, body_of(answer, question.largest))
    except (OSError, HTTPException) as error:
        raise NoAnswer(f"{to.host} does not answer: {error or type(error).__name__}") from error


def connected(to: Target, reach: Reach, deadline: Deadline) -> socket:
    """Raises NotAllowed, NoAnswer, OSError."""
    if settings.OUTGOING_PROXY and to.scheme == "https" and reach is not Reach.OWN:
        line = by_proxy(to, reach, deadline)
    else:
        line = opened(places(to.host, to.port, reach), deadline)
    if to.scheme != "https":
        return line
    with closed_by_failure(line):
        line.settimeout(deadline.left)
        return ssl.create_default_context().wrap_socket(line, server_hostname=to.host)


def by_proxy(to: Target, reach: Reach, deadline: Deadline) -> socket:
    """What this machine knows of the name is judged; a name that the proxy alone knows is the proxy's matter."""
    with suppress(NoAnswer):
        places(to.host, to.port, reach)
    proxy = urlsplit(settings.OUTGOING_PROXY)
    if proxy.scheme != "http" or not proxy.hostname:
        raise NotAllowed("TIKA_OUTGOING_PROXY must look like http://host:3128.")
    line = opened(places(proxy.hostname, proxy.port or 3128, Reach.SITE), deadline)
    with closed_by_failure(line):
        lead_on(line, proxy, to.authority, deadline)
    return line
