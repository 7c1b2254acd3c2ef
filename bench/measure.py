"""The order of a run: each operation between the server's floor and PostgreSQL's own speed, in turns."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any
from uuid import UUID

import psycopg

from bench import statements
from bench.cases import FLOOR, Case, Cases
from bench.change import CHANGE_SQL, Changer
from bench.installation import Installation
from bench.instruments import instruments
from bench.load import Idle, Load, Result
from bench.people import Caller, by_session, by_token
from bench.pgbench import Pgbench
from bench.report import AT, ratios
from bench.seed import Workspace

BESIDE = ("snapshot_changed", "not_modified", "one_ticket", "changes_since", "move", "create")


@dataclass(frozen=True)
class Pace:
    turns: int  # at the concurrency of the ratios
    other_turns: int
    seconds: float  # of a cell
    warm_up: float
    concurrencies: tuple[int, ...] = (1, AT, 32)


QUICK = Pace(turns=3, other_turns=1, seconds=0.6, warm_up=0.2)
WHOLE = Pace(turns=5, other_turns=3, seconds=3.0, warm_up=0.7)
GLANCE = Pace(turns=1, other_turns=1, seconds=0.2, warm_up=0.0, concurrencies=(AT,))


class Measurement:
    def __init__(
        self, installation: Installation, superuser: str, space: Workspace, pace: Pace, note: Callable[[str], None]
    ) -> None:
        self.installation = installation
        self.superuser = superuser
        self.space = space
        self.pace = pace
        self.note = note
        self.connection = psycopg.connect(superuser, autocommit=True)
        self.cases = Cases(space, self.versions)
        self.callers = (by_token(space), by_session(space))
        self.pgbench = Pgbench(installation.environment["DATABASE_URL"], space)
        self.rows: list[dict[str, Any]] = []
        self.own_share = 0.0

    def versions(self) -> dict[UUID, int]:
        found = self.connection.execute("SELECT id, version FROM boards_board WHERE tenant_id = %s", [self.space.id])
        return dict(found.fetchall())

    def everything(self) -> dict[str, Any]:
        memory = {"after the start": self.installation.memory()}
        size = {"raw": self.size_of_snapshot(""), "compressed": self.size_of_snapshot("Accept-Encoding: gzip\r\n")}
        counts = {case.name: self.statements_of(case) for case in self.cases.all()}
        self.tidy()
        for turn in range(self.pace.turns):
            for concurrency in self.pace.concurrencies:
                if concurrency == AT or turn < self.pace.other_turns:
                    self.turn(turn, concurrency)
        memory["after the load"] = self.installation.memory()
        return {
            "generator": f"one thread, at most {self.own_share:.0%} of a core",
            "memory": memory,
            "bytes": size,
            "statements": counts,
            "deadlocks": self.deadlocks(),
            "ratios": ratios(self.rows),
            "rows": self.rows,
        }

    # --- speed -----------------------------------------------------------------------------------

    def turn(self, turn: int, concurrency: int) -> None:
        """What is divided by each other in the end is measured right after each other: the machine may be busy."""
        for number, case in enumerate(self.cases.all()):
            where = {"turn": turn, "concurrency": concurrency, "name": case.name, "title": case.title}
            if concurrency == AT or number == 0:
                self.keep({**where, "who": "floor"}, self.floor(concurrency))
            for caller in self.callers:
                self.note(f"{case.title} by {caller.name}, {concurrency} at once")
                self.keep({**where, "who": caller.name}, self.load(case, caller, concurrency))
            if case.name in BESIDE:
                self.note(f"{case.title} by pgbench, {concurrency} at once")
                found = self.pgbench.run(case.name, concurrency, self.pace.seconds, self.pace.warm_up)
                self.keep({**where, "who": "pgbench"}, found)
            if case.writes:
                self.tidy()

    def floor(self, concurrency: int) -> Result:
        self.note(f"the floor, {concurrency} at once")
        return self.run(repeat(FLOOR), concurrency, wanted=200)

    def load(self, case: Case, caller: Caller, concurrency: int) -> Result:
        if not case.changing:
            return self.run(case.requests(caller), concurrency, wanted=case.wanted)
        boards = {board.id: self.cases.snapshot_of(board, caller) for board in self.cases.boards}
        changer = Changer(self.superuser, boards)
        try:
            return self.run(changer, concurrency, wanted=case.wanted, pace=changer)
        finally:
            changer.close()

    def run(
        self, requests: Iterator[bytes | None], concurrency: int, *, wanted: int, pace: Idle | None = None
    ) -> Result:
        watch = self.installation.processor_seconds
        load = Load(self.installation.port, requests, wanted=wanted, pace=pace, watch=watch)
        return load.run(concurrency, self.pace.seconds, self.pace.warm_up)

    def keep(self, where: dict[str, Any], found: Result) -> None:
        self.own_share = max(self.own_share, found.own_share)
        figures = {
            "per_second": round(found.per_second, 1),
            "p50": round(found.percentile(0.5), 3),
            "p95": round(found.percentile(0.95), 3),
            "p99": round(found.percentile(0.99), 3),
            "bytes": found.size,
            "processor_ms": {kind: round(found.processor_each(kind), 3) for kind in found.processor},
            "errors": {str(status): count for status, count in found.wrong.items()},
        }
        self.rows.append(where | figures)

    def instruments(self, seconds: float | None = None) -> dict[str, Any]:
        """`seconds` for each way to run `web`; else as the pace has it."""
        (case,) = (case for case in self.cases.all() if case.name == "one_ticket")
        return instruments(
            self.installation,
            lambda: case.requests(self.callers[0]),
            seconds=seconds or 8 * self.pace.seconds,
            note=self.note,
        )

    # --- besides speed ---------------------------------------------------------------------------

    def size_of_snapshot(self, accept: str) -> int:
        request = self.cases.snapshot_of(self.cases.boards[0], self.callers[0], accept)
        return Load(self.installation.port, repeat(request), wanted=200).run(1, 0.2).size

    def statements_of(self, case: Case) -> int:
        """The most that any of some requests sends, once the token's use has been noted (that is done once a minute)."""
        counts: list[int] = []
        for caller in self.callers:
            board = self.cases.boards[0]
            requests = repeat(self.cases.snapshot_of(board, caller)) if case.changing else case.requests(caller)
            for _ in range(5):
                if case.changing:
                    self.connection.execute(CHANGE_SQL.replace(b"$1", b"%s"), [[board.id]])
                counts.append(len(statements.sent_by(next(requests) or b"", case.wanted)))
        return max(counts[1:])

    def deadlocks(self) -> int:
        row = self.connection.execute("SELECT sum(deadlocks) FROM pg_stat_database").fetchone()
        return int(row[0]) if row else 0

    def tidy(self) -> None:
        """Tickets that were created go, so that boards keep their size; what was moved is vacuumed."""
        with self.connection.transaction():
            self.connection.execute("SET LOCAL session_replication_role = replica")
            for board in self.cases.boards:
                given = [self.space.id, board.id, board.tickets]
                for table, key in (("boards_searchdocument", "ticket_id"), ("boards_ticket", "id")):
                    self.connection.execute(
                        f"DELETE FROM {table} WHERE tenant_id = %s AND board_id = %s AND {key} <> ALL (%s)",
                        given,
                    )
        self.connection.execute("VACUUM boards_ticket, boards_searchdocument, boards_board")
