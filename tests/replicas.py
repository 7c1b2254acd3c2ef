"""Two of each process as on two machines, behind Caddy and PgBouncer, with a Redis that both share."""

import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.live import servers
from tests.shared_redis import RedisServer
from tests.tools import debian
from tika.cli.process import die_with_parent

# Names the port at which the tests of pages and streams find what they test.
PORT = "TIKA_TEST_PORT"
CADDYFILE = r"""
{{
	admin off
	auto_https off
	skip_install_trust
}}
http://127.0.0.1:{port} {{
	@stream {{
		method GET
		path_regexp ^(/[\w-]+)?/api/boards/[\w-]+/events$
	}}
	handle @stream {{
		reverse_proxy {live}
	}}
	handle {{
		reverse_proxy {web}
	}}
}}
"""


@contextmanager
def two_of_each(environ: Mapping[str, str]) -> Iterator[int]:
    """The proxy's port; `environ` names the databases, `tika_app`'s through the pooler."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tt-", ignore_cleanup_errors=True)))
        redis = RedisServer(folder)
        stack.callback(redis.kill)
        port = servers.free_port()
        shared = dict(environ) | {
            "REDIS_URL": redis.address,
            "TIKA_BASE_URL": f"http://127.0.0.1:{port}",
            "TIKA_TRUSTED_PROXIES": "1",
            "TIKA_PROBE_URL": "",
            "TIKA_LOG_JSON": "true",
        }
        machines = [machine(stack, folder / name, shared) for name in ("first", "second")]
        stack.enter_context(proxy(folder, port, *zip(*machines, strict=True)))
        yield port


def machine(stack: ExitStack, folder: Path, shared: dict[str, Any]) -> tuple[int, int]:
    """The ports of its `web` and its `live`; there is a worker too."""
    folder.mkdir()
    streams = servers.live(folder, port=servers.free_port(), **shared)
    stack.callback(streams.stop)
    pages = servers.web(folder, servers.free_port(), **shared)
    stack.callback(pages.stop)
    worker = servers.Process(["manage", "worker"], folder / "worker.log", **shared, TIKA_DB_ROLE="worker")
    stack.callback(worker.stop, seconds=60)
    return pages.port, streams.port


@contextmanager
def proxy(folder: Path, port: int, web: tuple[int, ...], live: tuple[int, ...]) -> Iterator[None]:
    def addresses(ports: tuple[int, ...]) -> str:
        return " ".join(f"127.0.0.1:{one}" for one in ports)

    settings = folder / "Caddyfile"
    settings.write_text(CADDYFILE.format(port=port, web=addresses(web), live=addresses(live)))
    command = [debian("caddy"), "run", "--config", str(settings), "--adapter", "caddyfile"]
    with (folder / "caddy.log").open("wb") as log:
        running = subprocess.Popen(
            command,
            env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
    try:
        servers.wait_for(lambda: servers.is_up(port))
        yield
    finally:
        # Asked to end, it would wait for the streams of browsers that are gone.
        running.kill()
        running.wait()
