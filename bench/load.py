"""The load generator: keeps `concurrency` connections busy, each with its next request as soon as it has its answer.

One thread on epoll that does nothing but send prepared bytes and look for the end of the answer, so that the server
and not the generator is measured: `Result.own_share` says how much of one core it took.
"""

import re
import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
ETAG = re.compile(rb"\r\netag: *([^\r]+)", re.I)
CHUNK = 1 << 18


@dataclass
class Answer:
    status: int
    head: bytes
    size: int  # of the body, as sent


@dataclass
class Result:
    seconds: float
    latencies: list[float]  # seconds, in ascending order
    size: int  # median body
    wrong: Counter[int] = field(default_factory=Counter)  # answers of another status than wanted
    own_share: float = 0.0
    processor: dict[str, float] = field(default_factory=dict)  # seconds each kind of process worked meanwhile

    def processor_each(self, kind: str) -> float:
        """Milliseconds for each answer."""
        return 1000 * self.processor.get(kind, 0.0) / max(1, len(self.latencies))

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, part: float) -> float:
        """In milliseconds."""
        if not self.latencies:
            return 0.0
        return self.latencies[min(len(self.latencies) - 1, int(part * len(self.latencies)))] * 1000


@dataclass
class Connection:
    sock: socket.socket
    asked: bytes = b""
    head: bytes = b""
    end: int = 0  # of the body, when its length was told
    started: float = 0.0
    got: list[bytes] = field(default_factory=list)
    size: int = 0


class Idle:
    """A source of requests that is never out of them."""

    descriptor = -1

    def wake(self) -> None:
        """Called when `descriptor` can be read."""

    def counts(self, answer: Answer, asked: bytes) -> bool:
        return True


class Load:
    """`requests` yields the bytes to send, or None while there is nothing to ask (`pace` then says when again)."""

    def __init__(
        self,
        port: int,
        requests: Iterator[bytes | None],
        *,
        wanted: int,
        pace: Idle | None = None,
        watch: Callable[[], dict[str, float]] = dict,
    ) -> None:
        self.port = port
        self.watch = watch
        self.requests = requests
        self.wanted = wanted
        self.pace = pace or Idle()

    def run(self, concurrency: int, seconds: float, warm_up: float = 0.0) -> Result:
        self.poll = select.epoll()
        self.connections = {}
        self.waiting: list[Connection] = []
        for _ in range(concurrency):
            sock = socket.create_connection(("127.0.0.1", self.port))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections[sock.fileno()] = Connection(sock)
            self.poll.register(sock.fileno(), select.EPOLLIN)
        if self.pace.descriptor >= 0:
            self.poll.register(self.pace.descriptor, select.EPOLLIN)
        try:
            return self._measure(seconds, warm_up)
        finally:
            self.poll.close()
            for connection in self.connections.values():
                connection.sock.close()

    def _measure(self, seconds: float, warm_up: float) -> Result:
        self.begin_measuring()
        for connection in self.connections.values():
            self.ask(connection)
        self._serve(time.perf_counter() + warm_up)
        self.begin_measuring()
        before = self.watch()
        began, own = time.perf_counter(), time.thread_time()
        self._serve(began + seconds)
        took = time.perf_counter() - began
        sizes = sorted(self.sizes)
        return Result(
            took,
            sorted(self.latencies),
            sizes[len(sizes) // 2] if sizes else 0,
            wrong=self.wrong,
            own_share=(time.thread_time() - own) / took,
            processor={kind: used - before.get(kind, 0.0) for kind, used in self.watch().items()},
        )

    def begin_measuring(self) -> None:
        self.latencies: list[float] = []
        self.sizes: list[int] = []
        self.wrong: Counter[int] = Counter()

    def _serve(self, until: float) -> None:
        while time.perf_counter() < until:
            for descriptor, _ in self.poll.poll(0.2):
                if descriptor == self.pace.descriptor:
                    self.pace.wake()
                    while self.waiting and self.ask(self.waiting.pop()):
                        pass
                else:
                    self.hear(self.connections[descriptor])

    def ask(self, connection: Connection) -> bool:
        request = next(self.requests)
        if request is None:
            self.waiting.append(connection)
            return False
        connection.asked = request
        connection.got, connection.size, connection.head = [], 0, b""
        connection.started = time.perf_counter()
        connection.sock.sendall(request)
        return True

    def hear(self, connection: Connection) -> None:
        data = connection.sock.recv(CHUNK)
        if not data:
            raise SystemExit(f"The server hung up on {connection.asked[:200]!r}")
        if not connection.head:
            data = b"".join([*connection.got, data])
            at = data.find(b"\r\n\r\n")
            if at < 0:
                connection.got = [data]
                return
            connection.head = data[:at]
            told = LENGTH.search(connection.head)
            connection.end = int(told[1]) if told else 0 if data[9:12] in (b"304", b"204") else -1
            data = data[at + 4 :]
        connection.size += len(data)
        if connection.end < 0:
            connection.got = [(connection.got[-1] if connection.got else b"")[-5:] + data]
            if not connection.got[0].endswith(b"0\r\n\r\n"):
                return
        elif connection.size < connection.end:
            return
        self.note(connection)
        self.ask(connection)

    def note(self, connection: Connection) -> None:
        took = time.perf_counter() - connection.started
        answer = Answer(int(connection.head[9:12]), connection.head, connection.size)
        if not self.pace.counts(answer, connection.asked):
            return
        if answer.status != self.wanted:
            self.wrong[answer.status] += 1
            return
        self.latencies.append(took)
        self.sizes.append(answer.size)


def cycle_of(make: Callable[[], bytes]) -> Iterator[bytes]:
    while True:
        yield make()
