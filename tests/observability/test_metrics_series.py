"""What becomes a series, and what never does."""

import random
import string
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.test import RequestFactory

from observability import middleware
from observability.metrics import database, http
from observability.metrics.catalogue import CONNECTIONS_ACTIVE, CONNECTIONS_OPEN, QUERY_DURATION, TICKETS_CREATED
from observability.metrics.database import kind_of
from observability.metrics.page import entries, page
from observability.middleware import RequestLog
from observability.statement_timing import listeners
from tests.cast import Scene, Workspace


@pytest.fixture(autouse=True)
def _observed() -> Iterator[None]:
    middleware.observers.append(http.observe)
    database.install()
    # The one that is open already.
    database.note(connections["default"])
    yield
    middleware.observers.remove(http.observe)
    connection_created.disconnect(dispatch_uid="metrics")
    listeners.remove(database.count)


def numbers(name: str) -> dict[tuple[str, ...], tuple[float, ...]]:
    found = entries(bytes(page.bytes[: page.used]))
    return {tuple(labels): values for (each, *labels), values in found if each == name}


def requests() -> dict[tuple[str, ...], float]:
    return {labels: values[0] for labels, values in numbers("http_request_total").items()}


def test_a_hundred_thousand_random_addresses_methods_and_hosts_are_a_handful_of_series() -> None:
    factory, chance = RequestFactory(), random.Random(7)
    answer = RequestLog(lambda request: HttpResponseNotFound())
    request = factory.get("/")
    before = len(page.places)
    for _ in range(100_000):
        word = "".join(chance.choices(string.ascii_letters, k=9))
        request.path = request.path_info = f"/{word}/{word}"
        request.method = chance.choice(("GET", "POST", "BREW", word))
        request.META["HTTP_HOST"] = f"{word}.example"
        answer(request)
    # GET, POST and OTHER: one counter and one histogram each.
    assert len(page.places) - before <= 6
    assert {labels for labels in requests() if labels[1] == "__unmatched__"} >= {
        ("GET", "__unmatched__", "404"),
        ("OTHER", "__unmatched__", "404"),
    }


def test_addresses_are_patterns_and_tell_nobodys_name(workspace: Workspace) -> None:
    before = requests()
    for _ in range(3):
        assert workspace.owner.api.get("/api/boards").status_code == 200
    new = {labels: count - before.get(labels, 0) for labels, count in requests().items()}
    assert [(labels, count) for labels, count in new.items() if count] == [(("GET", "api/boards", "200"), 3)]


def test_static_files_are_one_series() -> None:
    def served(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=200)

    for name in ("a.css", "b.js"):
        RequestLog(served)(RequestFactory().get(f"{settings.STATIC_URL}{name}"))
    assert requests()["GET", "static/", "200"] >= 2


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("SELECT 1", "select"),
        ("  select 1", "select"),
        ("UPDATE boards_ticket SET x = 1", "update"),
        ("WITH written AS (INSERT INTO boards_ticket (id) VALUES (1) RETURNING *) SELECT * FROM written", "insert"),
        ("WITH a AS (SELECT 1) SELECT * FROM a", "select"),
        ("DELETE FROM x", "delete"),
        ("SAVEPOINT x", "other"),
        (b"SELECT 1", "other"),
    ],
)
def test_a_statement_is_one_of_five_kinds(statement: str, kind: str) -> None:
    assert kind_of(statement) == kind


def test_each_statement_is_timed_failed_ones_too() -> None:
    before = sum(numbers(QUERY_DURATION.name).get(("select",), (0,))[:-1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        with pytest.raises(DatabaseError):
            cursor.execute("SELECT 1 / 0")
    assert sum(numbers(QUERY_DURATION.name)["select",][:-1]) - before == 2


def test_a_connection_in_a_transaction_is_at_work() -> None:
    connection.ensure_connection()
    with transaction.atomic():
        database.look("web")
        assert numbers(CONNECTIONS_ACTIVE.name)["web",] == (1,)
    database.look("web")
    assert numbers(CONNECTIONS_ACTIVE.name)["web",] == (0,)
    assert numbers(CONNECTIONS_OPEN.name)["web",][0] >= 1


def test_a_ticket_counts_when_it_is_there_for_good(board: Scene) -> None:
    def created() -> float:
        return numbers(TICKETS_CREATED.name)["done",][0]

    before = created()
    board.ticket("one", "done")
    assert created() - before == 1
    with transaction.atomic():
        board.ticket("two", "done")
        transaction.set_rollback(True)
    assert created() - before == 1
