"""What each kind of process does to be counted: once, at its start, after its fork."""

import logging

from observability import middleware
from observability.beat import beat
from observability.metrics import configuration, database, http
from observability.metrics.catalogue import CONNECTIONS_LIMIT
from observability.metrics.exposition import Collected
from observability.metrics.folder import Folder
from observability.metrics.page import page
from observability.metrics.server import Server

log = logging.getLogger("tika.metrics")
EVERY = 5.0


def start(process: str, *, connections: int) -> None:
    """`process` is web, live or worker; `connections` how many it may open to the database at most."""
    if not configuration.enabled():
        return
    if process == "web":
        middleware.observers.append(http.observe)
    database.install()
    page.set(page.place(CONNECTIONS_LIMIT, process), connections)
    folder = Folder(configuration.folder_path())

    def keep_up() -> None:
        database.look(process)
        if page.needs_file:
            folder.start(page, process)
        page.settle()

    try:
        keep_up()
    except OSError as error:
        log.warning("metrics are kept in memory until there is room in %s: %s", folder.path, error)
    beat.add("metrics", EVERY, keep_up)
    if process != "web":
        serve(folder)


def serve(folder: Folder) -> None:
    """Where METRICS_PORT is set: of `web` the master serves, which outlives its workers."""
    address = configuration.address()
    if address is None or not configuration.enabled():
        return
    try:
        folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        Server(configuration.door_at(*address), Collected(folder, configuration.style())).start()
    except OSError as error:
        # People come first: what is not served is noticed by who fetches.
        log.warning("metrics are not served on port %s: %s", address[1], error)


def fold() -> None:
    """After a process has ended; what cannot be folded now is folded the next time."""
    folder = Folder(configuration.folder_path())
    if not configuration.enabled() or not folder.path.is_dir():
        return
    try:
        folder.fold()
    except OSError as error:
        log.warning("pages of ended processes stay where they are: %s", error)
