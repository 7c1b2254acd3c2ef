from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenancy.verbs import members
from tests.cast import Person, Scene, Workspace, run_sql
from tests.tenancy.conftest import Account, sign_in

KOREAN = {"accept-language": "ko-KR,ko;q=0.9"}


def save(client: Client, **sent: str) -> Any:
    return client.post("/profile/", {"name": "Noa", "language": "", "timezone": "", "theme": "auto", **sent})


def test_a_name_goes_along_into_every_workspace(workspace: Workspace, other: Workspace, mia: Person) -> None:
    with other.told():
        members.add(other.id, name="Mia", user=mia.user)
    assert save(mia.client, name="Mia Kim")["Location"] == "/profile/"
    for tenant in (workspace.id, other.id):
        query = "SELECT name FROM tenancy_membership WHERE user_id = %s"
        assert run_sql(query, [mia.user.id], tenant=tenant) == [("Mia Kim",)]
    logged = "SELECT changes FROM audit_entry WHERE resource_id = %s AND action = 'UPDATE' AND actor_id = %s"
    assert run_sql(logged, [mia.id, str(mia.id)], tenant=workspace.id) == [
        ({"before": {"name": "Mia"}, "after": {"name": "Mia Kim"}},)
    ]


def test_open_boards_hear_of_a_new_name(board: Scene, mia: Person) -> None:
    before = board.version
    save(mia.client, name="Mia Kim")
    assert board.version == before + 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"language": "xx"}, "language"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"theme": "pink"}, "theme"),
    ],
)
def test_nonsense_is_refused_at_the_field(mia: Person, sent: dict[str, str], field: str) -> None:
    answer = save(mia.client, **sent)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}


def test_nobody_saves_a_profile_without_signing_in(browser: Client) -> None:
    assert save(browser)["Location"] == "/accounts/login/?next=/profile/"


class TestLanguage:
    def language(self, client: Client, path: str, **headers: str) -> str:
        return str(client.get(path, headers=headers)["Content-Language"])

    def test_is_the_browsers_until_one_is_chosen(self, browser: Client) -> None:
        assert self.language(browser, "/accounts/login/") == "en"
        assert self.language(browser, "/accounts/login/", **KOREAN) == "ko"
        assert self.language(browser, "/accounts/login/", **{"accept-language": "fr, xx;q=0.5"}) == "en"

    def test_is_ones_own_everywhere_once_it_is_set(self, workspace: Workspace, mia: Person) -> None:
        save(mia.client, language="ko")
        for path in ("/profile/", f"/{workspace.slug}/members/", "/no/such/page"):
            assert self.language(mia.client, path) == "ko"

    def test_of_errors_in_the_api_is_ones_own(self, mia: Person) -> None:
        save(mia.client, language="ko")
        answer = mia.session_api.get("/api/tickets/no-id", **{"Accept-Language": "en"})
        assert answer["Content-Language"] == "ko"
        assert mia.api.get("/api/members", **{"Accept-Language": "en"})["Content-Language"] == "ko"

    def test_of_the_browser_comes_back_when_one_takes_ones_own_away(self, mia: Person) -> None:
        save(mia.client, language="ko")
        save(mia.client, language="")
        assert self.language(mia.client, "/profile/", **{"accept-language": "en"}) == "en"

    def test_comes_along_to_another_browser(self, browser: Client, account: Account) -> None:
        sign_in(browser, account.email)
        save(browser, language="ko")
        other = Client()
        other.cookies["sessionid"] = browser.cookies["sessionid"].value
        other.get("/workspaces/")
        assert self.language(other, "/accounts/logout/", **{"accept-language": "en"}) == "ko"

    def test_is_chosen_before_signing_in_too(self, browser: Client) -> None:
        answer = browser.post("/accounts/language/", {"language": "ko", "next": "/accounts/login/?next=/profile/"})
        assert answer["Location"] == "/accounts/login/?next=/profile/"
        assert self.language(browser, "/accounts/login/", **{"accept-language": "en"}) == "ko"

    def test_is_kept_from_scripts_wherever_it_is_chosen(self, browser: Client, account: Account) -> None:
        browser.post("/accounts/language/", {"language": "ko", "next": "/accounts/login/"})
        assert browser.cookies["tika_language"]["httponly"] is True
        sign_in(browser, account.email)
        save(browser, language="en")
        assert browser.cookies["tika_language"].value == "en"
        assert browser.cookies["tika_language"]["httponly"] is True

    def test_leads_nowhere_else(self, browser: Client) -> None:
        answer = browser.post("/accounts/language/", {"language": "ko", "next": "https://evil.example/"})
        assert answer["Location"] == "/"

    def test_of_one_reader_does_not_reach_the_next(self, mia: Person, browser: Client) -> None:
        save(mia.client, language="ko", timezone="Asia/Seoul")
        mia.client.get("/profile/")
        assert self.language(browser, "/accounts/login/") == "en"

    def test_varies_for_caches(self, browser: Client) -> None:
        assert "Accept-Language" in browser.get("/accounts/login/")["Vary"]


class TestStatements:
    """The way in asks the database nothing for strangers, and the API not twice who one is."""

    def statements(self, client: Any, path: str, **headers: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(path, headers=headers)
        return len([query for query in seen.captured_queries if not query["sql"].startswith(("BEGIN", "COMMIT"))])

    def test_of_a_stranger_at_sign_in(self, browser: Client) -> None:
        assert self.statements(browser, "/accounts/login/", **KOREAN) == 0

    def test_of_the_api(self, mia: Person) -> None:
        save(mia.client, language="ko", timezone="Asia/Seoul")
        assert self.statements(mia.session_api.client, f"/{mia.member.tenant_slug}/api/members") <= 3


def test_times_are_in_the_readers_zone(workspace: Workspace, mia: Person) -> None:
    mia.client.post(f"/{workspace.slug}/tokens/", {"name": "ci", "scope": "read", "life": "30"})
    save(mia.client, timezone="Asia/Seoul")
    assert "+09:00" in mia.client.get(f"/{workspace.slug}/tokens/").content.decode()
    save(mia.client, timezone="")
    assert "+09:00" not in mia.client.get(f"/{workspace.slug}/tokens/").content.decode()
