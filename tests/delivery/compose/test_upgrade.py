"""`bin/upgrade --compose` on a real installation, under people at work: refused, put back, and done; and the backup
that is proven before."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.delivery import transcript
from tests.delivery.compose.stack import PROCESSES, Api, Stack, is_ready, until
from tests.delivery.unchecked import long
from tests.delivery.upgrades.load import Load, on_a_board, working
from tests.delivery.upgrades.next_release import NextRelease
from tika.env import VERSION

pytestmark = [pytest.mark.slow, long]
GOOD, SICK = "tika:9.9.9", "tika:9.9.8"
REASON = ("--without-proven-backup", "a test installation")
TRANSCRIPT = "operating-transcript.txt"
# What differs from the image that runs; bytecode is looked at alone, so it is made anew.
CHANGED = ("tika/env.py", "boards/migrations/0999_next.py", "observability/health.py")
DOCKERFILE = """
FROM {image}
USER 0:0
COPY . .
RUN python -m compileall -q -f --invalidation-mode unchecked-hash {changed}
LABEL org.opencontainers.image.version={version}
USER 10001:10001
"""


@pytest.fixture(scope="module")
def tika(stack: Stack) -> Stack:
    """As its operator has it: what was chosen stands in .env alone."""
    return replace(stack, environ={key: value for key, value in stack.environ.items() if not key.startswith("TIKA_")})


@pytest.fixture(scope="module", autouse=True)
def images(tika: Stack, image: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A next release, and one that is ready at first and no more when a file is there."""
    for name in (GOOD, SICK):
        folder, version = tmp_path_factory.mktemp("image"), name.removeprefix("tika:")
        release = NextRelease(folder / "release", version)
        if name == SICK:
            check = '"database": lambda ask: '
            release.edit(
                "observability/health.py", f"{check}bool(", f'{check}not os.path.exists("/data/sick") and bool('
            )
        for path in CHANGED:
            (folder / "context" / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(release.root / path, folder / "context" / path)
        dockerfile = DOCKERFILE.format(image=image, version=version, changed=" ".join(CHANGED))
        (folder / "Dockerfile").write_text(dockerfile.lstrip())
        tika.engine.build(folder / "context", name, "--file", str(folder / "Dockerfile"))


def upgrade(tika: Stack, *arguments: str, at: str = "", then: Callable[[], Any] = lambda: None) -> tuple[int, str]:
    """Its status, and what it said; `then` is called when it says `at`."""
    errors = tika.folder / "errors"
    with errors.open("w") as complaints:
        process = subprocess.Popen(
            ["bin/upgrade", "--compose", *arguments],
            cwd=tika.folder,
            env=tika.environ,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if at and at in line:
                then()
    print(errors.read_text())
    # Beside what compose says while it works.
    own = [line for line in errors.read_text().splitlines() if line.startswith("No restore")]
    return process.wait(), said + "\n".join(own)


def shown(tika: Stack, service: str, *command: str) -> str:
    """What a command says in a container; the manual shows it."""
    said = tika.within(service, *command, timeout=400).stdout
    words = " ".join(f"'{word}'" if ":" in word else word for word in command)
    transcript.check(TRANSCRIPT, transcript.alike(f"docker compose exec {service} {words}"), said)
    return said


def version(tika: Stack) -> str:
    return tika.call("GET", "/livez")[1]["x-tika-version"]


def marks(tika: Stack) -> str:
    """What the operators' log knows of upgrades."""
    return tika.sql("SELECT changes->'after'->>'name' FROM audit_entry WHERE resource = 'mark'")


def people(tika: Stack, api: Api) -> Load:
    return on_a_board(Load(tika.open, api.token, "", ""))


@pytest.fixture(scope="module", autouse=True)
def garden(api: Api) -> None:
    """A board with two tickets."""
    board = api("POST", "/api/boards", {"name": "Garden", "key": "GARDEN"})[1]["id"]
    column = api("GET", f"/api/columns?board={board}")[1]["items"][0]["id"]
    for title in ("Water the beans", "Prune the plum"):
        assert api("POST", "/api/tickets", {"title": title, "column": column})[0] == 201


def tickets(api: Api, board: str) -> dict[str, str]:
    """Id by title, of the board with this key."""
    boards = {board["key"]: board["id"] for board in api("GET", "/api/boards?limit=100")[1]["items"]}
    return {one["title"]: one["id"] for one in api("GET", f"/api/tickets?board={boards[board]}")[1]["items"]}


def nobody_noticed(load: Load) -> None:
    assert load.failed == []
    assert load.lost() == set()


def test_without_a_proven_restore_it_is_refused(tika: Stack) -> None:
    """One that failed proves nothing. (After it none is made by itself, which would come between.)"""
    done = tika.within("backup", "tika", "restore_drill", check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    code, said = upgrade(tika, GOOD)
    assert code == 1
    assert "No restore was proven lately" in said
    transcript.check(TRANSCRIPT, f"bin/upgrade --compose {GOOD}    # before a restore was proven", said)
    assert version(tika) == VERSION


def test_a_backup_is_made_and_proven_and_a_board_is_restored_from_it(tika: Stack, api: Api) -> None:
    assert "ok  base" in shown(tika, "backup", "tika", "backup")
    shown(tika, "backup", "tika", "restore_drill")
    manifests = tika.within("backup", "sh", "-c", "cat /backups/base/*/manifest.json").stdout
    at = json.JSONDecoder().raw_decode(manifests)[0]["covers"]
    assert api("DELETE", f"/api/tickets/{tickets(api, 'GARDEN')['Water the beans']}")[0] in {200, 204}
    shown(tika, "backup", "tika", "restore", "--workspace", "team", "--board", "GARDEN", "--at", at)
    assert set(tickets(api, "GARDEN2")) == {"Water the beans", "Prune the plum"}
    assert set(tickets(api, "GARDEN")) == {"Prune the plum"}


def test_a_release_that_is_not_well_is_put_back_by_itself(tika: Stack, api: Api) -> None:
    with working(people(tika, api), writers=1, readers=1) as load:
        code, said = upgrade(
            tika,
            SICK,
            "--watch",
            "30",
            *REASON,
            at="parts replaced",
            then=lambda: tika.within("app", "touch", "/data/sick"),
        )
    assert code == 3, said
    transcript.check(TRANSCRIPT, f'bin/upgrade --compose {SICK} --without-proven-backup "a test installation"', said)
    assert version(tika) == VERSION
    assert tika.call("GET", "/readyz")[0] == 200
    nobody_noticed(load)
    assert "Prune the plum" in tickets(api, "GARDEN")
    assert f"{SICK}: put back to tika:test" in marks(tika)


def test_an_upgrade_serves_on_and_loses_no_write(tika: Stack, api: Api) -> None:
    with working(people(tika, api), writers=1, readers=1) as load:
        code, said = upgrade(tika, GOOD, "--watch", "3")
    assert code == 0, said
    transcript.check(TRANSCRIPT, f"bin/upgrade --compose {GOOD} --watch 3", said)
    assert version(tika) == "9.9.9"
    nobody_noticed(load)
    # One of each: the stand-ins have left.
    form = '{{.Label "com.docker.compose.service"}} {{.Image}}'
    running = tika.engine.docker("ps", "--format", form).stdout.splitlines()
    assert sorted(line for line in running if GOOD in line) == sorted(
        f"{name} {GOOD}" for name in ("app", "live", "worker", "exporter", "backup")
    )
    assert f"{GOOD}: upgraded from tika:test" in marks(tika)
    assert "Prune the plum" in tickets(api, "GARDEN")
    print(json.dumps({"writes": len(load.answered), "reads": load.reads, "slowest_s": round(load.slowest, 2)}))


def test_the_whole_installation_comes_back_into_an_empty_database(tika: Stack, api: Api) -> None:
    tika.within("backup", "tika", "backup")
    kept = tickets(api, "GARDEN2")
    tika.compose("stop", "--timeout", "20", *PROCESSES)
    tika.sql("ALTER DATABASE tika RENAME TO tika_before", database="postgres")
    said = tika.compose("run", "--rm", "restore", timeout=400).stdout
    assert re.search(r"^  ok  (base|logical)/.*, as of ", said, re.M), said
    tika.compose("up", "-d", timeout=400)
    until(lambda: is_ready(tika))
    assert tickets(api, "GARDEN2") == kept
    assert tika.sql("SELECT tableowner FROM pg_tables WHERE tablename = 'boards_ticket'") == "tika_owner"
    tika.within("backup", "tika", "backup")
    again = tika.compose("run", "--rm", "restore", check=False, timeout=400)
    assert again.returncode == 1
    assert "The database tika is not empty" in again.stdout + again.stderr
