"""How gunicorn serves `web`: `gunicorn --config tika/gunicorn_web.py tika.wsgi`."""

import gc
import os
from pathlib import Path
from typing import Any

os.environ.setdefault("TIKA_SERVICE", "tika-web")

# The memory of both is made here, before the processes that share it.
import tenancy.rate_limit  # noqa: F401
from observability import logs, tracing
from observability.beat import beat
from observability.logs.levels import gunicorn_level
from observability.metrics import configuration, process
from observability.metrics.folder import Folder
from tika.connections import WEB_BESIDE, web_threads, web_workers
from tika.env import logging_config
from tika.even_load import shares

# The lines of the process that looks after the others, which reads no settings.
logs.configure(logging_config())
logger_class = "observability.logs.server.ServerLog"

# An inherited socket when a supervisor holds it, else an address.
_inherited = os.environ.get("TIKA_LISTEN_FD", "")
bind = f"fd://{_inherited}" if _inherited else f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "tika.live.handover.Worker"
workers = web_workers()
threads = web_threads()
backlog = 2048
timeout = 60
# Longer than a proxy keeps its connections, so that it is never the one to meet a closed door.
keepalive = 75
graceful_timeout = 10
# gunicorn touches a file there several times a second; on a disk that can take long.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
# Whom to believe about the client's address is decided in one place: tenancy.origin, by the count of proxies.
forwarded_allow_ips = ""
accesslog = None
errorlog = "-"
# How many objects may wait for the garbage collector: those of some 130 requests, 2 MB at most.
GARBAGE = 10_000
loglevel = gunicorn_level(logging_config()["level"])
proc_name = "tika-web"


def on_starting(server: Any) -> None:
    """The master serves the numbers, where METRICS_PORT is set; what an earlier one's workers left is kept."""
    process.fold()
    process.serve(Folder(configuration.folder_path()))


def post_fork(server: Any, worker: Any) -> None:
    """Before Django is loaded: what is traced is wrapped while it is built, and threads do not survive a fork."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tika.settings")
    tracing.start(serves=True)


def post_worker_init(worker: Any) -> None:
    process.start("web", connections=threads + WEB_BESIDE)
    beat.start()
    # What is loaded stays to the end; to look through it for garbage again and again took 8 % of a request. A request
    # leaves 76 objects that only the collector frees: looked for after nine of them, it took another 5 %.
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)
    if ready := os.environ.get("TIKA_READY_FILE"):
        # For who waits with the old `web` until the new one answers (tika.cli.rolling).
        Path(ready).touch()


def worker_exit(server: Any, worker: Any) -> None:
    beat.stop()
    tracing.stop()


def child_exit(server: Any, worker: Any) -> None:
    shares.leave(worker.age)
    process.fold()
