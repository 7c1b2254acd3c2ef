"""`bin/test`: sets up what the suite needs, runs pytest with the given arguments, and clears up."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests import database, replicas, servers, tools
from tests.delivery import unchecked
from tests.pooler import pooled
from tika.cli.environment import ROOT
from tika.cli.progress import say, step
from tika.cli.refusal import Refusal

POOLED = "--pgbouncer"
DELIVERY = "--delivery"
REPLICAS = "--replicas"
# What goes through a proxy to processes that are not the test's own.
PROXIED = ("tests/live", "tests/system")
# By their names: the pooler may have handed one on to another test by then.
ENDS_CONNECTIONS = "live/test_faults.py"
UNPOOLED = (
    # These start installations and servers of their own, which no pooler of ours stands before.
    "cli",
    "bench/test_bench.py",
    "observability",
    "isolation/test_pooler.py",
    "chaos/test_database_killed.py",
    ENDS_CONNECTIONS,
    # These connect as other roles, beside the pooler.
    "architecture",
    "backups",
    "migrations",
    # These look at browsers, words, numbers and memory, which are the same whoever stands before the database.
    "console",
    "system",
    "language",
    "boards/importers",
    "slo/test_rules.py",
    "boards/api/test_hostile_texts.py",
    "boards/api/test_odd_values.py",
)
# What is set for a running Tika must not reach its tests.
OURS = ("TIKA_", "DATABASE_URL", "EMAIL_URL", "SENTRY_", "OTEL_", "REDIS_URL", "HOST", "PORT", "DJANGO_")
KEPT = {
    "TIKA_CHROMIUM",
    "TIKA_LOAD_SECONDS",
    "TIKA_PYTHON",
    "TIKA_TEST_DATA",
    servers.WARM,
    servers.MAJOR,
    servers.GIVEN,
}


def main(arguments: Sequence[str]) -> int:
    given = paths(arguments)
    clean = {name: value for name, value in os.environ.items() if name in KEPT or not name.startswith(OURS)}
    with servers.server() as server:
        with step("Database of the tests"):
            environ = clean | database.prepare(server)
        with step("Tables"):
            database.migrate(environ, quiet=True)
        environ["TIKA_CHROMIUM"] = tools.chromium()
        with ExitStack() as stack:
            if POOLED in arguments or REPLICAS in arguments:
                address = stack.enter_context(pooled(server, database.NAME))
                environ |= {"DATABASE_URL": address, "TIKA_PGBOUNCER": "1"}
            if REPLICAS in arguments:
                port = stack.enter_context(replicas.two_of_each(environ))
                environ |= {replicas.PORT: str(port)}
            # A folder of its own: pytest shuts the one that all runs of a user share to others at each start, and so to
            # the account that another run's PostgreSQL has.
            with tempfile.TemporaryDirectory(prefix="tt-", ignore_cleanup_errors=True) as folder:
                notes = Path(folder) / "unchecked"
                environ |= {"PYTEST_DEBUG_TEMPROOT": folder, unchecked.NOTES: str(notes)}
                result = run(pytest_command(given, arguments), environ)
                if DELIVERY in arguments:
                    say("Could not be checked here:")
                    say("\n".join(f"  {line}" for line in unchecked.told(notes)))
                return result


def paths(arguments: Sequence[str]) -> list[str]:
    """What pytest is told: the delivered artefacts are a tier of their own, with their own tools."""
    given = [argument for argument in arguments if argument not in (POOLED, DELIVERY, REPLICAS)]
    if names_tests(given):
        return given
    if REPLICAS in arguments:
        return [*given, *PROXIED, f"--ignore=tests/{ENDS_CONNECTIONS}"]
    return [*given, "tests/delivery"] if DELIVERY in arguments else [*given, "--ignore=tests/delivery"]


def names_tests(arguments: Sequence[str]) -> bool:
    return any((ROOT / argument.partition("::")[0]).exists() for argument in arguments)


def pytest_command(given: Sequence[str], arguments: Sequence[str]) -> list[str]:
    everything = not names_tests(arguments)
    # In the order of tests/conftest.py, which begins with what takes long.
    workers = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    parallel = workers if everything and "-n" not in arguments else []
    left_out = [f"--ignore=tests/{name}" for name in UNPOOLED] if everything and POOLED in arguments else []
    return [sys.executable, "-m", "pytest", "--rootdir", str(ROOT), *parallel, *left_out, *given]


def run(command: Sequence[str], environ: dict[str, str]) -> int:
    pytest = subprocess.Popen(command, cwd=ROOT, env=environ)
    while True:
        try:
            return pytest.wait()
        except KeyboardInterrupt:
            # pytest got it too and ends by itself.
            continue


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Refusal as refusal:
        say(str(refusal), to=sys.stderr)
        say(refusal.details, to=sys.stderr)
        sys.exit(1)
