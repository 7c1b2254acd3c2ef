"""smoke.py and watch.py: a real Tika passes, and each thing that may be wrong with one is seen."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivery.pipelines.answering import Reply, answering
from tests.delivery.pipelines.running import run
from tests.live import servers
from tika.env import VERSION

POLICY = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"}
PAGE = Reply(200, b'<link rel="stylesheet" href="/static/tika.css">', POLICY)


def health(*, well: bool = True, version: str = "1.0") -> Reply:
    told = {"status": "ok" if well else "unavailable", "checks": {"database": well}, "version": version}
    return Reply(200 if well else 503, json.dumps(told).encode())


def well_behaved() -> dict[str, Reply | list[Reply]]:
    return {
        "/livez": Reply(),
        "/readyz": health(),
        "/api/health": health(),
        "/accounts/login/": PAGE,
        "/static/tika.css": Reply(200, b"", {"Content-Type": "text/css"}),
        "/api/tickets": Reply(401, b"{}", {"Cache-Control": "private, no-cache"}),
    }


@pytest.fixture(scope="module")
def tika(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    process = servers.web(tmp_path_factory.mktemp("web"), servers.free_port())
    yield f"http://127.0.0.1:{process.port}"
    process.stop()


def test_a_real_tika_passes_and_another_version_does_not(tika: str) -> None:
    code, said, why = run("smoke.py", f"{tika}/", "--version", VERSION)
    assert code == 0, said + why
    code, said, _ = run("smoke.py", tika, "--version", "0.0.9")
    assert code == 1
    assert f"/readyz is of version {VERSION}, not 0.0.9" in said


def test_a_real_tika_stays_well(tika: str) -> None:
    assert run("watch.py", tika, "--minutes", "0.01", "--every", "0.2")[:2] == (0, "Well: 3 of 3 answers were good.\n")


WRONG: dict[str, tuple[str, Reply, str]] = {
    "dead": ("/livez", Reply(500), "/livez answers 500"),
    "no database": ("/readyz", health(well=False), "/readyz answers 503 (database)"),
    "another program": ("/readyz", Reply(200, b"<p>Welcome</p>"), "/readyz answers 200 (no checks)"),
    "redirect": ("/accounts/login/", Reply(302), "/accounts/login/ answers 302"),
    "no policy": ("/accounts/login/", Reply(200, PAGE.body), "no strict Content-Security-Policy"),
    "loose policy": (
        "/accounts/login/",
        Reply(200, PAGE.body, POLICY | {"Content-Security-Policy": "default-src *; script-src 'unsafe-inline'"}),
        "no strict Content-Security-Policy",
    ),
    "no style": ("/static/tika.css", Reply(404), "/static/tika.css answers 404"),
    "open": ("/api/tickets", Reply(200, b"[]"), "answers a stranger 200"),
    "shared": ("/api/tickets", Reply(401, b"", {"Cache-Control": "public, s-maxage=10"}), "kept by a shared cache"),
}


@pytest.mark.parametrize("what", WRONG)
def test_each_fault_is_named(what: str) -> None:
    path, reply, sentence = WRONG[what]
    with answering(well_behaved() | {path: reply}) as server:
        code, said, _ = run("smoke.py", server.url)
    assert code == 1
    assert sentence in said
    assert said.count("NOT") == 1


def test_nobody_there_is_a_failure_and_no_fright() -> None:
    with answering({}) as server:
        url = server.url
    code, said, why = run("smoke.py", url)
    assert (code, why) == (1, "")
    assert "answers nothing" in said
    assert run("smoke.py", "tika.example.com")[0] == 1


def watched(*replies: Reply, times: int) -> tuple[int, str]:
    with answering({"/readyz": list(replies)}) as server:
        code, said, _ = run("watch.py", server.url, "--minutes", str(times * 0.01 / 60), "--every", "0.01")
    return code, said.splitlines()[-1]


def test_one_bad_answer_of_many_is_life() -> None:
    assert watched(health(well=False), health(), times=40) == (0, "Well: 39 of 40 answers were good.")


def test_three_bad_answers_in_a_row_end_the_watch_at_once() -> None:
    assert watched(health(), health(well=False), times=1000) == (1, "Not well: 3 bad answers in a row.")


def test_many_bad_answers_end_it_too_even_one_by_one() -> None:
    flickering = [health(), health(well=False)] * 10
    code, said = watched(*flickering, times=40)
    assert code == 1
    assert said == "Not well: 3 bad answers of 6, where 5% of 40 may be."


@pytest.mark.parametrize("minutes", ["0", "-1", "soon"])
def test_a_watch_without_an_end_is_refused(minutes: str) -> None:
    assert run("watch.py", "http://127.0.0.1:1", "--minutes", minutes)[0] == 2


def test_the_address_of_a_file_is_no_address(tmp_path: Path) -> None:
    (tmp_path / "readyz").write_text("{}")
    assert run("watch.py", f"file://{tmp_path}", "--minutes", "0.001", "--every", "0.01")[0] == 1
