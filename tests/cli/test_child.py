"""How the supervisor looks after one process."""

import asyncio
import signal
import sys
from collections.abc import Sequence

import pytest

from tika.cli import child as children
from tika.cli.child import Child


def python(code: str, told: list[str], **more: object) -> Child:
    return Child("web", [sys.executable, "-c", code], lambda name, line: told.append(f"{name}: {line}"), **more)  # type: ignore[arg-type]


def delays(told: Sequence[str]) -> list[float]:
    return [float(line.split(" again in ")[1].removesuffix(" s.")) for line in told if "started again" in line]


def test_a_child_that_keeps_dying_is_tried_less_and_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "FIRST_DELAY", 0.01)
    monkeypatch.setattr(children, "LAST_DELAY", 0.05)
    told: list[str] = []

    async def watch() -> None:
        keeper = asyncio.create_task((dying := python("raise SystemExit(3)", told)).keep())
        while dying.deaths < 5:
            await asyncio.sleep(0.05)
        await dying.stop()
        keeper.cancel()

    asyncio.run(watch())
    assert told[0] == "tika: web ended with status 3; it is started again in 0.01 s."
    assert delays(told)[:5] == [0.01, 0.02, 0.04, 0.05, 0.05]


def test_a_child_that_was_well_for_long_is_started_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "FIRST_DELAY", 0.01)
    monkeypatch.setattr(children, "WELL_AFTER", 0.0)
    told: list[str] = []

    async def watch() -> None:
        keeper = asyncio.create_task((dying := python("", told)).keep())
        while dying.deaths < 3:
            await asyncio.sleep(0.05)
        await dying.stop()
        keeper.cancel()

    asyncio.run(watch())
    assert set(delays(told)) == {0.01}


def test_a_child_that_does_not_listen_is_killed_after_a_while() -> None:
    told: list[str] = []
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )

    async def stop() -> int:
        deaf = python(code, told, patience=0.3)
        running = asyncio.create_task(deaf.run_once())
        async with asyncio.timeout(30):
            while "web: deaf" not in told:
                await asyncio.sleep(0.02)
        await deaf.stop()
        return await running

    assert asyncio.run(stop()) == -signal.SIGKILL
    assert told[-1] == "tika: web did not stop within 0.3 s."


def test_every_line_is_told_with_its_name_also_the_last_without_an_end() -> None:
    told: list[str] = []
    asyncio.run(
        python("import sys; print('one'); print('한글', file=sys.stderr); print('three', end='')", told).run_once()
    )
    assert sorted(told) == ["web: one", "web: three", "web: 한글"]


def test_a_line_without_an_end_does_not_fill_the_memory() -> None:
    told: list[str] = []
    asyncio.run(python("print('x' * 1_000_000)", told).run_once())
    assert len(told) > 1
    assert sum(len(line) - len("web: ") for line in told) == 1_000_000
