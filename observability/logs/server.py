"""gunicorn's own lines, in the form of all others."""

from typing import Any

from gunicorn import glogging

from observability.logs.logger import Handler


class ServerLog(glogging.Logger):  # type: ignore[misc]
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers[:] = [Handler()]
