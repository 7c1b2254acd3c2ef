"""A page that was loaded before an upgrade still gets its scripts and styles after it."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from tika import static_files
from tika.static_files import StaticFiles

DIGESTS = ["aaaaaaaaaaa1", "aaaaaaaaaaa2", "aaaaaaaaaaa3", "aaaaaaaaaaa4"]


@pytest.fixture
def release(tmp_path: Path, settings: Any) -> Any:
    """`release(digest)`: a process of that release, which has been collected and started."""

    def start(digest: str) -> StaticFiles:
        root = tmp_path / "static"
        root.mkdir(exist_ok=True)
        (root / "app.js").write_text(f"// {digest}")
        settings.STATIC_ROOT, settings.STATIC_URL = root, f"/static/{digest}/"
        settings.STATIC_KEPT_DIR, settings.WHITENOISE_USE_FINDERS = tmp_path / "kept", False
        return StaticFiles(lambda request: HttpResponse(status=404))

    return start


def fetched(process: StaticFiles, digest: str, name: str = "app.js") -> bytes | int:
    response = process(RequestFactory().get(f"/static/{digest}/{name}"))
    return b"".join(response) if response.status_code == 200 else response.status_code


def test_files_of_the_release_before_stay(release: Any) -> None:
    release(DIGESTS[0])
    now = release(DIGESTS[1])
    assert fetched(now, DIGESTS[0]) == b"// aaaaaaaaaaa1"
    assert fetched(now, DIGESTS[1]) == b"// aaaaaaaaaaa2"
    assert fetched(now, "bbbbbbbbbbbb") == 404
    assert fetched(now, DIGESTS[0], "../app.js") == 404


def test_they_may_be_cached_for_ever(release: Any) -> None:
    release(DIGESTS[0])
    now = release(DIGESTS[1])
    response = now(RequestFactory().get(f"/static/{DIGESTS[0]}/app.js"))
    assert "immutable" in response["Cache-Control"]


def test_a_process_of_the_old_release_finds_what_a_new_page_asks_for(release: Any) -> None:
    old = release(DIGESTS[0])
    assert fetched(old, DIGESTS[1]) == 404
    release(DIGESTS[1])
    assert fetched(old, DIGESTS[1]) == b"// aaaaaaaaaaa2"


def test_three_releases_are_kept(release: Any, tmp_path: Path) -> None:
    for number, digest in enumerate(DIGESTS):
        release(digest)
        os.utime(tmp_path / "kept" / digest, (number, number))
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == DIGESTS[1:]


def test_a_full_disk_keeps_nobody_from_starting(release: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(static_files, "shutil", SimpleNamespace(copytree=full, rmtree=lambda *a, **k: None))
    assert fetched(release(DIGESTS[0]), DIGESTS[0]) == b"// aaaaaaaaaaa1"
