from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from tenancy.models import User
from tests.cast import threads
from tests.tenancy.conftest import (
    Account,
    is_signed_in,
    last_mail,
    link_in,
    new_browser,
    new_email,
    sign_in,
    sign_up,
)


def test_a_new_account_gets_in_by_the_link_in_its_mail(browser: Client) -> None:
    email = new_email()
    assert sign_up(browser, email, next="/profile/")["Location"] == "/accounts/confirm-email/"
    assert browser.get("/accounts/confirm-email/").status_code == 200
    assert not is_signed_in(browser)
    link = link_in(last_mail(email).body)
    assert email in browser.get(link).content.decode()
    assert browser.post(link)["Location"] == "/profile/"
    assert is_signed_in(browser)
    assert User.objects.get(email=email).name == "Noa"


def test_another_browser_with_the_link_confirms_but_is_not_let_in(browser: Client) -> None:
    email = new_email()
    sign_up(browser, email)
    other = new_browser()
    other.post(link_in(last_mail(email).body))
    assert not is_signed_in(other)
    assert EmailAddress.objects.get(email=email).verified
    sign_in(other, email)
    assert is_signed_in(other)


def test_an_unconfirmed_account_is_sent_its_mail_again_at_sign_in(browser: Client) -> None:
    email = new_email()
    sign_up(browser, email)
    assert sign_in(new_browser(), email)["Location"] == "/accounts/confirm-email/"


def test_a_confirmation_works_once(browser: Client) -> None:
    email = new_email()
    sign_up(browser, email)
    link = link_in(last_mail(email).body)
    browser.post(link)
    assert "This link no longer works" in new_browser().get(link).content.decode()
    assert new_browser().post(link).status_code == 404


def test_a_known_address_is_answered_as_a_new_one_and_told_by_mail(browser: Client, account: Account) -> None:
    new, known = new_email(), account.email
    answers = [sign_up(new_browser(), new), sign_up(browser, known)]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/accounts/confirm-email/")}
    pages = [new_browser().get("/accounts/confirm-email/").content for _ in answers]
    assert len(pages[0]) == len(pages[1])
    assert last_mail(known).subject == "You already have an account"
    assert User.objects.filter(email=known).count() == 1


def test_two_sign_ups_with_one_address_make_one_account() -> None:
    email = new_email()
    browsers = [new_browser() for _ in range(4)]
    answers = threads(4, lambda number: sign_up(browsers[number], email))
    assert {answer.status_code for answer in answers} == {302}
    assert User.objects.filter(email=email).count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("password1", "short", "This password is too short."),
        ("password1", "password123", "This password is too common."),
        ("email", "no address", "Enter a valid email address."),
        ("email", "a\x00b@example.com", "Enter a valid email address."),
        ("name", "", "This field is required."),
        ("name", "x" * 101, "Ensure this value has at most 100 characters"),
    ],
)
def test_a_form_with_an_error_says_so_at_the_field(browser: Client, field: str, value: str, sentence: str) -> None:
    answer = sign_up(browser, **{"email": new_email(), field: value})
    assert answer.status_code == 200
    assert sentence in answer.context["form"].errors[field][0]
    assert 'value="Noa"' in answer.content.decode() or field == "name"


def test_a_password_like_the_address_is_refused(browser: Client) -> None:
    answer = sign_up(browser, "longwalkintherain@example.com", password1="longwalkintherain")
    assert "too similar" in answer.context["form"].errors["password1"][0]


def test_a_mail_takes_its_links_from_the_settings_not_from_the_request(browser: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.BASE_URL = "https://board.example.com"
    email = new_email()
    browser.post(
        "/accounts/signup/",
        {"name": "Noa", "email": email, "password1": "a long walk"},
        headers={"host": "evil.example"},
    )
    body = last_mail(email).body
    assert "https://board.example.com/accounts/confirm-email/" in body
    assert "evil.example" not in body + last_mail(email).subject


def test_a_mail_server_that_is_away_is_said_and_is_no_error(browser: Client) -> None:
    email = new_email()
    with mock.patch("tenancy.mail.send_mail", side_effect=ConnectionRefusedError):
        answer = sign_up(browser, email)
    assert answer.status_code == 302
    assert "The mail could not be sent" in browser.get(answer["Location"]).content.decode()


class TestByInvitation:
    @pytest.fixture(autouse=True)
    def _no_mail_leaves(self, settings: Any) -> None:
        settings.MAIL_LEAVES = False

    def test_where_no_mail_leaves_the_invited_get_in_at_once(
        self, browser: Client, invitation: Callable[..., str]
    ) -> None:
        email, path = new_email(), invitation()
        assert sign_up(browser, email, next=path)["Location"] == path
        assert is_signed_in(browser)
        browser.post("/accounts/logout/")
        sign_in(browser, email)
        assert is_signed_in(browser)

    def test_with_mail_they_confirm_like_everybody(
        self, browser: Client, invitation: Callable[..., str], settings: Any
    ) -> None:
        settings.MAIL_LEAVES = True
        sign_up(browser, new_email(), next=invitation())
        assert not is_signed_in(browser)

    def test_an_invitation_for_another_address_is_no_shortcut(
        self, browser: Client, invitation: Callable[..., str]
    ) -> None:
        sign_up(browser, new_email(), next=invitation(email=new_email()))
        assert not is_signed_in(browser)

    def test_a_made_up_invitation_is_no_shortcut(self, browser: Client) -> None:
        sign_up(browser, new_email(), next=f"/invitations/{'x' * 43}/")
        assert not is_signed_in(browser)

    def test_the_invited_are_told_that_they_have_an_account(
        self, browser: Client, invitation: Callable[..., str], account: Account
    ) -> None:
        answer = sign_up(browser, account.email, next=invitation())
        assert answer.context["form"].errors["email"] == [
            "There is an account with this address already. Sign in instead."
        ]
        assert not mail.outbox

    def test_a_closed_installation_takes_only_the_invited(
        self, browser: Client, invitation: Callable[..., str], settings: Any
    ) -> None:
        settings.SIGNUP_IS_OPEN = False
        email = new_email()
        assert "By invitation only" in browser.get("/accounts/signup/").content.decode()
        assert "By invitation only" in sign_up(browser, email).content.decode()
        assert not User.objects.filter(email=email).exists()
        sign_up(browser, email, next=invitation())
        assert is_signed_in(browser)
