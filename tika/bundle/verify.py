"""Is a bundle what somebody signed? One file, Python alone, no network: python3 verify.py BUNDLE --key tika.pub

It and the key come to a site by another road than the bundle; what checks itself proves nothing. Nothing in the bundle
is run or unpacked before every byte of it was compared.
"""

import argparse
import base64
import hashlib
import json
import sys
import tarfile
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
FORMAT = 1
LARGEST_MANIFEST = 16 * 2**20

# --- Ed25519 (RFC 8032, section 5.1), checking alone: all is public, so it need not always take the same time ----
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]  # extended coordinates


class Refused(Exception):
    """A sentence: why the bundle must not be used."""


def add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            found = add(found, point)
        point, factor = add(point, point), factor >> 1
    return found


def point_of(encoded: bytes) -> Point | None:
    value = int.from_bytes(encoded, "little")
    sign, y = value >> 255, value & (2**255 - 1)
    if len(encoded) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """By the private key that belongs to `key` (32 bytes)."""
    public, r = point_of(key), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if public is None or r is None or BASE is None or len(signature) != 64 or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = times(s, BASE), add(r, times(h, public))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


# --- the bundle ----------------------------------------------------------------------------------


def read_key(path: Path) -> bytes:
    """One line of base64, as `bin/bundle key` writes it."""
    try:
        key = base64.b64decode(path.read_text(encoding="ascii").split()[0], validate=True)
    except (OSError, ValueError, IndexError) as error:
        raise Refused(f"{path} is no public key of a bundle: {error}") from error
    if len(key) != 32:
        raise Refused(f"{path} is no public key of a bundle: it has {len(key)} bytes and not 32.")
    return key


def verify(bundle: Path, key: bytes) -> dict[str, Any]:
    """The manifest, once everything was compared with it. Raises Refused."""
    try:
        with tarfile.open(bundle, "r:") as archive:
            manifest = signed_manifest(archive, key)
            compare(archive, {one["path"]: one for one in manifest["files"]})
    except (OSError, tarfile.TarError) as error:
        raise Refused(f"{bundle} cannot be read as a bundle: {error}") from error
    return manifest


def signed_manifest(archive: tarfile.TarFile, key: bytes) -> dict[str, Any]:
    text, signature = (content(archive, name) for name in (MANIFEST, SIGNATURE))
    try:
        given = base64.b64decode(signature, validate=True)
    except ValueError as error:
        raise Refused("The signature is no signature: the bundle was changed.") from error
    if not is_signed(key, text, given):
        raise Refused("The signature is not by this key: the bundle was changed, or somebody else has made it.")
    manifest: dict[str, Any] = json.loads(text)
    if manifest.get("format") != FORMAT:
        raise Refused(
            f"The bundle has format {manifest.get('format')!r}, and this program knows {FORMAT}: take a newer one."
        )
    return manifest


def content(archive: tarfile.TarFile, name: str) -> bytes:
    try:
        entry = archive.getmember(name)
    except KeyError as error:
        raise Refused(f"The bundle has no {name}.") from error
    source = archive.extractfile(entry) if entry.isreg() and entry.size <= LARGEST_MANIFEST else None
    if source is None:
        raise Refused(f"{name} is no ordinary file.")
    return source.read()


def compare(archive: tarfile.TarFile, listed: dict[str, Any]) -> None:
    seen: set[str] = set()
    for entry in archive:
        path = PurePosixPath(entry.name)
        if not entry.isreg() or path.is_absolute() or ".." in path.parts:
            raise Refused(f"{entry.name} is no ordinary file of a bundle.")
        if entry.name in seen:
            raise Refused(f"{entry.name} is in it twice.")
        seen.add(entry.name)
        if entry.name in (MANIFEST, SIGNATURE):
            continue
        if entry.name not in listed:
            raise Refused(f"{entry.name} was added: the manifest does not list it.")
        source = archive.extractfile(entry)
        assert source is not None
        size, found = digest_of(source)
        if (size, found) != (listed[entry.name]["bytes"], listed[entry.name]["sha256"]):
            raise Refused(f"{entry.name} is not what was signed: {size} bytes, sha256 {found}.")
    if missing := sorted(set(listed) - seen):
        raise Refused(f"{missing[0]} is missing" + (f", and {len(missing) - 1} more." if missing[1:] else "."))


def digest_of(source: BinaryIO | Any) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    while part := source.read(2**20):
        digest.update(part)
        size += len(part)
    return size, digest.hexdigest()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bundle verify", description="Compares a bundle with its signature, offline.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", type=Path, required=True, help="the public key, got by another road")
    given = parser.parse_args(arguments)
    try:
        manifest = verify(given.bundle, read_key(given.key))
    except Refused as refused:
        sys.stderr.write(f"{given.bundle} must not be used: {refused}\n")
        return 1
    counts = f"{len(manifest['files'])} files, {len(manifest['images'])} images"
    sys.stdout.write(f"{given.bundle} is as it was signed: Tika {manifest['version']}, {counts}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
