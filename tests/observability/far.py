"""The far end of an outgoing request, on loopback: it answers what a test says, byte for byte, with TLS or without."""

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

Respond = Callable[[socket.socket, bytes], object]


def answer(body: bytes = b"", *, status: str = "200 OK", **headers: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Length: {len(body)}",
        *(f"{key}: {value}" for key, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Far:
    """`asked` are the requests that came, whole; `port` is where it listens."""

    def __init__(self, respond: Respond | bytes, context: ssl.SSLContext | None) -> None:
        self.respond = respond if callable(respond) else lambda line, _: line.sendall(respond)
        self.context = context
        self.asked: list[bytes] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.door.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self.door.accept()
                threading.Thread(target=self._hear, args=(line,), daemon=True).start()

    def _hear(self, line: socket.socket) -> None:
        with suppress(OSError), line:
            if self.context is not None:
                line = self.context.wrap_socket(line, server_side=True)
            head = whole(line)
            self.asked.append(head)
            self.respond(line, head)
            line.close()


def whole(line: socket.socket) -> bytes:
    """A request with its body."""
    said = b""
    while b"\r\n\r\n" not in said and (part := line.recv(4096)):
        said += part
    head, _, body = said.partition(b"\r\n\r\n")
    named = [row.split(b":")[1] for row in head.split(b"\r\n") if row.lower().startswith(b"content-length:")]
    while named and len(body) < int(named[0]) and (part := line.recv(4096)):
        body += part
    return head + b"\r\n\r\n" + body


@contextmanager
def far(respond: Respond | bytes, *, context: ssl.SSLContext | None = None) -> Iterator[Far]:
    made = Far(respond, context)
    try:
        yield made
    finally:
        # Closing alone leaves who waits in accept() waiting.
        with suppress(OSError):
            made.door.shutdown(socket.SHUT_RDWR)
        made.door.close()


class Authority:
    """Of a test's own; `file` is what SSL_CERT_FILE names to trust it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._made("Authority", self.key, is_authority=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(self.certificate.public_bytes(Encoding.PEM))

    def serving(self, name: str, *, days: int = 1) -> ssl.SSLContext:
        """What a server for `name` shows; of `days` below 0 it has run out."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._made(name, key, days=days)
        path = self.folder / f"{name}{days}.pem"
        hidden = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(made.public_bytes(Encoding.PEM) + hidden)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _made(
        self, name: str, key: ec.EllipticCurvePrivateKey, *, days: int = 1, is_authority: bool = False
    ) -> x509.Certificate:
        now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
        builder = (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named("Authority"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 3 * day)
            .not_valid_after(now + days * day)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        )
        return builder.sign(self.key, hashes.SHA256())


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
