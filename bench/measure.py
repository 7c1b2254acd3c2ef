"""The order of a run: each operation beside the floor and beside PostgreSQL, at each concurrency, in turns."""

from collections.abc import Callable
from itertools import repeat
from typing import Any
from uuid import UUID

import psycopg

from bench import statements
from bench.cases import FLOOR, Case, Cases
from bench.change import Changer
from bench.installation import Installation
from bench.load import Load, Result
from bench.people import Caller, by_session, by_token
from bench.pgbench import Pgbench
from bench.report import AT, ratios
from bench.seed import Workspace

CONCURRENCIES = (1, 8, 32)
# (turns at the concurrency of the ratios, turns at the others, seconds of a cell, of warming up)
QUICK, WHOLE = (2, 1, 1.0, 0.3), (3, 2, 4.0, 1.0)
BESIDE = ("snapshot_changed", "not_modified", "one_ticket", "changes_since", "move", "create")


class Measurement:
    def __init__(
        self, installation: Installation, superuser: str, space: Workspace, *, quick: bool, note: Callable[[str], None]
    ) -> None:
        self.installation = installation
        self.superuser = superuser
        self.space = space
        self.note = note
        self.turns, self.other_turns, self.seconds, self.warm_up = QUICK if quick else WHOLE
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
        size = {"raw": self.one("snapshot_unchanged", "").size, "compressed": self.one("snapshot_unchanged").size}
        counts = {case.name: self.statements_of(case) for case in self.cases.all()}
        for turn in range(self.turns):
            for concurrency in CONCURRENCIES:
                if concurrency == AT or turn < self.other_turns:
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

    def turn(self, turn: int, concurrency: int) -> None:
        self.keep(turn, concurrency, "floor", "the floor (/livez)", "", self.floor(concurrency))
        for case in self.cases.all():
            for caller in self.callers:
                self.note(f"{case.title} by {caller.name}, {concurrency} at once")
                self.keep(turn, concurrency, case.name, case.title, caller.name, self.load(case, caller, concurrency))
            if case.name in BESIDE:
                self.note(f"{case.title} by pgbench, {concurrency} at once")
                found = self.pgbench.run(case.name, concurrency, self.seconds)
                self.keep(turn, concurrency, case.name, case.title, "pgbench", found)
            if case.writes:
                self.tidy()

    def floor(self, concurrency: int) -> Result:
        self.note(f"the floor, {concurrency} at once")
        return Load(self.installation.port, repeat(FLOOR), wanted=200).run(concurrency, self.seconds, self.warm_up)

    def load(self, case: Case, caller: Caller, concurrency: int) -> Result:
        return self.loaded(case, caller, concurrency, self.seconds, self.warm_up)

    def loaded(self, case: Case, caller: Caller, concurrency: int, seconds: float, warm_up: float) -> Result:
        if not case.changing:
            load = Load(self.installation.port, case.requests(caller), wanted=case.wanted)
            return load.run(concurrency, seconds, warm_up)
        boards = {board.id: self.cases.snapshot_of(board, caller) for board in self.cases.boards}
        pace = Changer(self.superuser, boards)
        try:
            load = Load(self.installation.port, pace, wanted=case.wanted, pace=pace)
            return load.run(concurrency, seconds, warm_up)
        finally:
            pace.close()

    def keep(self, turn: int, concurrency: int, name: str, title: str, who: str, found: Result) -> None:
        self.own_share = max(self.own_share, found.own_share)
        self.rows.append(
            {
                "turn": turn,
                "name": name,
                "title": title,
                "who": who,
                "concurrency": concurrency,
                "per_second": round(found.per_second, 1),
                "p50": round(found.percentile(0.5), 3),
                "p95": round(found.percentile(0.95), 3),
                "p99": round(found.percentile(0.99), 3),
                "bytes": found.size,
                "errors": {str(status): count for status, count in found.wrong.items()},
            }
        )

    # --- besides speed ---------------------------------------------------------------------------

    def one(self, name: str, accept: str | None = None) -> Result:
        """A few answers; `accept` replaces the header that asks for compression."""
        case = next(case for case in self.cases.all() if case.name == name)
        requests = case.requests(self.callers[0])
        if accept is not None:
            board = self.cases.snapshot_of(self.cases.boards[0], self.callers[0], accept)
            requests = repeat(board)
        return Load(self.installation.port, requests, wanted=case.wanted).run(1, 0.2)

    def statements_of(self, case: Case) -> float:
        """Statements per request besides BEGIN and COMMIT, rounded to what is not once in a while."""
        with statements.told(self.superuser, self.installation.log) as found:
            answered = len(self.loaded(case, self.callers[0], 1, 0.5, 0).latencies)
        return round(len(found) / max(1, answered), 1)

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
                        f"DELETE FROM {table} WHERE tenant_id = %s AND board_id = %s AND {key} <> ALL (%s)",  # type: ignore[arg-type]
                        given,
                    )
        self.connection.execute("VACUUM boards_ticket, boards_searchdocument, boards_board")
