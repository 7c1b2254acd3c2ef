import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tests.cast import PASSWORD, Person
from tests.tenancy.conftest import Account, is_signed_in, last_mail, link_in, new_browser, new_email, sign_in

NEW = "another walk in the snow"


def ask(browser: Client, email: str, **more: Any) -> Any:
    return browser.post("/accounts/password/reset/", {"email": email}, **more)


def open_link(browser: Client, email: str) -> str:
    """The address of the form behind the mailed link, which no longer carries the secret."""
    return str(browser.get(link_in(last_mail(email).body))["Location"])


class TestForgotten:
    def test_the_mailed_link_sets_a_new_password(self, browser: Client, account: Account) -> None:
        assert ask(browser, account.email)["Location"] == "/accounts/password/reset/done/"
        form = open_link(browser, account.email)
        assert form.endswith("-set-password/")
        done = browser.post(form, {"password1": NEW})
        assert "Your new password is set" in browser.get(done["Location"]).content.decode()
        assert sign_in(new_browser(), account.email).status_code == 200
        assert sign_in(browser, account.email, NEW).status_code == 302

    def test_the_link_works_once(self, browser: Client, account: Account) -> None:
        ask(browser, account.email)
        link = link_in(last_mail(account.email).body)
        browser.post(open_link(browser, account.email), {"password1": NEW})
        assert "This link no longer works" in new_browser().get(link).content.decode()

    def test_the_link_expires_after_a_day(self, browser: Client, account: Account, settings: Any) -> None:
        ask(browser, account.email)
        settings.PASSWORD_RESET_TIMEOUT = -1
        assert "This link no longer works" in browser.get(link_in(last_mail(account.email).body)).content.decode()

    def test_a_mangled_link_is_refused(self, browser: Client, account: Account) -> None:
        ask(browser, account.email)
        link = link_in(last_mail(account.email).body)
        for other in (link[:-2] + "x/", "/accounts/password/reset/key/zzzzzz-abc-def/"):
            assert "This link no longer works" in browser.get(other).content.decode()

    def test_an_unknown_address_is_answered_alike_and_told_by_mail(self, browser: Client, account: Account) -> None:
        unknown = new_email()
        answers = [ask(browser, unknown), ask(browser, account.email)]
        assert {(answer.status_code, answer["Location"]) for answer in answers} == {
            (302, "/accounts/password/reset/done/")
        }
        assert [message.to for message in mail.outbox] == [[unknown], [account.email]]
        assert last_mail(unknown).subject == "This address has no account"

    def test_a_forged_host_does_not_reach_the_mail(self, browser: Client, account: Account, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        settings.BASE_URL = "https://board.example.com"
        ask(browser, account.email, headers={"host": "evil.example"})
        assert "https://board.example.com/accounts/password/reset/key/" in last_mail(account.email).body
        assert "evil.example" not in last_mail(account.email).body

    def test_nobody_is_flooded_with_mail(self, account: Account) -> None:
        statuses = [ask(new_browser(), account.email).status_code for _ in range(7)]
        assert statuses == [302] * 5 + [429] * 2
        assert len(mail.outbox) == 5

    def test_a_mail_is_in_the_language_of_who_asks(self, browser: Client, account: Account) -> None:
        ask(browser, account.email, headers={"accept-language": "ko"})
        assert re.search("[가-힣]", last_mail(account.email).subject)

    def test_a_weak_password_is_refused_there_too(self, browser: Client, account: Account) -> None:
        ask(browser, account.email)
        answer = browser.post(open_link(browser, account.email), {"password1": "short"})
        assert "too short" in answer.context["form"].errors["password1"][0]


class TestChanged:
    def change(self, browser: Client, old: str = PASSWORD, new: str = NEW) -> Any:
        return browser.post("/accounts/password/change/", {"oldpassword": old, "password1": new})

    def test_other_browsers_are_signed_out_and_this_one_stays(self, browser: Client, account: Account) -> None:
        other = new_browser()
        for each in (browser, other):
            sign_in(each, account.email)
        assert self.change(browser)["Location"] == "/profile/"
        assert is_signed_in(browser)
        assert not is_signed_in(other)

    def test_the_sessions_of_the_api_end_too(self, olga: Person) -> None:
        assert olga.session_api.get("/api/members").status_code == 200
        olga.user.set_password(NEW)
        olga.user.save(update_fields=["password"])
        assert olga.session_api.get("/api/members").status_code == 401

    def test_the_present_password_is_asked_for(self, browser: Client, account: Account) -> None:
        sign_in(browser, account.email)
        answer = self.change(browser, old="a guess")
        assert answer.context["form"].errors["oldpassword"] == ["This is not your current password."]
        assert sign_in(new_browser(), account.email).status_code == 302

    @pytest.mark.parametrize("new", ["short", "1234567890123", ""])
    def test_a_weak_password_is_refused(self, browser: Client, account: Account, new: str) -> None:
        sign_in(browser, account.email)
        assert self.change(browser, new=new).context["form"].errors["password1"]

    def test_nobody_changes_it_without_being_signed_in(self, browser: Client) -> None:
        assert browser.get("/accounts/password/change/")["Location"].startswith("/accounts/login/")
        assert self.change(browser).status_code == 302
