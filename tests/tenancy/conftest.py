"""Browsers of strangers, and accounts made for one test."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tenancy.models import User
from tenancy.verbs import invitations, users
from tests.cast import PASSWORD, Person, Workspace


@dataclass(frozen=True)
class Account:
    user: User
    email: str
    password: str = PASSWORD


def new_email() -> str:
    return f"{secrets.token_hex(6)}@example.com"


def new_browser(**settings: Any) -> Client:
    """From an address of its own: the limits per address are shared by all tests."""
    return Client(REMOTE_ADDR=".".join(["10", *(str(byte) for byte in secrets.token_bytes(3))]), **settings)


def sign_in(browser: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return browser.post("/accounts/login/", {"login": email, "password": password, **more})


def sign_up(browser: Client, email: str, **more: str) -> Any:
    return browser.post("/accounts/signup/", {"name": "Noa", "email": email, "password1": PASSWORD, **more})


def is_signed_in(browser: Client) -> bool:
    return browser.get("/profile/").status_code == 200


def last_mail(to: str) -> Any:
    return [message for message in mail.outbox if message.to == [to]][-1]


def link_in(body: str) -> str:
    """The path of the one link that is not the start page."""
    links: list[str] = re.findall(r"https?://[^/\s]+(/\S+)", body)
    return links[0]


def secret_of(path: str) -> str:
    """Of an invitation's path."""
    return path.split("/")[2]


@pytest.fixture
def browser() -> Client:
    return new_browser()


@pytest.fixture
def new_account() -> Callable[[], Account]:
    def make() -> Account:
        email = new_email()
        return Account(users.create(email, name="Noa", password=PASSWORD), email)

    return make


@pytest.fixture
def account(new_account: Callable[[], Account]) -> Account:
    return new_account()


@pytest.fixture
def invitation(workspace: Workspace) -> Callable[..., str]:
    """The path of a new one, to Olga's workspace; `by` may be somebody else of it."""

    def make(role: str = "MEMBER", *, by: Person | None = None, **fields: Any) -> str:
        with workspace.told(by) as inviter:
            _row, secret = invitations.invite(role, **fields, by=inviter)
        return f"/invitations/{secret}/"

    return make
