"""Who asks: a token and a session of one member of the large workspace, as sign-in would have made them."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from bench.seed import Workspace
from tenancy.context import tenant_context
from tenancy.identity import TOKEN_PREFIX, digest_of
from tenancy.models import ApiToken, User
from tenancy.sessions import SessionStore

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECOND = 1  # the place in `Workspace.people` of a plain member


@dataclass(frozen=True)
class Caller:
    """The headers that say who asks; `path` stands before `/api/`."""

    name: str
    headers: str
    path: str = ""

    def request(self, method: str, path: str, body: bytes = b"", more: str = "") -> bytes:
        length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
        head = f"{method} {self.path}/api/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{self.headers}{more}{length}\r\n"
        return head.encode() + body


def by_token(space: Workspace) -> Caller:
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    member = space.people[SECOND]
    with tenant_context(space.id):
        ApiToken.objects.create(
            tenant_id=space.id,
            membership_id=member,
            name="bench",
            digest=digest_of(secret),
            scope="write",
            created_at=timezone.now(),
            expires_at=timezone.now() + timedelta(days=1),
        )
    return Caller("token", f"Authorization: Bearer {secret}\r\n")


def by_session(space: Workspace) -> Caller:
    key, csrf = sign_in(space), secrets.token_hex(16)
    headers = f"Cookie: sessionid={key}; csrftoken={csrf}\r\nX-CSRFToken: {csrf}\r\n"
    return Caller("session", headers, f"/{space.slug}")


def sign_in(space: Workspace) -> str:
    """The key of a fresh session."""
    user = User.objects.get(pk=space.users[SECOND])
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)
