"""Texts that break programs are texts: kept as they came, found again, and never a server's error."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from boards import markdown
from tests.captured import captured
from tests.cast import Api, Person, Scene, issue_token
from tests.hostile import FILES, JSON_SUITE, SVG, texts

TEXTS = texts()
PORTION = 250
TAG = re.compile(r"<[a-zA-Z!/?][^>]*>")
HARMLESS_TAG = re.compile(
    r"</?(a|blockquote|br|code|del|em|h[4-6]|hr|img|input|label|li|ol|p|pre|s|span|strong|table|tbody|td|th|thead|tr|ul)"
    r'( (href|title|target|rel|src|alt|loading|type|checked|disabled|start|align|class)="[^"<>]*")*>'
)


def fresh(who: Person, board: Scene) -> Api:
    """With a token of its own: one token may not ask without end."""
    with board.workspace.told():
        return Api(Client(), {"Authorization": f"Bearer {issue_token(who.member, 'write')}"})


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, len(TEXTS), PORTION))
def test_in_a_title_a_comment_and_a_search(mia: Person, board: Scene, start: int) -> None:
    api = fresh(mia, board)
    column = str(board.columns["todo"])
    for text in TEXTS[start : start + PORTION]:
        made = api.post("/api/tickets", {"column": column, "title": text})
        line = " ".join(text.split())
        if not line or len(line) > 255 or "\x00" in text:
            assert (made.status_code, made.json()["error"]["details"][0]["field"]) == (422, "title"), text
            continue
        assert (made.status_code, made.json()["title"]) == (201, line), text
        comment = api.post(f"/api/tickets/{made.json()['id']}/comments", {"body": text})
        assert (comment.status_code, comment.json()["body"]) == (201, text)
        found = api.get(f"/api/search?q={quote(text[:200])}")
        assert found.status_code == 200, text
        for hit in found.json()["items"]:
            assert all(isinstance(part, str) for part, _ in hit["highlight"])
    assert mia.api.get(f"/api/boards/{board.id}/snapshot").status_code == 200


def test_as_markdown_nothing_but_harmless_tags_is_made() -> None:
    captured("hostile")
    for text in TEXTS:
        for tag in TAG.findall(markdown.render(text)):
            assert HARMLESS_TAG.fullmatch(tag), (text, tag)
            address = re.search(r'(?:href|src)="([^"]*)"', tag)
            if address and (scheme := re.match(r"\s*([a-z][a-z0-9+.-]*):", address[1], re.IGNORECASE)):
                assert scheme[1].lower() in {"http", "https", "mailto"}, (text, tag)


@pytest.mark.parametrize("path", SVG, ids=lambda path: path.name)
def test_an_svg_is_only_ever_downloaded(mia: Person, board: Scene, path: Any) -> None:
    file = SimpleUploadedFile(path.name, path.read_bytes(), "image/svg+xml")
    made = mia.api.upload(f"/api/tickets/{board.tickets[0]}/attachments", file).json()
    answer = mia.session_api.get(f"/api/attachments/{made['id']}/content")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(answer.streaming_content) == path.read_bytes()


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "x/y\r\nX-A: b"])
def test_what_could_run_is_never_shown_in_place(mia: Person, board: Scene, kind: str) -> None:
    file = SimpleUploadedFile("x.html", b"<script>alert(1)</script>", kind)
    made = mia.api.upload(f"/api/tickets/{board.tickets[0]}/attachments", file).json()
    answer = mia.session_api.get(f"/api/attachments/{made['id']}/content")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\..\\boot.ini",
        "<img src=x onerror=alert(1)>.png",
        'a"; filename="b.exe',
        "\u202egpj.exe",
        "결제\u0000.txt",
        "x" * 400 + ".txt",
        ".",
        "CON",
        "a\r\nSet-Cookie: x=1",
    ],
    ids=lambda name: repr(name)[:30],
)
def test_a_file_name_stays_a_name(mia: Person, board: Scene, name: str) -> None:
    file = SimpleUploadedFile("x", b"x", "image/png")
    vars(file)["_name"] = name  # the class itself would cut it
    answer = mia.api.upload(f"/api/tickets/{board.tickets[0]}/attachments", file)
    assert answer.status_code in {201, 400, 422}
    if answer.status_code != 201:
        return
    shown = answer.json()["name"]
    assert 0 < len(shown) <= 255
    assert not set(shown) & set("/\\\x00\r\n\u202e")
    content = mia.session_api.get(f"/api/attachments/{answer.json()['id']}/content")
    assert content.status_code == 200
    assert "Set-Cookie" not in content


@pytest.mark.parametrize("kind", ["y", "n", "i"])
def test_the_json_suite_is_read_or_refused_and_never_an_error(mia: Person, board: Scene, kind: str) -> None:
    captured("hostile/json-suite")
    api, files = fresh(mia, board), [path for path in JSON_SUITE if path.name.startswith(f"test_parsing-{kind}_")]
    assert len(files) > 20
    for path in files:
        answer = api.raw("post", "/api/tickets", path.read_bytes())
        assert answer.status_code in ({422} if kind == "y" else {400, 413, 422}), path.name
        assert answer.json()["error"]["message"]


def test_all_the_files_are_tried() -> None:
    captured("hostile")
    assert len(FILES) > 55
    assert len(TEXTS) > 2500
