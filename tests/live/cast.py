"""A workspace with Olga, who owns it, and Mia, a member; Zoe is of another one."""

import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from boards.models import Board, Column, Ticket
from boards.verbs import boards, tickets
from tenancy.context import Actor, tenant_context
from tenancy.identity import TOKEN_PREFIX, Member, digest_of
from tenancy.ids import uuid7
from tenancy.models import ApiToken, Membership, Session, Tenant, User
from tenancy.sessions import SessionStore


@dataclass
class Person:
    member: Member
    token: str
    token_id: uuid.UUID
    session: str

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def cookie(self) -> dict[str, str]:
        return {"Cookie": f"sessionid={self.session}"}


@dataclass
class Workspace:
    tenant: Tenant
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    @contextmanager
    def transaction(self, person: Person | None = None) -> Iterator[Member]:
        member = (person or self.people["olga"]).member
        with tenant_context(self.tenant.id, actor=Actor("user", str(member.id))):
            yield member

    def board(self, name: str = "Operations", **fields: Any) -> Board:
        with self.transaction() as olga:
            return boards.create(name, by=olga, **fields)

    def columns(self, board: Board) -> list[uuid.UUID]:
        with self.transaction():
            mine = Column.objects.filter(tenant_id=self.tenant.id, board=board)
            return list(mine.order_by("rank").values_list("id", flat=True))

    def ticket(self, board: Board, title: str = "Pay page fails") -> uuid.UUID:
        with self.transaction() as olga:
            return tickets.create(tickets.Draft(title=title, board=board.id), by=olga)

    def fill(self, board: Board, count: int) -> None:
        """Many tickets in one statement."""
        column = self.columns(board)[0]
        with self.transaction():
            Ticket.objects.bulk_create(
                Ticket(
                    tenant_id=self.tenant.id,
                    board=board,
                    column_id=column,
                    number=10_000 + number,
                    title=f"Ticket {number} " + "x" * 60,
                    rank=f"a{number:05d}",
                    created_at=timezone.now(),
                    updated_at=timezone.now(),
                )
                for number in range(count)
            )

    def version(self, board: Board) -> int:
        with self.transaction():
            return Board.objects.filter(pk=board.pk).values_list("version", flat=True).get()

    def change(self, what: Callable[[], Any]) -> Any:
        with self.transaction():
            return what()


def open_workspace(**roles: str) -> Workspace:
    """`open_workspace(olga="OWNER", mia="MEMBER")`"""
    tenant = Tenant(name="Acme", slug=f"acme-{secrets.token_hex(6)}")
    workspace = Workspace(tenant)
    users = {name: User.objects.create_user(f"{name}-{secrets.token_hex(6)}@example.com") for name in roles}
    with tenant_context(tenant.id):
        tenant.save(force_insert=True)
        for number, (name, role) in enumerate(roles.items(), start=1):
            membership = Membership.objects.create(
                tenant=tenant, user=users[name], number=number, name=name.title(), role=role
            )
            workspace.people[name] = enter(workspace, membership, users[name])
    return workspace


def enter(workspace: Workspace, membership: Membership, user: User) -> Person:
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        tenant=workspace.tenant, membership=membership, name="tests", digest=digest_of(secret), scope="write"
    )
    member = Member(
        id=membership.id,
        number=membership.number,
        name=membership.name,
        role=membership.role,
        tenant_id=workspace.tenant.id,
        tenant_slug=workspace.tenant.slug,
        tenant_name=workspace.tenant.name,
        user_id=user.id,
        email=user.email,
        language="",
        timezone="",
        theme="auto",
    )
    return Person(member, secret, token.id, sign_in(user))


def sign_in(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    assert Session.objects.filter(session_key=session.session_key, user_id=user.pk).exists()
    assert session.session_key is not None
    return session.session_key


def nobody_knows() -> uuid.UUID:
    return uuid7()
