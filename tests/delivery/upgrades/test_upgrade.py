"""`bin/upgrade` on a running installation, under people who work; put back: test_given_server.py."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Running
from tests.delivery.upgrades.load import at_work
from tests.delivery.upgrades.next_release import NextRelease, upgrade_by
from tika.cli.environment import ROOT
from tika.env import VERSION

REASON = ("--without-proven-backup", "a test installation")


@pytest.fixture(scope="module")
def tika(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("tika") / "data", "--no-demo").ready()
    yield running
    assert running.stop() == 0
    assert running.left_behind() == []


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> NextRelease:
    return NextRelease(tmp_path_factory.mktemp("good") / "9.9.9", "9.9.9")


def version(tika: Running) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{tika.port}/livez", timeout=30) as answer:
        return str(answer.headers["X-Tika-Version"])


def marks(tika: Running) -> str:
    """What the operators' log knows of upgrades."""
    program = (
        "from tenancy.context import tenant_context; from tenancy.operators import OPERATORS_ID;"
        "from audit.models import Entry\n"
        "with tenant_context(OPERATORS_ID):\n"
        " print([e.changes['after']['name'] for e in Entry.objects.filter(tenant_id=OPERATORS_ID, resource='mark')])"
    )
    return tika.manage("shell", "-c", program).stdout


def prove_a_restore(tika: Running) -> None:
    """As the drill writes it down, which has tests of its own."""
    program = (
        "from django.utils import timezone; from backups.models import RestoreDrill as D\n"
        "from tenancy.context import tenant_context; from tenancy.operators import OPERATORS_ID as O\n"
        "with tenant_context(O):\n"
        " D.objects.create(tenant_id=O, state=D.State.PASSED, started_at=timezone.now(), ended_at=timezone.now())"
    )
    done = tika.manage("shell", "-c", program)
    assert done.returncode == 0, done.stdout + done.stderr


def test_looking_changes_nothing_and_says_what_would_happen(tika: Running, good: NextRelease) -> None:
    refused = good.upgrade(tika, "--check")
    assert refused.returncode == 1
    assert "No restore was proven lately (none has ever passed)" in refused.stdout
    looked = good.upgrade(tika, "--check", "--json", *REASON)
    assert looked.returncode == 0, looked.stdout + looked.stderr
    told = json.loads(looked.stdout)
    assert (told["from"], told["to"], told["reasons"]) == (VERSION, "9.9.9", [])
    (tried,) = told["rehearsed"]
    assert (tried["migration"], tried["locks"]) == ("boards.0999_next", ["boards_label"])
    assert told["disk"]["needed"] > told["disk"]["database"] > 0
    assert version(tika) == VERSION
    asked = "k = c.cursor(); k.execute('SELECT datname FROM pg_database'); print(k.fetchall())"
    databases = tika.manage("shell", "-c", f"from django.db import connection as c; {asked}")
    assert "copy" not in databases.stdout


def test_what_breaks_has_to_be_accepted(tika: Running, good: NextRelease) -> None:
    text = (good.root / "CHANGELOG.md").read_text()
    good.edit("CHANGELOG.md", "More of everything.\n", "### Breaking\n\n- The old API of cards is gone.\n")
    try:
        refused = good.upgrade(tika, "--check", "--without-copy", "it was tried before", *REASON)
        assert refused.returncode == 1
        assert "breaking in 9.9.9: The old API of cards is gone." in refused.stdout
        assert "--accept-breaking" in refused.stdout
    finally:
        (good.root / "CHANGELOG.md").write_text(text)


def test_an_upgrade_under_load_loses_no_request_and_no_write(tika: Running, good: NextRelease) -> None:
    prove_a_restore(tika)
    with at_work(tika) as load:
        done = good.upgrade(tika, "--watch", "5", "--without-copy", "it was tried above")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "a restore was proven at" in done.stdout
    assert "ok Backup" in done.stdout
    assert "base" in tika.manage("backup", "--list").stdout
    assert load.failed == []
    assert load.lost() == set()
    assert version(tika) == "9.9.9"
    assert f"9.9.9: upgraded from {VERSION}" in marks(tika)
    print(json.dumps({"writes": len(load.answered), "reads": load.reads, "slowest_s": round(load.slowest, 2)}))
    again = good.upgrade(tika, "--check", *REASON)
    assert again.returncode == 1
    assert "This release runs already" in again.stdout


def test_a_release_that_is_older_than_the_data_wants_a_reason(tika: Running, good: NextRelease) -> None:
    older = ("--check", "--without-copy", "there is nothing to try", *REASON)
    refused = upgrade_by(ROOT, tika, *older)
    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert f"Tika {VERSION} is older than the data: it does not know boards.0999_next." in refused.stdout
    given = upgrade_by(ROOT, tika, *older, "--older", "the new one is slow")
    assert given.returncode == 0, given.stdout + given.stderr
    assert "older than the data (boards.0999_next): the new one is slow" in given.stdout


def test_without_a_running_tika_it_says_what_to_do(tmp_path: Path, good: NextRelease) -> None:
    class Nobody:
        folder = tmp_path

    refused = good.upgrade(Nobody, "--check")  # type: ignore[arg-type]
    assert refused.returncode == 1
    assert f"No Tika runs on {tmp_path}" in refused.stdout
    assert (ROOT / "bin" / "upgrade").stat().st_mode & 0o111
