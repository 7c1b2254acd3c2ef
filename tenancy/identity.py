"""Who asks, and in which workspace: one statement answers both and tells PostgreSQL."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils.crypto import constant_time_compare

TOKEN_PREFIX = "tika_pat_"  # noqa: S105 - a prefix, not a secret

IDENTITY_COLUMNS = (
    "user_id",
    "email",
    "password",
    "session_data",
    "language",
    "timezone",
    "theme",
    "tenant_id",
    "tenant_slug",
    "tenant_name",
    "member_id",
    "number",
    "name",
    "role",
    "token_id",
    "scope",
    "token_expires_at",
    "token_used_at",
)
# Takes `identify_parameters`. Tells the transaction tenant, actor and origin in the statement that finds them.
IDENTIFY_SQL = """
SELECT {columns},
       set_config('app.tenant_id', coalesce(i.tenant_id::text, ''), true),
       set_config('app.actor', CASE WHEN i.member_id IS NULL THEN '' WHEN i.token_id IS NULL
                                    THEN 'user:' || i.member_id ELSE 'token:' || i.member_id END, true),
       set_config('app.request_id', %s, true), set_config('app.ip', %s, true),
       set_config('app.user_agent', %s, true), set_config('app.reason', '', true)
FROM tenancy_identify(%s, %s, %s) i
""".format(columns=", ".join(f"i.{column}" for column in IDENTITY_COLUMNS))


@dataclass(frozen=True)
class Credentials:
    """What a request carries: one of session key and token digest, and the workspace it names (slug, uuid or "")."""

    session_key: str | None = None
    token_digest: bytes | None = None
    tenant: str = ""

    def __bool__(self) -> bool:
        return bool(self.session_key or self.token_digest)


@dataclass(frozen=True)
class Member:
    """A person in a workspace, as far as a request needs to know."""

    id: uuid.UUID
    number: int
    name: str
    role: str
    tenant_id: uuid.UUID
    tenant_slug: str
    tenant_name: str
    user_id: uuid.UUID
    email: str
    language: str
    timezone: str
    theme: str
    scope: str | None = None  # of the token; None for a session
    token_id: uuid.UUID | None = None
    token_expires_at: datetime | None = None
    token_used_at: datetime | None = field(default=None, compare=False)

    @property
    def actor_type(self) -> str:
        return "token" if self.token_id else "user"


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def bearer_digest(authorization: str) -> bytes | None:
    """The digest of a well-formed `Bearer tika_pat_...` header."""
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer" or not secret.startswith(TOKEN_PREFIX):
        return None
    return digest_of(secret.strip())


def identify_parameters(
    who: Credentials, *, request_id: str = "", ip: str | None = None, user_agent: str = ""
) -> list[Any]:
    return [request_id, ip or "", user_agent[:512], who.session_key, who.token_digest, who.tenant]


# The same three have the same answer for as long as the process has its key; working it out took longer than asking
# PostgreSQL for them.
@lru_cache(maxsize=2048)
def session_is_genuine(data: str, user_id: uuid.UUID, password: str) -> bool:
    """Whether the stored session belongs to this user and was made with the present password."""
    from tenancy.models import User
    from tenancy.sessions import SessionStore

    content = SessionStore().decode(data)
    if content.get(SESSION_KEY) != str(user_id) or not content.get(BACKEND_SESSION_KEY):
        return False
    expected = User(id=user_id, password=password).get_session_auth_hash()
    return constant_time_compare(str(content.get(HASH_SESSION_KEY, "")), expected)


def parse_identity(row: tuple[Any, ...] | None) -> tuple[Member | None, uuid.UUID | None]:
    """(member, user id): both None for nobody; the member alone None for a signed-in stranger to the workspace."""
    if row is None:
        return None, None
    found = dict(zip(IDENTITY_COLUMNS, row, strict=False))
    is_session = found["session_data"] is not None
    if is_session and not session_is_genuine(found["session_data"], found["user_id"], found["password"]):
        return None, None
    if found["member_id"] is None:
        return None, found["user_id"]
    names = ("number", "name", "role", "tenant_slug", "tenant_name", "email", "language", "timezone", "theme", "scope")
    known = {name: found[name] for name in names}
    return Member(
        id=found["member_id"],
        tenant_id=found["tenant_id"],
        user_id=found["user_id"],
        token_id=found["token_id"],
        token_expires_at=found["token_expires_at"],
        token_used_at=found["token_used_at"],
        **known,
    ), found["user_id"]
