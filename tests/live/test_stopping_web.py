"""A `web` that is told to stop leaves nobody without an answer: who has come is served, who comes later is refused."""

import os
import signal
import socket
from contextlib import ExitStack
from pathlib import Path

from tests.live.servers import free_port, wait_for, web

WHOLE = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def is_refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def answer_to(client: socket.socket) -> bytes:
    client.settimeout(30)
    return client.recv(15)


def test_who_waits_at_the_door_is_served(tmp_path: Path) -> None:
    port = free_port()
    process = web(tmp_path, port)
    (worker,) = process.children()
    with ExitStack() as stack:
        # It cannot take them in; the kernel keeps them until it can.
        os.kill(worker, signal.SIGSTOP)
        # Of two signals that wait, the kernel delivers the lower number first: SIGTERM would overtake.
        wait_for(lambda: status_of(worker)["State"].startswith("T"))
        clients = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(20)]
        for client in clients:
            client.sendall(WHOLE)
        process.signal(signal.SIGTERM)
        wait_for(lambda: "SIGTERM" in pending_of(worker))
        os.kill(worker, signal.SIGCONT)
        assert {answer_to(client) for client in clients} == {b"HTTP/1.1 200 OK"}
    process.stop()


def test_who_comes_later_is_refused_at_once_while_others_are_served(tmp_path: Path) -> None:
    port = free_port()
    process = web(tmp_path, port)
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(WHOLE[:-2])
        process.signal(signal.SIGTERM)
        wait_for(lambda: is_refused(port), process)
        slow.sendall(WHOLE[-2:])
        assert answer_to(slow) == b"HTTP/1.1 200 OK"
    process.stop()


def status_of(number: int) -> dict[str, str]:
    lines = Path(f"/proc/{number}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def pending_of(number: int) -> set[str]:
    """Names of the signals that wait for a stopped process."""
    mask = int(status_of(number)["ShdPnd"], 16)
    return {one.name for one in signal.Signals if mask & 1 << one - 1}
