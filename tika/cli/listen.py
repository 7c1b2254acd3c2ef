"""The listening socket. The supervisor opens it and `web` inherits it, so a restart of `web` refuses nobody."""

import errno
import socket
from collections.abc import Mapping

from tika.cli.refusal import Refusal

BACKLOG = 2048


def read_port(environ: Mapping[str, str]) -> int:
    text = environ.get("PORT", "").strip() or "8000"
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise Refusal(f"PORT is {text!r}: it must be a number from 1 to 65535, for example PORT=8080 bin/run.")
    return int(text)


def listen(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise Refusal(
            f"HOST is {host!r}, and this machine can't find an address for it:"
            " use 127.0.0.1 (this machine only), 0.0.0.0 (everybody) or one of its own addresses."
        ) from error
    family, kind, protocol, _, address = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    opened = socket.socket(family, kind, protocol)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind(address)
        opened.listen(BACKLOG)
    except OSError as error:
        opened.close()
        raise Refusal(sentence(error, host, port)) from error
    return opened


def sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program: stop that one, or choose another port,"
            f" for example PORT={free_port(host)} bin/run."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for the administrator: choose one above 1023, for example PORT=8000 bin/run."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"HOST is {host!r}, which is not an address of this machine: use 127.0.0.1, 0.0.0.0 or one of its own."
    return f"Tika can't listen on {host} port {port} ({error.strerror}): choose others with HOST and PORT."


def free_port(host: str) -> int:
    for port in range(8000, 8100):
        try:
            with socket.create_server((host, port)):
                return port
        except OSError:
            continue
    return 9000


def address_of(host: str, port: int) -> str:
    """As a browser on this machine writes it."""
    if host in {"", "0.0.0.0", "::"}:  # noqa: S104
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
