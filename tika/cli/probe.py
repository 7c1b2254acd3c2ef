"""`tika probe https://NAME/readyz --at HOST:PORT`: is that address answered, asked from beside the proxy?

The connection goes to HOST:PORT under the name of the address, whatever DNS says here. The certificate is not judged:
who asks is beside the proxy, and an authority of the installation's own is known to no container.
"""

import argparse
import http.client
import socket
import ssl
import sys
from collections.abc import Sequence
from urllib.parse import urlsplit

SECONDS = 10.0


class Elsewhere(http.client.HTTPSConnection):
    def __init__(self, address: str, name: str, *, context: ssl.SSLContext) -> None:
        host, _, port = address.rpartition(":")
        super().__init__(host, int(port), timeout=SECONDS, context=context)
        self.name = name
        self.tls = context

    def connect(self) -> None:
        plain = socket.create_connection((self.host, self.port), SECONDS)
        self.sock = self.tls.wrap_socket(plain, server_hostname=self.name)


def probe(arguments: Sequence[str]) -> int:
    """0 when the answer is 200."""
    parser = argparse.ArgumentParser("tika probe")
    parser.add_argument("url")
    parser.add_argument("--at", required=True, metavar="HOST:PORT")
    given = parser.parse_args(arguments)
    url = urlsplit(given.url)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        connection = Elsewhere(given.at, url.hostname or "", context=context)
        connection.request("GET", url.path or "/", headers={"Host": url.netloc.removesuffix(":443")})
        answer = connection.getresponse()
        said = answer.read(500).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        print(f"{given.at} does not answer: {error!r}", file=sys.stderr)
        return 1
    version = connection.sock.version() if isinstance(connection.sock, ssl.SSLSocket) else ""
    print(f"{given.url} answers {answer.status} ({version}): {said}")
    return 0 if answer.status == 200 else 1
