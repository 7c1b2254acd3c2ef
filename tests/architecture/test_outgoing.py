"""Whoever asks others by HTTP does so through the door (observability/outgoing), or stands here with a reason."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from tests.architecture.test_code import sources

DOOR = "observability/outgoing/"
CLIENTS = (
    "urllib.request", "http.client", "urllib3", "requests", "httpx", "aiohttp", "httplib2", "pycurl", "xmlrpc",
    "ftplib", "minio", "boto3", "botocore", "sentry_sdk", "opentelemetry.exporter", "websockets",
    "asyncio.open_connection", "socket.create_connection",
)  # fmt: skip
LOADERS = {"import_module", "__import__"}
PAST_IT = {
    "backups/tls.py": "the database, which PostgreSQL's own programs ask through it",
    "backups/store/s3.py": "the operator's bucket: gigabytes as a stream, signed by the client of S3",
    "observability/errors/sentry.py": "SENTRY_DSN: the SDK's own thread and queue, which cost no request anything",
    "observability/tracing/provider.py": "OTEL_EXPORTER_OTLP_ENDPOINT: the exporter's own thread and queue",
    "tika/cli/health.py": "the process beside it, on 127.0.0.1, before anything of Django is loaded",
    "tika/cli/probe.py": "the proxy beside it, whose certificate is not judged; without Django",
    "tika/cli/start.py": "the processes that it has just started, whether they listen; without Django",
    "tika/cli/upgrade/installation.py": "the Tika that it replaces, on 127.0.0.1; without Django",
}


def clients_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            # Not what is of one of our own variables: `requests.count()`.
            names = [name for name in [f"{node.value.id}.{node.attr}"] if name in CLIENTS]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".")[-1] in LOADERS:
            names = [str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)]
        else:
            continue
        yield from (name for name in names if any(f"{name}.".startswith(f"{client}.") for client in CLIENTS))


def test_every_outgoing_request_goes_through_the_door() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for path, tree in sources():
        if not path.startswith(DOOR):
            for client in clients_in(tree):
                found[path].add(client)
    assert {path: names for path, names in found.items() if path not in PAST_IT} == {}, "past observability.outgoing"
    assert set(PAST_IT) - set(found) == set(), "a reason is left that nobody needs"


def test_each_way_to_write_it_is_seen() -> None:
    for line in (
        "import urllib.request",
        "import urllib.request as u",
        "from urllib import request",
        "from urllib.request import urlopen",
        "from http import client",
        "def f():\n    import httpx",
        "import socket\nsocket.create_connection(('a', 1))",
        "from socket import create_connection",
        "from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter",
        "importlib.import_module('requests')",
    ):
        assert list(clients_in(ast.parse(line))), line
    for line in ("from urllib.parse import urlsplit", "from django.http import HttpRequest", "import socket"):
        assert not list(clients_in(ast.parse(line))), line
