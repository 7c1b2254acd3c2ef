"""Spans arrive at a real OTLP receiver: a request, its statements, the job it started; nothing personal in them."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import DataError, connection, transaction
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from psycopg.sql import SQL, Literal

from observability import statement_timing
from observability.logs.context import About, about
from observability.tracing import statements
from observability.tracing.head import Head, chosen
from observability.tracing.queue import around_job, carried
from observability.tracing.redacted import Redacting
from tests.cast import Person, Scene
from tests.live.proxy import door
from tests.live.servers import Process, free_port, wait_for, web
from tests.observability.planted import planted
from tests.observability.receiving import Receiver, receiving
from tests.observability.spans import Told, received
from tika.cli.environment import ROOT

TRACE = uuid.uuid4().hex
ALL = {"OTEL_TRACES_SAMPLER_ARG": "1", "OTEL_BSP_SCHEDULE_DELAY": "100"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def traced(folder: Path, port: int, **environment: str) -> Process:
    named = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}", "TIKA_LIVE_HANDOVER": "", **ALL}
    return web(folder, free_port(), **{**named, **environment})


def ask(process: Process, path: str, **headers: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", process.port, timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def lines_of(process: Process, request_id: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in process.log.read_text().splitlines()]
    return [line for line in lines if line.get("request_id") == request_id]


def spans_of(receiver: Receiver, trace_id: str, count: int = 1) -> list[Told]:
    wait_for(lambda: len([span for span in received(receiver) if span.trace_id == trace_id]) >= count)
    return [span for span in received(receiver) if span.trace_id == trace_id]


def test_a_request_is_a_tree_with_the_names_of_its_line(
    receiver: Receiver, tmp_path: Path, board: Scene, mia: Person
) -> None:
    process = traced(tmp_path, receiver.port)
    try:
        given = f"00-{TRACE}-00f067aa0ba902b7-00"
        path = f"/api/tickets/{board.tickets[0]}?q=mia%40example.com"
        answer = ask(process, path, Authorization=f"Bearer {mia.token}", traceparent=given, **{"User-Agent": "Mia's"})
        ask(process, "/livez")
        spans = spans_of(receiver, TRACE, 3)
    finally:
        process.stop(seconds=40)
    (root,) = [span for span in spans if span.kind == "server"]
    assert root.parent == "00f067aa0ba902b7"
    assert root.service == "tika-web"
    assert root.attributes["http.route"].startswith("api/tickets/<")
    assert root.name == f"GET {root.attributes['http.route']}"
    assert root.attributes["tika.tenant_id"] == str(mia.member.tenant_id)
    statements = [span for span in spans if span.kind == "client"]
    assert statements
    assert all("SELECT" in str(span.attributes.get("db.statement", "SELECT")) for span in statements)
    assert {span.parent for span in statements} == {root.span_id}
    (line,) = [line for line in lines_of(process, root.attributes["tika.request_id"]) if line["event"] == "request"]
    assert (line["trace_id"], line["span_id"]) == (TRACE, root.span_id)
    assert answer.getheader("traceparent") == f"00-{TRACE}-{root.span_id}-01"
    told = str(received(receiver))
    for personal in (mia.token, "mia@", "Mia's", str(board.tickets[0]), mia.user.email, "livez"):
        assert personal not in told


def test_a_job_hangs_on_the_request_that_started_it(receiver: Receiver, tmp_path: Path, olga: Person) -> None:
    """The worker's import of a file that is none: read, refused, and told of under the request's name."""
    process = traced(tmp_path, receiver.port)
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=ROOT,
        env=os.environ
        | ALL
        | {
            "TIKA_DB_ROLE": "worker",
            "TIKA_LOG_JSON": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{receiver.port}",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        trace = uuid.uuid4().hex
        connection = HTTPConnection("127.0.0.1", process.port, timeout=30)
        connection.request("GET", f"/{olga.member.tenant_slug}/imports/new", headers={"Cookie": cookie(olga)})
        page = connection.getresponse().read().decode()
        token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        body = multipart(token, b'{"not": "a board"}')
        headers = {
            "Cookie": f"{cookie(olga)}; csrftoken={token}",
            "Content-Type": "multipart/form-data; boundary=edge",
            "traceparent": f"00-{trace}-00f067aa0ba902b7-01",
        }
        connection.request("POST", f"/{olga.member.tenant_slug}/imports/new", body, headers)
        assert connection.getresponse().status in {200, 302}
        wait_for(lambda: any(span.service == "tika-worker" for span in received(receiver) if span.trace_id == trace))
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(60)
        process.stop(seconds=40)
    spans = spans_of(receiver, trace)
    (request,) = [span for span in spans if span.kind == "server"]
    (job,) = [span for span in spans if span.kind == "consumer"]
    assert (job.name, job.parent, job.service) == ("import analysing", request.span_id, "tika-worker")
    assert [span for span in spans if span.parent == job.span_id]


def cookie(person: Person) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in person.client.cookies.items())


def multipart(token: str, file: bytes) -> bytes:
    head = b'--edge\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
    return b"".join(
        [
            head % (b"csrfmiddlewaretoken", b"") + token.encode() + b"\r\n",
            head % (b"file", b'; filename="board.json"') + file + b"\r\n--edge--\r\n",
        ]
    )


def test_outside_the_share_only_a_request_that_fails_is_kept_and_alone(
    receiver: Receiver, tmp_path: Path, mia: Person
) -> None:
    with door(tmp_path, settings.DATABASE_URL_DIRECT) as database:
        away = {"DATABASE_URL": database.url, "DATABASE_URL_DIRECT": database.url}
        process = traced(tmp_path, receiver.port, OTEL_TRACES_SAMPLER_ARG="0", **away)
        try:
            wanted = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", **mia.api.headers}
            well = ask(process, "/api/members", **wanted)
            database.slam()
            ill = ask(process, "/api/members", **wanted)
        finally:
            process.stop(seconds=40)
    assert (well.status, ill.status) == (200, 500)
    assert (well.getheader("traceparent") or "").endswith("-00")
    (kept,) = received(receiver)
    assert (kept.name, kept.kind, kept.failed, kept.trace_id) == ("GET __unmatched__", "server", True, TRACE)
    assert kept.attributes["http.status_code"] == 500
    assert f"-{kept.span_id}-" in (ill.getheader("traceparent") or "")


def test_a_traced_request_that_fails_is_told_as_failed(receiver: Receiver, tmp_path: Path, mia: Person) -> None:
    with door(tmp_path, settings.DATABASE_URL_DIRECT) as database:
        away = {"DATABASE_URL": database.url, "DATABASE_URL_DIRECT": database.url}
        process = traced(tmp_path, receiver.port, **away)
        try:
            wanted = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", **mia.api.headers}
            database.slam()
            ask(process, "/api/members", **wanted)
            (told,) = spans_of(receiver, TRACE)
        finally:
            process.stop(seconds=40)
    assert (told.kind, told.parent, told.failed) == ("server", "00f067aa0ba902b7", True)
    assert told.attributes["http.status_code"] == 500


def test_of_a_thousand_secrets_none_is_in_a_span() -> None:
    everything = list(planted())
    provider = TracerProvider()
    kept: list[ReadableSpan] = []
    exporter = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(Redacting(exporter)))
    tracer = provider.get_tracer("test")
    for one in everything:
        with suppress(RuntimeError), tracer.start_as_current_span(one.text, attributes={"said": one.text}) as span:
            span.set_attribute("http.url", f"http://127.0.0.1/{one.secret}")
            span.add_event(one.text, {"db.statement": one.text, "password": one.secret})
            raise RuntimeError(one.text)
    kept += exporter.get_finished_spans()
    told = encode_spans(kept).SerializeToString().decode(errors="replace")
    assert len(kept) == len(everything)
    assert [one for one in everything if one.secret in told] == []


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """Where the statements of this process go."""
    provider, exporter = TracerProvider(), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(statement_timing, "listeners", [])
    monkeypatch.setattr(Head, "tracer", provider.get_tracer("test"), raising=False)
    monkeypatch.setattr(statements, "about", {"db.system": "postgresql"}, raising=False)
    statement_timing.tell(statements.note)
    return exporter


@pytest.mark.django_db
def test_a_statement_of_a_request_that_is_traced_is_a_span_with_its_time_and_its_fault(
    spans: InMemorySpanExporter,
) -> None:
    before = chosen.set(True)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(%s)", [0.05])
            cursor.execute(SQL("SELECT {}").format(Literal(1)))
            with pytest.raises(DataError), transaction.atomic():
                cursor.execute("SELECT 1 / 0")
    finally:
        chosen.reset(before)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'nobody is told'")
    slept, composed, failed = (span for span in spans.get_finished_spans() if span.name == "SELECT")
    assert slept.attributes == {"db.system": "postgresql", "db.statement": "SELECT pg_sleep(%s)"}
    assert slept.start_time and slept.end_time and slept.end_time - slept.start_time >= 50_000_000
    assert (composed.attributes or {})["db.statement"] == "SELECT 1"
    assert [failed.status.is_ok, [event.name for event in failed.events]] == [False, ["exception"]]
    assert composed.status.is_ok


def test_a_job_of_the_queue_bears_the_names_of_its_cause_and_never_sees_them() -> None:
    told = About("request-1", trace_id="a" * 32, span_id="b" * 16, flags="01")
    before = about.set(told)
    try:
        arguments = {"board": 1, **carried()}
    finally:
        about.reset(before)
    job = SimpleNamespace(task_name="send", task_kwargs=json.loads(json.dumps(arguments)))
    seen: list[Any] = []

    async def task() -> None:
        seen.extend([about.get(), dict(job.task_kwargs)])

    asyncio.run(around_job(task, SimpleNamespace(job=job), None))
    current, given = seen
    assert given == {"board": 1}
    assert (current.request_id, current.trace_id) == ("request-1", "a" * 32)
    assert current.span_id != "b" * 16


@pytest.mark.parametrize("fault", ["gone", "hangs"])
def test_a_collector_that_is_away_costs_no_request_anything(fault: str, tmp_path: Path, mia: Person) -> None:
    with receiving() as receiver:
        receiver.free.clear()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = receiver.port if fault == "hangs" else probe.getsockname()[1]
            process = traced(tmp_path, port)
            try:
                statuses = {ask(process, "/api/members", **mia.api.headers).status for _ in range(200)}
                assert statuses == {200}
            finally:
                # Its last spans are waited for, though not for long: this raises where it is.
                process.stop(seconds=40)


@pytest.mark.parametrize("text", ["half", "1.5", "-1", "nan"])
def test_a_share_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from observability.tracing.sampling import ratio

    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", text)
    with pytest.raises(ValueError, match="must be a number from 0 to 1"):
        ratio()


def test_without_a_collector_nothing_of_it_is_loaded(tmp_path: Path) -> None:
    program = (
        "import sys, django; django.setup(); import tika.wsgi; from observability import tracing; tracing.start();"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
