"""What must not leave the process does not, and what an operator needs does."""

import json
import logging
import random
import time

import pytest
import structlog

from observability.logs import redaction
from observability.logs.redaction import LONGEST, redact, scrub
from tests.observability.planted import planted
from tests.observability.writing import Written

log = structlog.get_logger("tika.test")


def fail(text: str) -> None:
    raise RuntimeError(text)


def test_of_a_thousand_secrets_none_is_in_a_line(written: Written) -> None:
    everything = list(planted())
    for one in everything:
        log.warning(one.text, said=one.text, among=[{"deep": (one.text,)}], **{one.text: 1})
        logging.getLogger("somebody.else").warning("it was %s", one.text)
        try:
            try:
                fail(one.text)
            except RuntimeError as error:
                raise ValueError(f"again: {one.text}") from error
        except ValueError:
            log.exception("broken")
    told = b"".join(written).decode()
    assert len(written) == 3000
    assert [one for one in everything if one.secret in told] == []


@pytest.mark.parametrize(
    "name", ["password", "api_key", "Authorization", "cookie", "email", "DATABASE_DSN", "csrftoken"]
)
def test_what_stands_under_a_secrets_name_is_hidden_whole(name: str) -> None:
    assert scrub({"outer": {name: "plain words"}}) == {"outer": {name: "[redacted]"}}


@pytest.mark.parametrize(
    "text",
    [
        "live is ready",
        "api/tickets/<uuid:ticket_id>",
        "018f2b7e-3c4d-7a5b-9c1d-123456789012",
        "2026-11-25T22:51:27.253Z",
        "took 1700000000123 ms",
        "board 41, 5000 tickets, 3 columns",
        'relation "boards_ticket" does not exist',
        "Listening at: http://127.0.0.1:8000 (4711)",
        "결제 창이 닫힙니다",
        "caller-8eb968f2998244359757cf2c8e22b7bc",
    ],
)
def test_what_is_no_secret_is_told_as_it_is(text: str) -> None:
    assert redact(text) == text


def test_names_made_by_machines_are_no_numbers_of_people() -> None:
    source = random.Random(3)
    assert [name for name in (f"{source.getrandbits(128):032x}" for _ in range(20_000)) if redact(name) != name] == []


@pytest.mark.parametrize("text", ["900101-1234567", "010-1234-5678", "+82 10 1234 5678", "01012345678"])
def test_numbers_of_people_are_hidden(text: str) -> None:
    assert redact(f"from {text}, today") == "from [redacted], today"


def test_a_traceback_keeps_its_lines_of_code(written: Written) -> None:
    try:
        fail("password=hunter22-hunter22")
    except RuntimeError:
        log.exception("broken")
    told = json.loads(written[0])["exception"]
    assert "in fail\n    raise RuntimeError(text)" in told
    assert told.endswith("RuntimeError: password=[redacted]")


def test_what_the_database_quotes_of_a_row_is_hidden() -> None:
    detail = "DETAIL:  Failing row contains (1, Secret plan, null).\nDETAIL:  Key (name)=(Secret plan) already exists."
    assert "Secret plan" not in redact(detail)


def test_what_the_process_was_given_in_secret_is_hidden_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "known", None)
    redaction.learn_secrets({"TIKA_SECRET_KEY": "correct horse", "DATABASE_URL": "postgres://a:battery%20staple@h/d"})
    assert redact("he said correct horse and battery staple") == "he said [redacted] and [redacted]"


@pytest.mark.parametrize(
    "piece", ["a", "a@", "=", "password", "1 ", "://", "'", "\\", "Key (", "-----BEGIN PRIVATE KEY-----"]
)
def test_hostile_text_takes_no_long_time(piece: str) -> None:
    began = time.process_time()
    redact(piece * (LONGEST // len(piece)))
    assert time.process_time() - began < 5
