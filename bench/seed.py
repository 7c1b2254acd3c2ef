"""Fills the database: one large workspace to be measured, and many others that every plan has to pass by.

A board's tickets go in with one statement and all triggers on, so the log, the search documents and the versions are
what they would be in use. Every ticket of the large workspace has a description, one of four elsewhere.
"""

import random
import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bench.words import Writer
from boards.rank import evenly
from tenancy.ids import uuid7

COLUMNS = (
    ("Backlog", "backlog"),
    ("다음 차례", "todo"),
    ("In progress", "in_progress"),
    ("검토", "in_progress"),
    ("Done", "done"),
)
LABELS = [
    "bug",
    "feature",
    "긴급",
    "디자인",
    "backend",
    "frontend",
    "문서",
    "research",
    "security",
    "결제",
    "ops",
    "고객",
]
COLOURS = ["red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "gray"]
PEOPLE = ["김서연", "이도윤", "Alex", "박지호", "Mina", "최하은", "Jordan", "정우진", "Sam", "한지민"]
EDITS = 30
AT_ONCE = 2
SEARCH_INDEX = "boards_searchdocument_grams"
Text = tuple[str, str]  # title, description


@dataclass(frozen=True)
class Size:
    """`boards` of `tickets` each in the large workspace, one of which has `most`, and an empty one beside; `others` of
    `each` beside that workspace."""

    boards: int
    tickets: int
    most: int
    others: int
    each: int


FULL = Size(boards=20, tickets=1_000, most=5_000, others=200, each=500)
SMALL = Size(boards=3, tickets=100, most=200, others=3, each=20)


@dataclass
class Board:
    id: uuid.UUID
    key: str
    columns: list[uuid.UUID]
    labels: list[uuid.UUID]
    tickets: list[uuid.UUID] = field(default_factory=list)


@dataclass
class Workspace:
    id: uuid.UUID
    slug: str
    people: list[uuid.UUID]
    users: list[uuid.UUID]
    boards: list[Board] = field(default_factory=list)

    @property
    def empty(self) -> Board:
        return self.boards[0]

    @property
    def largest(self) -> Board:
        return self.boards[-1]

    @property
    def usual(self) -> list[Board]:
        return self.boards[1:-1]


def insert(connection: psycopg.Connection[Any], table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def seed(url: str, size: Size, note: Callable[[str], None]) -> Workspace:
    """The large workspace; `url` is a superuser's."""
    with psycopg.connect(url, autocommit=True) as connection:
        large = people_of(connection, "large", PEOPLE)
        others = [people_of(connection, f"other-{number:03}", PEOPLE[:3]) for number in range(size.others)]
        # Made at once in the end: keeping it up to date row by row was a third of the time.
        (search_index,) = connection.execute("SELECT pg_get_indexdef(%s::regclass)", [SEARCH_INDEX]).fetchall()[0]
        connection.execute(f"DROP INDEX {SEARCH_INDEX}")
    elsewhere = texts(Writer(0), size.each, described=4)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [pool.submit(board_of, url, space, elsewhere, number) for number, space in enumerate(others)]
        for number in range(size.boards):
            own = texts(Writer(number + 1), size.tickets if number else size.most)
            jobs.append(pool.submit(board_of, url, large, own, number))
        jobs.append(pool.submit(board_of, url, large, [], size.boards))
        for done, job in enumerate(as_completed(jobs), 1):
            job.result()
            note(f"{done} of {len(jobs)} boards")
    large.boards.sort(key=lambda board: len(board.tickets))
    with psycopg.connect(url, autocommit=True) as connection:
        note("index, edits, vacuum")
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute(search_index)
        edit_some(connection, large)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    return large


def texts(writer: Writer, count: int, described: int = 1) -> list[Text]:
    """One of `described` has a description."""
    return [(writer.title(), "" if at % described else writer.description()) for at in range(count)]


def people_of(connection: psycopg.Connection[Any], slug: str, names: list[str]) -> Workspace:
    space = Workspace(uuid7(), slug, [uuid7() for _ in names], [uuid7() for _ in names])
    connection.execute(
        "INSERT INTO tenancy_tenant (id, slug, name, created_at) VALUES (%s, %s, %s, now())", [space.id, slug, slug]
    )
    for number, name in enumerate(names):
        connection.execute(
            "INSERT INTO tenancy_user (id, email, name, language, timezone, password, created_at)"
            " VALUES (%s, %s, %s, '', 'Asia/Seoul', '!', now())",
            [space.users[number], f"{slug}-{number}@example.com", name],
        )
        connection.execute(
            "INSERT INTO tenancy_membership (id, tenant_id, user_id, number, name, role, created_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, now())",
            [space.people[number], space.id, space.users[number], number + 1, name, "MEMBER" if number else "OWNER"],
        )
    return space


def board_of(url: str, space: Workspace, given: list[Text], number: int) -> None:
    board = Board(uuid7(), f"B{number:03}", [uuid7() for _ in COLUMNS], [uuid7() for _ in LABELS])
    with psycopg.connect(url) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SELECT set_config('app.actor', %s, false)", [f"user:{space.people[0]}"])
        frame(connection, space, board, len(given), number)
        tickets(connection, space, board, given, number)
        links(connection, space, board)
    space.boards.append(board)


def frame(connection: psycopg.Connection[Any], space: Workspace, board: Board, count: int, number: int) -> None:
    connection.execute(
        "INSERT INTO boards_board (id, tenant_id, key, name, description, last_ticket_number, last_column_number,"
        " last_label_number, created_at) VALUES (%s, %s, %s, %s, '', %s, %s, %s, now())",
        [board.id, space.id, board.key, f"Board {number}", count, len(COLUMNS), len(LABELS)],
    )
    where = (space.id, board.id)
    ranks = evenly(len(COLUMNS))
    insert(
        connection,
        "boards_column",
        "id, tenant_id, board_id, number, name, category, colour, rank, created_at",
        [
            (board.columns[at], *where, at + 1, name, category, COLOURS[at], ranks[at], "now")
            for at, (name, category) in enumerate(COLUMNS)
        ],
    )
    insert(
        connection,
        "boards_label",
        "id, tenant_id, board_id, number, name, colour, created_at",
        [(board.labels[at], *where, at + 1, name, COLOURS[at % len(COLOURS)], "now") for at, name in enumerate(LABELS)],
    )


def tickets(
    connection: psycopg.Connection[Any], space: Workspace, board: Board, given: list[Text], number: int
) -> None:
    """In equal columns; three labels on a third of them, somebody on half, a due date on a quarter."""
    chance, each = random.Random(number), -(-len(given) // len(COLUMNS))
    ranks = evenly(each)
    rows = []
    for at, text in enumerate(given):
        labels = sorted(chance.sample(range(1, len(LABELS) + 1), 3)) if at % 3 == 0 else []
        people = [chance.randrange(len(space.people)) + 1] if chance.random() < 0.5 else []
        due = f"2026-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}" if at % 4 == 0 else None
        board.tickets.append(uuid7())
        own = (board.tickets[-1], at + 1, board.columns[at // each], ranks[at % each])
        rows.append((*own, *text, at % 5, due, labels, people))
    insert_tickets(connection, space, board, rows)


def insert_tickets(connection: psycopg.Connection[Any], space: Workspace, board: Board, rows: list[Any]) -> None:
    connection.execute(
        "CREATE TEMPORARY TABLE given (id uuid, number integer, column_id uuid, rank text, title text, description text,"
        " priority smallint, due_on date, labels integer[], people integer[]) ON COMMIT DROP"
    )
    insert(
        connection, "given", "id, number, column_id, rank, title, description, priority, due_on, labels, people", rows
    )
    connection.execute(
        "INSERT INTO boards_ticket (id, tenant_id, board_id, column_id, number, title, description, priority, due_on,"
        " rank, label_numbers, assignee_numbers, created_at, updated_at, created_by_id)"
        " SELECT id, %s, %s, column_id, number, title, description, priority, due_on, rank, labels, people, now(),"
        " now(), %s FROM given",
        [space.id, board.id, space.people[0]],
    )


def links(connection: psycopg.Connection[Any], space: Workspace, board: Board) -> None:
    """What the tickets' rows say already: without triggers, which would only write it again."""
    connection.execute("SET LOCAL session_replication_role = replica")
    for table, key, numbers, other, shared in (
        ("ticketlabel", "label_id", "label_numbers", "boards_label", "AND x.board_id = t.board_id"),
        ("ticketassignee", "membership_id", "assignee_numbers", "tenancy_membership", ""),
    ):
        connection.execute(
            f"INSERT INTO boards_{table} (id, tenant_id, board_id, ticket_id, {key})"
            f" SELECT gen_random_uuid(), t.tenant_id, t.board_id, t.id, x.id FROM boards_ticket t JOIN {other} x"
            f" ON x.tenant_id = t.tenant_id {shared} AND x.number = ANY (t.{numbers})"
            f" WHERE t.tenant_id = %s AND t.board_id = %s",
            [space.id, board.id],
        )


def edit_some(connection: psycopg.Connection[Any], space: Workspace) -> None:
    """Recent history, for `changes?since=` to find."""
    connection.execute("SET synchronous_commit = off")
    connection.execute("SELECT set_config('app.actor', %s, false)", [f"user:{space.people[0]}"])
    for board in space.boards:
        for ticket in board.tickets[:EDITS]:
            connection.execute("UPDATE boards_ticket SET priority = (priority + 1) %% 5 WHERE id = %s", [ticket])
