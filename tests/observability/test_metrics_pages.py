"""Nothing that was counted is lost or counted twice, whatever happens to the process, the disk, the fold."""

import errno
import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from observability.metrics import catalogue
from observability.metrics import folder as folders
from observability.metrics import page as pages
from observability.metrics.catalogue import CONNECTIONS_OPEN, QUERY_DURATION, QUERY_EDGES, TICKETS_CREATED
from observability.metrics.folder import ARCHIVE, Busy, Folder
from observability.metrics.page import FIRST_BYTES, Page
from tika.cli.environment import ROOT

CREATED = (TICKETS_CREATED.name, "done")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "metrics")


def started(folder: Folder) -> Page:
    page = Page()
    folder.start(page, "web")
    return page


def ended(page: Page) -> None:
    """As the kernel ends it: the lock is gone, nothing is said."""
    fcntl.flock(page.descriptor, fcntl.LOCK_UN)


def create(page: Page, count: float = 1) -> None:
    page.add(page.place(TICKETS_CREATED, "done"), count)


def create_many(page: Page, times: int) -> None:
    for _ in range(times):
        create(page)


def created(folder: Folder) -> float:
    return folder.totals().numbers[CREATED][0]


def test_pages_are_added_up_before_and_after_their_processes_end(folder: Folder) -> None:
    first, second = started(folder), started(folder)
    create(first, 2)
    create(second, 3)
    assert created(folder) == 5
    ended(first)
    assert created(folder) == 5
    assert folder.fold() == 1
    assert created(folder) == 5
    create(second)
    ended(second)
    assert folder.fold() == 1
    assert created(folder) == 6
    assert [path.name for path in folder.path.glob("*.page")] == [ARCHIVE]


def test_what_was_counted_before_there_was_a_file_is_in_it(folder: Folder) -> None:
    page = Page()
    create(page, 7)
    folder.start(page, "web")
    create(page)
    assert created(folder) == 8


def test_a_gauge_is_of_the_living(folder: Folder) -> None:
    first, second = started(folder), started(folder)
    for page in (first, second):
        page.set(page.place(CONNECTIONS_OPEN, "web"), 4)
    key = (CONNECTIONS_OPEN.name, "web")
    assert folder.totals().numbers[key] == [8]
    ended(first)
    assert folder.totals().numbers[key] == [4]
    folder.fold()
    assert folder.totals().numbers[key] == [4]


def test_threads_do_not_lose_each_others_counts(folder: Folder) -> None:
    page = started(folder)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=create_many, args=(page, 5000)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert created(folder) == 40_000


def test_the_share_below_an_edge_is_counted_not_guessed(folder: Folder) -> None:
    page = started(folder)
    samples = [0.2, 1, 1.0001, 5, 99.9, 100, 100.1, 250, 999.9, 1000, 1000.1, 60_000]
    for sample in samples:
        page.observe(page.place(QUERY_DURATION, "select"), QUERY_EDGES, sample)
    *buckets, total = folder.totals().numbers[QUERY_DURATION.name, "select"]
    for place, edge in enumerate(QUERY_EDGES):
        assert sum(buckets[: place + 1]) == sum(sample <= edge for sample in samples)
    assert sum(buckets) == len(samples)
    assert total == pytest.approx(sum(samples))


def test_the_objectives_thresholds_are_edges() -> None:
    assert {300, 1000} <= set(catalogue.REQUEST_EDGES)


