"""Where everything people wrote is Korean, no page shows a word of English."""

import json
import uuid
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from boards.importers.worker import carry_on
from boards.verbs import tickets
from tests.boards.importers import exports
from tests.cast import Person, Scene
from tests.language.reading import english_in
from tests.language.scene import shop
from tests.tenancy.conftest import new_browser

KOREAN = {"accept-language": "ko"}
OUTSIDE = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/inactive/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/no-such-key/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/zzzzzz-abc-def/",
    "/accounts/password/reset/key/done/",
    "/api/docs",
    f"/invitations/{'x' * 43}/",
    "/no/such/page",
]
SIGNED_IN = ["/workspaces/", "/workspaces/new", "/profile/", "/accounts/password/change/", "/accounts/logout/"]
INSIDE = [
    "",
    "boards/new",
    "boards/OPS/",
    "boards/OPS/settings/",
    "boards/OPS/archive/",
    "boards/OPS/archive/?show=trash",
    "boards/OPS/tickets/1/history/",
    "members/",
    "tokens/",
    "settings/",
    "search/",
    "search/?q=결제",
    "search/?q=없는말",
    "imports/",
    "imports/new",
    "no/such/page",
]
WORDS = {
    "First": "첫째",
    "Second": "둘째",
    "Put away": "치운 것",
    "List": "목록",
    "Lee": "이",
    "first": "하나",
    "second": "둘",
}


@pytest.fixture(scope="module")
def korean() -> Scene:
    return shop()


def text_of(answer: Any) -> str:
    assert answer["Content-Language"] == "ko"
    return str(answer.content.decode())


def read(person: Person, path: str, **headers: str) -> str:
    return text_of(person.client.get(path, headers={**KOREAN, **headers}))


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_stranger_reads_korean(path: str) -> None:
    assert english_in(text_of(new_browser().get(path, headers=KOREAN))) == []


@pytest.mark.parametrize("path", SIGNED_IN)
def test_who_is_signed_in_reads_korean(korean: Scene, path: str) -> None:
    assert english_in(read(korean.workspace.owner, path)) == []


@pytest.mark.parametrize("path", INSIDE)
@pytest.mark.parametrize("who", ["olga", "vic"])
def test_a_member_reads_korean(korean: Scene, who: str, path: str) -> None:
    person = korean.workspace.people[who]
    assert english_in(read(person, f"/{korean.workspace.slug}/{path}")) == []


@pytest.mark.parametrize("who", ["olga", "vic"])
def test_an_open_ticket_is_korean(korean: Scene, who: str) -> None:
    path = f"/{korean.workspace.slug}/boards/OPS/tickets/1/"
    panel = read(korean.workspace.people[who], path, **{"HX-Request": "true"})
    assert "재현하기" in panel
    assert english_in(panel) == []


def test_history_tells_what_happened_in_korean(korean: Scene) -> None:
    page = read(korean.workspace.owner, f"/{korean.workspace.slug}/boards/OPS/tickets/1/history/")
    for sentence in (
        "‘가’ 열에 티켓을 만들었습니다",
        "‘가’ 열에서 ‘나’ 열로 옮겼습니다",
        "라벨을 추가했습니다: ‘결제’, ‘빨강’",
        "담당자를 지정했습니다: ‘올가’",
        "‘재현하기’ 항목을 완료했습니다",
        "댓글을 달았습니다: ‘확인했습니다.’",
    ):
        assert sentence in page


def test_days_are_written_the_korean_way(korean: Scene) -> None:
    with korean.workspace.told() as olga:
        late = tickets.Draft(title="기한", board=korean.id, due_on=date(2027, 3, 9))
        tickets.create(late, by=olga)
    vic = korean.workspace.people["vic"]
    path = f"/{korean.workspace.slug}/boards/OPS/tickets/5/"
    assert "2027년 3월 9일" in read(vic, path, **{"HX-Request": "true"})


@pytest.mark.parametrize(
    ("path", "form"),
    [("invitations/", {"role": "MEMBER"}), ("tokens/", {"name": "배포", "scope": "read", "life": "30"})],
)
def test_what_is_shown_once_is_korean(korean: Scene, path: str, form: dict[str, str]) -> None:
    answer = korean.workspace.owner.client.post(f"/{korean.workspace.slug}/{path}", form, headers=KOREAN)
    assert english_in(text_of(answer)) == []


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/accounts/login/", {"login": "nobody@example.com", "password": "wrong"}),
        ("/accounts/login/", {}),
        ("/accounts/signup/", {"name": "", "email": "no address", "password1": "password"}),
        ("/accounts/signup/", {"name": "가", "email": "ga@example.com", "password1": "12"}),
        ("/accounts/password/reset/", {"email": ""}),
    ],
)
def test_what_is_wrong_in_a_form_is_korean(path: str, form: dict[str, str]) -> None:
    answer = new_browser().post(path, form, headers=KOREAN)
    assert answer.context["form"].errors
    assert english_in(text_of(answer)) == []


class TestAnImport:
    """Of an export whose own words are Korean."""

    @pytest.fixture
    def path(self, korean: Scene) -> str:
        text = json.dumps(exports.board(name="운영", prefs={}, desc=""), ensure_ascii=False)
        for word, here in WORDS.items():
            text = text.replace(f'"{word}"', f'"{here}"')
        file = SimpleUploadedFile("보드.json", text.encode(), "application/json")
        to = f"/{korean.workspace.slug}/imports/new"
        answer = korean.workspace.owner.client.post(to, {"file": file}, headers=KOREAN)
        return str(answer["Location"])

    def carry_on(self, korean: Scene, path: str, verb: str = "") -> str:
        if verb:
            korean.workspace.owner.client.post(f"{path}{verb}", headers=KOREAN)
        carry_on(korean.workspace.id, uuid.UUID(path.strip("/").rsplit("/", 1)[-1]))
        return read(korean.workspace.owner, path)

    def test_is_korean_from_the_upload_to_the_undo(self, korean: Scene, path: str) -> None:
        pages = [read(korean.workspace.owner, path), self.carry_on(korean, path)]
        pages += [self.carry_on(korean, path, "start"), self.carry_on(korean, path, "undo")]
        for page, sentence in zip(
            pages, ("파일을 읽는 중", "가져올 내용", "가져온 내용", "모두 지웠습니다"), strict=True
        ):
            assert sentence in page
            assert english_in(page) == []

    def test_that_fails_says_why_in_korean(self, korean: Scene) -> None:
        to = f"/{korean.workspace.slug}/imports/new"
        file = SimpleUploadedFile("보드.json", b"[1, 2]", "application/json")
        path = korean.workspace.owner.client.post(to, {"file": file}, headers=KOREAN)["Location"]
        page = self.carry_on(korean, path)
        assert "Trello 보드는 아닙니다" in page
        assert english_in(page) == []
