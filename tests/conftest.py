"""What every test stands on: the database that `bin/test` has prepared, and the cast.

Tests run as `tika_app` with real commits, as production does: nothing is rolled back or emptied, so each test makes
tenants of its own.
"""

import os
from collections.abc import Iterator

import hypothesis
import pytest
from pytest_django import DjangoDbBlocker
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

pytest_plugins = ["tests.cast"]
# The same examples on every machine, however slow it is.
hypothesis.settings.register_profile("tika", deadline=None, database=None, derandomize=True)
hypothesis.settings.load_profile("tika")


# Files whose few tests take minutes: begun last, one would run alone at the end.
LONGEST_FIRST = (
    "tests/boards/importers/test_import_size.py",
    "tests/bench/test_bench.py",
    "tests/cli/test_life.py",
    "tests/isolation/test_pooler.py",
    "tests/observability/test_processes.py",
    "tests/system/test_console.py",
    "tests/observability/test_tracing.py",
    "tests/observability/test_metrics_exact.py",
    "tests/chaos",
    "tests/backups",
    "tests/delivery/compose",
    "tests/delivery/upgrades",
    "tests/delivery/monitoring/test_objectives_agree.py",
    "tests/delivery/kubernetes",
    "tests/delivery/terraform",
)


# Backups and drills are the installation's, not a workspace's: these files look at the same rows.
ONE_AFTER_THE_OTHER = ("tests/backups/", "tests/delivery/backups/test_bucket.py", "tests/delivery/backups/test_tls.py")
# An installation by compose is made once, and its name is taken.
ONE_INSTALLATION = "tests/delivery/compose/"


class Scheduling(LoadFileScheduling):  # type: ignore[misc]  # xdist ships no types
    """A file's tests run on one process, and so do those of files that share more than workspaces."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(ONE_AFTER_THE_OTHER):
            return ONE_AFTER_THE_OTHER[0]
        if nodeid.startswith(ONE_INSTALLATION):
            return ONE_INSTALLATION
        return str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        places = (place for place, start in enumerate(LONGEST_FIRST) if item.nodeid.startswith(start))
        return next(places, len(LONGEST_FIRST))

    items.sort(key=rank)


def pytest_configure() -> None:
    if not os.environ.get("DATABASE_URL"):
        pytest.exit("The tests need their database: run them with bin/test, for example bin/test tests/boards.", 4)


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """`bin/test` has made and migrated the database."""


@pytest.fixture(scope="session", autouse=True)
def _open_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
