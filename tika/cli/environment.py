"""What the processes of one installation are told: the same words for all, kept for `bin/manage`."""

import os
from collections.abc import Mapping
from pathlib import Path

from tika.cli.folder import Folder
from tika.cli.listen import address_of
from tika.cli.metrics import metrics_folder
from tika.cli.processes import ROOT as ROOT
from tika.cli.processes import command

KEPT = "run/env.json"
DATABASE = "tika"


def data_folder(environ: Mapping[str, str]) -> Folder:
    return Folder(Path(environ.get("TIKA_DATA_DIR") or ROOT / "var").expanduser().resolve())


def environment(
    folder: Folder, environ: Mapping[str, str], databases: Mapping[str, str], *, host: str, port: int
) -> dict[str, str]:
    """What somebody has set stays; the rest gets the values that fit this machine."""
    everybody = host in {"", "0.0.0.0", "::"}  # noqa: S104
    chosen = {
        "TIKA_SECRET_KEY": environ.get("TIKA_SECRET_KEY") or folder.secret("secret_key"),
        "TIKA_BASE_URL": environ.get("TIKA_BASE_URL") or address_of(host, port),
        "TIKA_ALLOWED_HOSTS": environ.get("TIKA_ALLOWED_HOSTS") or ("*" if everybody else host),
    }
    fixed = {
        "DJANGO_SETTINGS_MODULE": "tika.settings",
        "TIKA_DATA_DIR": str(folder.path),
        "TIKA_LIVE_HANDOVER": str(folder.hand_over),
        "TIKA_METRICS_DIR": str(metrics_folder(folder, environ)),
        # The exporter alone serves them, for all.
        "METRICS_PORT": "",
        "HOST": host,
        "PORT": str(port),
    }
    return {**chosen, **fixed, **databases}


def process_environment(shared: Mapping[str, str], *, role: str = "app", **more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1", **shared, "TIKA_DB_ROLE": role, **more}


def manage(*arguments: str) -> list[str]:
    return command(*arguments)
