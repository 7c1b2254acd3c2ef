"""PostgreSQL's own speed: the statements of each operation, as the app's role, sent by pgbench with nothing around."""

import os
import random
import subprocess
import tempfile
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bench.load import Result
from bench.seed import Board, Workspace
from boards.api.reading import VERSION_SQL
from boards.queries.changes import CHANGES_SQL
from boards.queries.snapshot import SNAPSHOT_SQL
from boards.queries.ticket import ONE_SQL
from boards.verbs.locking import BOARD_OF, LOCK_SQL
from boards.verbs.placing import PLACE_SQL
from boards.verbs.tickets import INSERT_SQL, MOVE_SQL, NUMBER_SQL
from tenancy.context import TELL_SQL
from tika.cli.postgres import programs

# Each connection prepares each of them once, and that is not to be measured.
SCRIPTS = 8
# A key that sorts among the seeded ones and is unlikely to be taken; `:r` is drawn for each transaction.
RANK = "'a5' || :r || '1'"
MARK = "5a0e7e57-0000-7000-8000-000000000000"


class Pgbench:
    def __init__(self, url: str, space: Workspace) -> None:
        self.parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
        self.space = space
        self.random = random.Random(11)
        self.boards = space.usual
        self.reader = {"tenant": space.id, "member": space.people[1], "sees_all": False}
        # Only writes the parameters into the statements.
        self.writer = psycopg.ClientCursor(psycopg.connect(url))

    def as_app(self, query: str, given: Any) -> Any:
        with self.writer.connection.transaction():
            self.writer.execute("SELECT set_config('app.tenant_id', %s, true)", [str(self.space.id)])
            row = self.writer.execute(query, given).fetchone()
        return row and row[0]

    def said(self, query: str, given: Any) -> str:
        return " ".join(self.writer.mogrify(query, given).split("\n")) + ";\n"

    def tell(self) -> str:
        actor = f"user:{self.reader['member']}"
        return self.said(TELL_SQL, [str(self.space.id), actor, "bench-request", "127.0.0.1", "pgbench", ""])

    def scripts(self, name: str) -> Iterator[str]:
        make = getattr(self, name)
        for number in range(SCRIPTS):
            board = self.boards[number % len(self.boards)]
            yield f"\\set r random(100000, 999999999)\nBEGIN;\n{self.tell()}{make(board)}COMMIT;\n"

    # --- the operations --------------------------------------------------------------------------

    def snapshot_changed(self, board: Board) -> str:
        return self.said(SNAPSHOT_SQL, [self.space.id, board.id])

    def not_modified(self, board: Board) -> str:
        return self.said(VERSION_SQL, {**self.reader, "id": board.id})

    def one_ticket(self, board: Board) -> str:
        return self.said(ONE_SQL, {**self.reader, "id": self.random.choice(board.tickets)})

    def changes_since(self, board: Board) -> str:
        query = "SELECT version - 5 FROM boards_board WHERE tenant_id = %s AND id = %s"
        since = self.as_app(query, [self.space.id, board.id])
        return self.said(CHANGES_SQL, {"tenant": self.space.id, "board": board.id, "since": since})

    def move(self, board: Board) -> str:
        ticket, anchor = self.random.sample(board.tickets, 2)
        column = self.random.choice(board.columns)
        where = {"tenant": self.space.id, "board": board.id, "column": column, "ticket": ticket}
        lock = LOCK_SQL.format(which=BOARD_OF["ticket"])
        return (
            self.said(lock, {**self.reader, "id": ticket})
            + self.said(PLACE_SQL, {**where, "after": anchor, "before": None})
            + self.said(MOVE_SQL, {**where, "rank": MARK}).replace(f"'{MARK}'", RANK)
        )

    def create(self, board: Board) -> str:
        column = self.random.choice(board.columns)
        where = {"tenant": self.space.id, "board": board.id, "column": column}
        fields = {"title": "긴급하게 결제창 오류 수정 PAY-1234 after deploy session", "description": "", "priority": 0}
        empty: dict[str, Any] = {"start_on": None, "due_on": None, "estimate": None, "labels": [], "assignees": []}
        own = {"id": MARK, "number": 987654321, "rank": MARK, "by": self.space.people[1]}
        insert = self.said(INSERT_SQL, {**where, **fields, **empty, **own})
        insert = insert.replace(f"'{MARK}'", "tika_uuid7()", 1).replace("987654321", ":last_ticket_number")
        return (
            self.said(NUMBER_SQL, {**self.reader, **where}).replace(";\n", "\n\\gset\n")
            + self.said(PLACE_SQL, {**where, "ticket": None, "after": None, "before": None})
            + insert.replace(f"'{MARK}'", RANK)
        )

    # --- running them ----------------------------------------------------------------------------

    def run(self, name: str, concurrency: int, seconds: float, warm_up: float) -> Result:
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for number, script in enumerate(self.scripts(name)):
                path = Path(folder) / f"{number}.sql"
                path.write_text(script)
                files += ["-f", str(path)]
            command = [str(programs() / "pgbench"), "-n", "-M", "prepared", "-c", str(concurrency), "-j", "1"]
            command += ["-T", str(ceil(seconds + warm_up)), "-l", "--log-prefix", f"{folder}/log", *files]
            command += ["-h", self.parts["host"], "-U", self.parts["user"], self.parts["dbname"]]
            secret = os.environ | {"PGPASSWORD": self.parts["password"]}
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=secret)
            if done.returncode != 0:
                raise SystemExit(f"pgbench {name} failed:\n{done.stderr[-1000:]}")
            return parsed(Path(folder), warm_up)


def parsed(folder: Path, warm_up: float) -> Result:
    """Of its log, a line for each transaction: client, number, microseconds it took, script, when it ended (s, us)."""
    lines = [line.split() for path in folder.glob("log.*") for line in path.read_text().splitlines()]
    ends = sorted((int(line[4]) + int(line[5]) / 1e6, int(line[2]) / 1e6) for line in lines)
    counted = [(at, took) for at, took in ends if at >= ends[0][0] + warm_up]
    if len(counted) < 2:
        return Result(1.0, [], size=0)
    return Result(counted[-1][0] - counted[0][0], sorted(took for _, took in counted[1:]), size=0)
