"""What a container is given beside its environment: secrets as files, folders, authorities of the site's own."""

import os
import ssl
from collections.abc import Mapping
from pathlib import Path

from tika.cli.refusal import Refusal

OURS = ("TIKA_", "DATABASE_URL", "EMAIL_URL", "SENTRY_DSN", "REDIS_URL", "OTEL_")
FILE = "_FILE"
# They are paths themselves.
PATHS = {"TIKA_CA_FILE", "TIKA_BACKUP_KEY_FILE"}


def mounted(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment with the contents of each NAME_FILE as NAME; an empty file says nothing. Raises Refusal.

    A file is no part of `docker inspect` and can be readable by one account alone (0600).
    """
    found = dict(environ)
    for key, path in environ.items():
        name = key.removesuffix(FILE)
        if not path or name == key or key in PATHS or not name.startswith(OURS):
            continue
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Refusal(
                f"{key} names {path}, which can't be read ({error.strerror}): it must be there, and belong to"
                f" user {os.getuid()}, as whom this container runs."
            ) from error
        if value:
            found[name] = value
        else:
            found.pop(name, None)
        del found[key]
    return found


def folders(environ: Mapping[str, str]) -> dict[str, str]:
    """Makes the folders that are wanted; returns what to set for them. Raises Refusal."""
    told: dict[str, str] = {}
    if run := environ.get("TIKA_RUN_DIR"):
        Path(run).mkdir(mode=0o700, parents=True, exist_ok=True)
        told |= trusted(environ, Path(run))
    data = Path(environ.get("TIKA_DATA_DIR") or "var")
    if os.access(data, os.W_OK) and not environ.get("TMPDIR"):
        # Uploads on their way in: on the disk, for in memory they count as the container's.
        (data / "tmp").mkdir(mode=0o700, exist_ok=True)
        told["TMPDIR"] = str(data / "tmp")
    return told


def trusted(environ: Mapping[str, str], run: Path) -> dict[str, str]:
    """TIKA_CA_FILE: authorities of the site's own, trusted beside the public ones by everything that goes out."""
    own = Path(environ.get("TIKA_CA_FILE", ""))
    if not own.is_file():
        return {}
    public = Path(ssl.get_default_verify_paths().openssl_cafile)
    bundle = run / "ca.pem"
    bundle.write_bytes((public.read_bytes() if public.is_file() else b"") + b"\n" + own.read_bytes())
    return {"SSL_CERT_FILE": str(bundle), "REQUESTS_CA_BUNDLE": str(bundle)}