def test_a_page_grows_and_keeps_its_counts(folder: Folder) -> None:
    page = started(folder)
    create(page, 3)
    for number in range(2 * FIRST_BYTES // 100):
        page.add(page.place(TICKETS_CREATED, f"{number:060}"))
    assert page.size > FIRST_BYTES
    assert created(folder) == 3
    assert len(folder.totals().numbers) == 2 * FIRST_BYTES // 100 + 1


# --- the disk ------------------------------------------------------------------------------------


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A disk without room, until the answer is called."""

    def refuse(descriptor: int, size: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    room = pages.allocate
    monkeypatch.setattr(pages, "allocate", refuse)
    return lambda: monkeypatch.setattr(pages, "allocate", room)


def test_a_full_disk_keeps_counts_in_memory_until_there_is_room(folder: Folder, full: Callable[[], None]) -> None:
    page = Page()
    with pytest.raises(OSError, match="No space left"):
        folder.start(page, "web")
    create(page, 4)
    assert folder.pages() == []
    full()
    folder.start(page, "web")
    assert created(folder) == 4


def test_a_disk_that_fills_up_while_a_page_grows_makes_no_count_fall(
    folder: Folder, full: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse = pages.allocate
    full()
    page = started(folder)
    create(page, 2)
    monkeypatch.setattr(pages, "allocate", refuse)
    while page.size == FIRST_BYTES:
        page.add(page.place(TICKETS_CREATED, f"{page.used:060}"))
    create(page, 5)
    assert created(folder) == 2
    with pytest.raises(OSError, match="No space left"):
        page.settle()
    full()
    page.settle()
    create(page)
    assert created(folder) == 8


@pytest.mark.skipif(os.getuid() != 0, reason="mounting a small tmpfs takes root")
def test_a_page_on_a_really_full_disk_does_not_kill_its_process(tmp_path: Path) -> None:
    """A sparse file would: its first write beyond the disk's end is a SIGBUS."""
    script = f"""
import os, sys
from pathlib import Path
from observability.metrics.page import Page
from observability.metrics.folder import Folder
from observability.metrics.catalogue import TICKETS_CREATED
place = Path({str(tmp_path)!r})
page = Page()
folder = Folder(place)
folder.start(page, "web")
with (place / "ballast").open("wb", buffering=0) as ballast:
    try:
        while ballast.write(bytes(4096)):
            pass
    except OSError as error:
        print(error.strerror)
for number in range(3000):
    page.add(page.place(TICKETS_CREATED, f"{{number:060}}"))
print(page.lacks_room, len(page.places))
"""
    inside = f'mount -t tmpfs -o size=256k none {tmp_path} && exec {sys.executable} -c "$SCRIPT"'
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", inside],
        env={**os.environ, "SCRIPT": script, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    if "Operation not permitted" in done.stderr or "permission denied" in done.stderr.lower():
        pytest.skip("this container may not mount")
    assert (done.returncode, done.stdout.split("\n")[:2]) == (0, ["No space left on device", "True 3000"]), done.stderr


def test_a_page_that_was_cleared_away_is_written_again(folder: Folder) -> None:
    page = started(folder)
    create(page, 3)
    for path in folder.pages():
        path.unlink()
    assert page.needs_file
    folder.start(page, "web")
    create(page)
    assert not page.needs_file
    assert created(folder) == 4


def test_a_damaged_page_is_left_out_and_told(folder: Folder) -> None:
    page = started(folder)
    create(page)
    (folder.path / "web-1-aa.page").write_bytes(b"rubbish" * 100)
    (folder.path / "web-2-bb.page").write_bytes(b"")
    totals = folder.totals()
    assert (totals.damaged, totals.numbers[CREATED]) == (2, [1])


def test_numbers_of_another_version_are_left_out(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    page = started(folder)
    create(page)
    page.add(page.place(catalogue.Metric("long_gone_total", "counter", "")))
    page.observe(
        page.place(catalogue.Metric(QUERY_DURATION.name, "histogram", "", ("operation",), (1, 2)), "x"), (1, 2), 1
    )
    assert set(folder.totals().numbers) == {CREATED}


# --- the fold ------------------------------------------------------------------------------------


@pytest.mark.parametrize("cut_off_at", ["replace", "unlink"])
def test_a_fold_cut_off_anywhere_counts_nothing_twice(
    folder: Folder, cut_off_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = started(folder)
    create(page, 5)
    ended(page)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, cut_off_at, die)
        with pytest.raises(KeyboardInterrupt):
            folder.fold()
    assert created(folder) == 5
    folder.fold()
    assert created(folder) == 5
    assert folder.pages() == []


def test_a_full_disk_leaves_ended_pages_where_they_are(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    page = started(folder)
    create(page, 5)
    ended(page)

    def refuse(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", refuse)
        with pytest.raises(OSError, match="No space left"):
            folder.fold()
    assert created(folder) == 5
    assert folder.fold() == 1


def test_who_reads_while_others_fold_sees_counts_that_never_fall(folder: Folder) -> None:
    keeper = started(folder)
    create(keeper)
    stop = threading.Event()
    seen: list[float] = []

    def read() -> None:
        while not stop.is_set():
            seen.append(created(folder))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(100):
        page = started(folder)
        create(page, 3)
        ended(page)
        folder.fold()
    stop.set()
    reader.join()
    assert seen == sorted(seen)
    assert created(folder) == 301


def test_a_thousand_recycled_processes_leave_few_files(folder: Folder) -> None:
    keeper = started(folder)
    for number in range(1000):
        page = started(folder)
        create(page)
        ended(page)
        if number % 5 == 0:
            folder.fold()
    totals = folder.totals()
    assert totals.numbers[CREATED] == [1000]
    assert totals.files <= 200
    assert sum(path.stat().st_blocks * 512 for path in folder.path.iterdir()) <= 64 * 2**20
    assert keeper.descriptor >= 0


def test_nobody_waits_for_a_folder_that_is_held(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    page = started(folder)
    monkeypatch.setattr(folders, "PATIENCE", 0.02)
    with folder.held(fcntl.LOCK_EX):
        for act in (folder.totals, folder.fold, lambda: folder.start(Page(), "web")):
            with pytest.raises(Busy):
                act()
    create(page)
    assert created(folder) == 1


def test_a_page_is_not_made_while_somebody_reads(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads tries each page's lock, and would have it before its owner."""
    create(started(folder))
    monkeypatch.setattr(folders, "PATIENCE", 0.02)
    with folder.held(fcntl.LOCK_SH):
        assert created(folder) == 1
        with pytest.raises(Busy):
            folder.start(Page(), "web")


def test_a_child_that_is_forked_counts_for_itself(folder: Folder) -> None:
    page = started(folder)
    create(page, 5)
    page.forget()
    create(page)
    assert created(folder) == 5
    folder.start(page, "web")
    assert created(folder) == 6
