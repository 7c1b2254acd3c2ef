"""The static files of this release, and of those before it that pages in browsers still ask for."""

import logging
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from whitenoise.middleware import WhiteNoiseMiddleware

log = logging.getLogger("tika.static")
NAME = re.compile(r"[0-9a-f]{12}")
OF_A_RELEASE = re.compile(r"/static/([0-9a-f]{12})/")
# Releases whose files stay, this one among them.
KEPT = 3


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Serves `/static/<digest>/` of every release that is kept in STATIC_KEPT_DIR, and keeps its own there.

    While an installation is upgraded, a page of the new release may ask a process of the old one for its files: those
    are found the moment they are asked for.
    """

    def __init__(self, get_response: Any = None) -> None:
        super().__init__(get_response)
        self.kept = Path(settings.STATIC_KEPT_DIR)
        self.known = {digest for url in self.files if (digest := release_of(url))}
        if not settings.WHITENOISE_USE_FINDERS and (own := release_of(settings.STATIC_URL)):
            keep(Path(settings.STATIC_ROOT), self.kept / own)

    def __call__(self, request: HttpRequest) -> Any:
        digest = release_of(request.path_info)
        if digest and digest not in self.known and (folder := self.kept / digest).is_dir():
            self.known.add(digest)
            self.add_files(str(folder), prefix=f"/static/{digest}/")
        return super().__call__(request)


def release_of(url: str) -> str:
    found = OF_A_RELEASE.match(url)
    return found[1] if found else ""


def keep(files: Path, target: Path) -> None:
    """Copies whole or not at all; several processes may do it at once. A disk that has no room keeps nothing."""
    if target.is_dir():
        # The order in which they are forgotten is that of their last start.
        os.utime(target)
        forget_oldest(target.parent)
        return
    if not files.is_dir():
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
        try:
            shutil.copytree(files, fresh / "files")
            (fresh / "files").rename(target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        forget_oldest(target.parent)
    except OSError as error:
        if not target.is_dir():
            log.warning("the static files are not kept for the next release: %s", error)


def forget_oldest(folder: Path) -> None:
    releases = [path for path in folder.iterdir() if NAME.fullmatch(path.name) and path.is_dir()]
    for path in sorted(releases, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
        shutil.rmtree(path, ignore_errors=True)
