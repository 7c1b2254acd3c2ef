import pytest
from django.test import Client

from tenancy.models import User
from tests.cast import Workspace
from tests.tenancy.conftest import Account, is_signed_in, new_browser, new_email, sign_in


def test_an_account_signs_in_with_its_address_in_any_case(browser: Client, account: Account) -> None:
    answer = sign_in(browser, account.email.upper(), next="/profile/")
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")
    assert is_signed_in(browser)


def test_the_password_is_kept_as_argon2(account: Account) -> None:
    assert account.user.password.startswith("argon2$argon2id$")


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(browser: Client, account: Account) -> None:
    wrong = sign_in(browser, account.email, "not the password")
    unknown = sign_in(new_browser(), new_email(), "not the password")
    for answer in (wrong, unknown):
        assert answer.status_code == 200
        assert answer.context["form"].non_field_errors() == ["E-mail address and password do not match."]
    assert not is_signed_in(browser)


def test_the_typed_address_stays_after_an_error_and_the_password_does_not(browser: Client, account: Account) -> None:
    page = sign_in(browser, account.email, "not the password").content.decode()
    assert f'value="{account.email}"' in page
    assert "not the password" not in page


def test_guessing_is_stopped_even_for_the_right_password(account: Account) -> None:
    for _ in range(5):
        sign_in(new_browser(), account.email, "a guess")
    answer = sign_in(new_browser(), account.email)
    assert answer.context["form"].non_field_errors() == ["Too many attempts. Wait five minutes and try again."]


def test_one_address_may_not_try_without_end(browser: Client) -> None:
    statuses = {sign_in(browser, new_email(), "a guess").status_code for _ in range(31)}
    answer = sign_in(browser, new_email(), "a guess")
    assert statuses <= {200, 429}
    assert answer.status_code == 429
    assert "Too many attempts" in answer.content.decode()


def test_a_closed_account_does_not_get_in(browser: Client, account: Account) -> None:
    User.objects.filter(pk=account.user.pk).update(is_active=False)
    assert sign_in(browser, account.email)["Location"] == "/accounts/inactive/"
    assert browser.get("/accounts/inactive/").status_code == 200
    assert not is_signed_in(browser)


def test_closing_an_account_ends_its_sessions(browser: Client, account: Account) -> None:
    sign_in(browser, account.email)
    User.objects.filter(pk=account.user.pk).update(is_active=False)
    assert not is_signed_in(browser)


def test_an_account_made_in_the_shell_needs_no_mail_to_get_in(browser: Client) -> None:
    email = new_email()
    User.objects.create_user(email, "a password in the shell")
    sign_in(browser, email, "a password in the shell")
    assert is_signed_in(browser)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil"])
def test_sign_in_leads_nowhere_else(browser: Client, account: Account, elsewhere: str) -> None:
    assert sign_in(browser, account.email, next=elsewhere)["Location"] == "/"


def test_signing_out_needs_a_form_and_ends_the_session(browser: Client, account: Account) -> None:
    sign_in(browser, account.email)
    assert browser.get("/accounts/logout/").status_code == 200
    assert is_signed_in(browser)
    browser.post("/accounts/logout/")
    assert not is_signed_in(browser)


def test_a_page_sends_to_sign_in_and_back(browser: Client, workspace: Workspace) -> None:
    answer = browser.get(f"/{workspace.slug}/members/")
    assert answer["Location"] == f"/accounts/login/?next=/{workspace.slug}/members/"


def test_a_form_without_its_token_is_refused_with_a_page(account: Account) -> None:
    careful = new_browser(enforce_csrf_checks=True)
    answer = sign_in(careful, account.email)
    assert answer.status_code == 403
    assert "This page was open for too long" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/accounts/email/", "/accounts/reauthenticate/", "/accounts/login/code/confirm/", "/accounts/3rdparty/"]
)
def test_what_is_not_used_of_the_library_is_not_there(browser: Client, path: str) -> None:
    assert browser.get(path).status_code == 404
