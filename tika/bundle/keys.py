"""The key a bundle is signed with. Whoever has its private half can make a bundle that every site takes."""

import base64
import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from tika.cli.refusal import Refusal

PASSWORD = "TIKA_BUNDLE_KEY_PASSWORD"  # noqa: S105 - the name of a variable


def make(path: Path) -> Path:
    """Writes the private key (PEM, 0600) and the public one beside it, whose path is returned; overwrites neither."""
    public = path.with_suffix(".pub")
    key = Ed25519PrivateKey.generate()
    password = os.environ.get(PASSWORD, "").encode()
    hidden = BestAvailableEncryption(password) if password else NoEncryption()
    for target, text, mode in (
        (path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden), 0o600),
        (public, public_of(key) + b"\n", 0o644),
    ):
        try:
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError as error:
            raise Refusal(f"{target} is there already: a key is never overwritten.") from error
        with os.fdopen(handle, "wb") as file:
            file.write(text)
    return public


def public_of(key: Ed25519PrivateKey) -> bytes:
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def load(path: Path) -> Ed25519PrivateKey:
    password = os.environ.get(PASSWORD, "").encode() or None
    try:
        key = load_pem_private_key(path.read_bytes(), password)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Refusal(f"{path} cannot be used to sign: {error}; a password comes from {PASSWORD}.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Refusal(f"{path} is no Ed25519 key: bin/bundle key makes one.")
    return key
