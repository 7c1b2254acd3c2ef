"""One line: parseable whatever stands in it, whole in one piece, with the guide's names for levels."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import structlog

from observability import logs
from observability.logs import levels, lines
from observability.logs.context import About, about
from tests.observability.writing import Written
from tika.cli.environment import ROOT

log = structlog.get_logger("tika.test")


@pytest.mark.parametrize("name", levels.LEVELS)
def test_the_six_levels_have_the_guides_names(name: str, written: Written) -> None:
    levels.change("tika.test", levels.TRACE, until=float("inf"))
    getattr(log, name)("it happened")
    log.log(levels.LEVELS[name], "it happened")
    logging.getLogger("tika.test").log(levels.LEVELS[name], "it happened")
    levels.come_back("tika.test")
    assert [json.loads(line)["level"] for line in written] == [name, name, name]


def test_in_production_debug_and_trace_are_silent(written: Written) -> None:
    for name in levels.LEVELS:
        getattr(log, name)("it happened")
    assert [json.loads(line)["level"] for line in written] == ["fatal", "error", "warn", "info"]


@pytest.mark.parametrize("text", ["", "verbose", "infos"])
def test_an_unknown_level_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="fatal, error, warn, info, debug, trace"):
        levels.number_of(text)


def test_a_line_says_what_it_is_about(written: Written) -> None:
    told = About("request-1", trace_id="a" * 32, span_id="b" * 16)
    before = about.set(told)
    try:
        log.info("it happened", tickets=3)
    finally:
        about.reset(before)
    line = json.loads(written[0])
    assert list(line)[:7] == ["ts", "level", "logger", "event", "service", "env", "version"]
    assert (line["request_id"], line["trace_id"], line["span_id"]) == ("request-1", "a" * 32, "b" * 16)
    assert line["tickets"] == 3


@pytest.mark.parametrize(
    "value",
    [
        "two\nlines",
        "\ud800 half",
        "\x00\x1b[31m",
        2**90,
        float("nan"),
        {1: {2: b"\xff"}},
        object,
        "結" * 9000,
        ["x" * 99] * 999,
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_stands_in_it_a_line_is_one_json_object(value: Any, written: Written) -> None:
    log.info("it happened", value=value)
    (line,) = written
    assert line.count(b"\n") == 1
    assert len(line) <= lines.LONGEST_LINE
    assert json.loads(line)["event"] == "it happened"


def dig(depth: int) -> None:
    if depth:
        dig(depth - 1)
    raise ValueError("at the bottom: " + "결" * 3000)


def test_a_long_traceback_keeps_both_ends_and_fits_into_one_piece(written: Written) -> None:
    try:
        dig(1)
    except ValueError:
        log.exception("broken")
    (line,) = written
    assert len(line) <= lines.LONGEST_LINE
    told = json.loads(line)
    assert told["exception"].startswith("Traceback (most recent call last):")
    assert told["cut"]


def test_the_last_words_of_a_process_are_a_line_too(capfd: pytest.CaptureFixture[str], written: Written) -> None:
    try:
        raise OSError("gone")
    except OSError as error:
        logs.last_words(OSError, error, error.__traceback__)
    told = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert (told["level"], told["event"]) == ("fatal", "ended by an exception")
    assert "OSError: gone" in told["exception"]


def test_a_terminal_gets_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines.shape, "as_json", False)
    line = lines.compose("info", "tika.test", "it happened", {"tickets": 3, "email": "mia@example.com"})
    told = lines.rendered(line).decode()
    assert told == f"{line['ts'][11:19]} [info     ] it happened [tika.test] email=[redacted] tickets=3\n"


def test_a_disk_that_is_full_stops_nobody() -> None:
    program = "import django; django.setup(); import structlog; structlog.get_logger().info('told'); exit(7)"
    with Path("/dev/full").open("wb") as full:
        environ = os.environ | {"TIKA_LOG_JSON": "true"}
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, env=environ, stdout=full, timeout=60, check=False
        )
    assert done.returncode == 7
