"""A real Redis for one test, on loopback and without a file."""

import signal
import subprocess
from pathlib import Path

from tests.live.servers import free_port, wait_for
from tests.tools import debian
from tika.cli.process import die_with_parent


class RedisServer:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.start()

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = {"--port": self.port, "--bind": "127.0.0.1", "--save": "", "--dir": self.folder}
        command = [debian("redis-server"), *(str(word) for pair in options.items() for word in pair)]
        self.log = self.folder / "redis.log"
        with self.log.open("ab") as output:
            self.popen = subprocess.Popen(
                command, stdout=output, stderr=output, preexec_fn=die_with_parent(signal.SIGKILL)
            )
        wait_for(lambda: b"Ready to accept connections" in self.log.read_bytes()[self.log_before :])

    log_before = 0

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait()
        self.log_before = self.log.stat().st_size

    def hang(self) -> None:
        self.popen.send_signal(signal.SIGSTOP)
