"""A `web` that is counted, and what a fetch of its numbers says."""

import os
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from tests.live import servers

Series = dict[tuple[str, frozenset[tuple[str, str]]], float]


def fetch(port: int, path: str = "/metrics") -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def series(port: int) -> Series:
    status, text = fetch(port)
    assert status == 200, text
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def total(found: Series, name: str, **labels: str) -> float:
    return sum(value for (each, own), value in found.items() if each == name and frozenset(labels.items()) <= own)


class Counted:
    def __init__(self, folder: Path, *, application: str = "tika.wsgi", **environment: str) -> None:
        self.pages = Path(environment.get("TIKA_METRICS_DIR", folder / "metrics"))
        self.metrics = servers.free_port()
        own = {"TIKA_METRICS_DIR": str(self.pages), "METRICS_PORT": str(self.metrics), "TIKA_LOG_LEVEL": "WARNING"}
        port = servers.free_port()
        command = ["gunicorn", "--config", "tika/gunicorn_web.py", application]
        own |= {"HOST": "127.0.0.1", "PORT": str(port), **environment}
        self.web = servers.Process(command, folder / "web.log", port=port, **own)
        servers.wait_for(lambda: servers.is_up(port), self.web)

    def asked(self, **labels: str) -> float:
        return total(series(self.metrics), "http_request_total", **labels)

    def workers(self) -> list[int]:
        return self.web.children()

    def ask(self, requests: int, path: str = "/livez", *, clients: int = 8) -> None:
        """So many answers, over connections that are kept; one that was closed unanswered is asked again."""
        each, rest = divmod(requests, clients)
        parts = [each + (number < rest) for number in range(clients)]
        threads = [threading.Thread(target=self._ask, args=(part, path)) for part in parts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _ask(self, requests: int, path: str) -> None:
        connection = HTTPConnection("127.0.0.1", self.web.port, timeout=30)
        while requests:
            try:
                connection.request("GET", path)
                connection.getresponse().read()
            except (OSError, HTTPException):
                connection.close()
            else:
                requests -= 1
        connection.close()


def until(true: Callable[[], bool], *, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
