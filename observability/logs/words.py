"""What a command prints for people, as lines of the log: for a command that a deployment starts."""

import io

import structlog

log = structlog.get_logger("tika.command")


class LogLines(io.StringIO):
    """A text stream; each line that is complete becomes one."""

    def __init__(self, level: str = "info") -> None:
        super().__init__()
        self.level = level
        self.rest = ""

    def write(self, text: str) -> int:
        *lines, self.rest = (self.rest + text).split("\n")
        for line in lines:
            if line.strip():
                getattr(log, self.level)(" ".join(line.split()))
        return len(text)
