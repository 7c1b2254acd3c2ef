"""What mails say, in the language of who reads them."""

import re

from django.core import mail
from django.test import Client

from tests.cast import Person, Workspace
from tests.tenancy.conftest import Account, last_mail, new_browser, new_email, sign_up

KOREAN = {"accept-language": "ko"}


def korean(to: str) -> str:
    """Subject and text, which hold no word of another language."""
    message = last_mail(to)
    text = f"{message.subject}\n{message.body}"
    assert re.findall(r"[A-Za-z]{2,}", re.sub(r"\S+@\S+|https?://\S+|\bTika\b", "", text)) == []
    return text


def test_an_invitation_is_korean(workspace: Workspace, olga: Person) -> None:
    email = new_email()
    form = {"role": "MEMBER", "email": email}
    assert olga.client.post(f"/{workspace.slug}/invitations/", form, headers=KOREAN).status_code == 200
    message = last_mail(email)
    assert message.subject == "Olga 님이 ‘Acme’ 워크스페이스에 초대했습니다"
    assert "링크는 7일 안에 한 번, 받는 분만 쓸 수 있습니다." in message.body


def test_a_new_password_is_offered_in_korean(browser: Client, account: Account) -> None:
    browser.post("/accounts/password/reset/", {"email": account.email}, headers=KOREAN)
    assert "새 비밀번호를 요청했습니다" in korean(account.email)


def test_an_unknown_address_is_told_in_korean(browser: Client) -> None:
    email = new_email()
    browser.post("/accounts/password/reset/", {"email": email}, headers=KOREAN)
    assert "이 주소로 만든 계정이 없습니다" in korean(email)


def test_a_new_account_is_confirmed_in_korean() -> None:
    email = new_email()
    sign_up(new_browser(headers=KOREAN), email)
    assert "이메일 주소를 확인해 주세요" in korean(email)


def test_who_has_an_account_already_is_told_in_korean(account: Account) -> None:
    sign_up(new_browser(headers=KOREAN), account.email)
    assert "이미 계정이 있습니다" in korean(account.email)


def test_the_language_its_reader_has_set_wins(browser: Client, account: Account) -> None:
    account.user.language = "ko"
    account.user.save(update_fields=["language"])
    browser.post("/accounts/password/reset/", {"email": account.email}, headers={"accept-language": "en"})
    korean(account.email)
    assert len(mail.outbox) == 1
