"""Who plays in the tests: Olga, Adam, Mia and Vic of one workspace, and Zoe, who owns another.

Everything is committed, as in production, and belongs to the one test that asked for it.
"""

import functools
import os
import secrets
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client

from audit.verbs import operators
from boards.models import Column
from boards.verbs import boards, labels, tickets
from tenancy.context import Actor, tenant_context
from tenancy.identity import TOKEN_PREFIX, Member, digest_of
from tenancy.models import ApiToken, Membership, Tenant, User
from tenancy.operators import OPERATORS_ID
from tenancy.sessions import SessionStore
from tenancy.verbs.members import as_member

PASSWORD = "a long walk in the rain"
ROLES = {"olga": "OWNER", "adam": "ADMIN", "mia": "MEMBER", "vic": "VIEWER"}


@functools.cache
def password_hash() -> str:
    """Argon2 takes its time, so everybody has the same password."""
    return make_password(PASSWORD)


@dataclass(frozen=True)
class Api:
    """`api.post("/api/tickets", {...}, **{"If-Match": '"3"'})`; `headers` go with every request."""

    client: Client
    headers: dict[str, str] = field(default_factory=dict)
    prefix: str = ""

    def call(self, method: str, path: str, json: Any = None, **headers: str) -> Any:
        given: dict[str, Any] = {"headers": {**self.headers, **headers}}
        if json is not None:
            given |= {"data": json, "content_type": "application/json"}
        return getattr(self.client, method)(self.prefix + path, **given)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("get", path, **headers)

    def post(self, path: str, json: Any = None, **headers: str) -> Any:
        return self.call("post", path, {} if json is None else json, **headers)

    def put(self, path: str, json: Any = None, **headers: str) -> Any:
        return self.call("put", path, {} if json is None else json, **headers)

    def patch(self, path: str, json: Any = None, **headers: str) -> Any:
        return self.call("patch", path, {} if json is None else json, **headers)

    def delete(self, path: str, json: Any = None, **headers: str) -> Any:
        return self.call("delete", path, json, **headers)

    def upload(self, path: str, file: Any, **headers: str) -> Any:
        """As multipart/form-data, in the field `file`."""
        return self.client.post(self.prefix + path, {"file": file}, headers={**self.headers, **headers})

    def raw(self, method: str, path: str, body: bytes, content_type: str = "application/json", **headers: str) -> Any:
        given = {**self.headers, **headers}
        return self.client.generic(method.upper(), self.prefix + path, body, content_type, headers=given)


@dataclass(frozen=True)
class Person:
    """`api` speaks by a token with scope write, `read_api` by one with scope read, `session_api` and `client` by a
    browser's session (`client` for pages)."""

    user: User
    member: Member
    token: str
    read_token: str
    session_key: str
    client: Client

    @property
    def api(self) -> Api:
        return Api(Client(), {"Authorization": f"Bearer {self.token}"})

    @property
    def read_api(self) -> Api:
        return Api(Client(), {"Authorization": f"Bearer {self.read_token}"})

    @property
    def session_api(self) -> Api:
        return Api(self.client, prefix=f"/{self.member.tenant_slug}")

    @property
    def id(self) -> uuid.UUID:
        return self.member.id


@dataclass(frozen=True)
class Workspace:
    tenant: Tenant
    people: dict[str, Person]

    @property
    def id(self) -> uuid.UUID:
        return self.tenant.id

    @property
    def slug(self) -> str:
        return self.tenant.slug

    @property
    def owner(self) -> Person:
        return next(iter(self.people.values()))

    @contextmanager
    def told(self, person: Person | None = None) -> Iterator[Member]:
        """A transaction of this workspace in which `person`, its owner by default, acts."""
        member = (person or self.owner).member
        with tenant_context(self.id, actor=Actor("user", str(member.id))):
            yield member

    def board(self, name: str = "Operations", *, by: Person | None = None, **fields: Any) -> "Scene":
        """A board with Tika's own columns, two labels and no ticket."""
        with self.told(by) as member:
            made = boards.create(name, by=member, **fields)
            columns = Column.objects.filter(tenant_id=self.id, board_id=made.pk).order_by("rank")
            named = dict(columns.values_list("category", "id"))
            marks = [
                labels.create(made.pk, name=text, colour=colour, by=member).pk
                for text, colour in (("bug", "red"), ("결제", "blue"))
            ]
        return Scene(self, made.pk, made.key, named, marks)


@dataclass(frozen=True)
class Scene:
    """A board: `columns` by category ("backlog", "todo", "in_progress", "done"), `labels` and `tickets` in order."""

    workspace: Workspace
    id: uuid.UUID
    key: str
    columns: dict[str, uuid.UUID]
    labels: list[uuid.UUID]
    tickets: list[uuid.UUID] = field(default_factory=list)

    def ticket(self, title: str = "Pay page fails", column: str = "todo", **fields: Any) -> uuid.UUID:
        """Made by the owner; `fields` are those of `boards.verbs.tickets.Draft`."""
        draft = tickets.Draft(title=title, column=self.columns[column], **fields)
        with self.workspace.told() as owner:
            self.tickets.append(tickets.create(draft, by=owner))
        return self.tickets[-1]

    @property
    def version(self) -> int:
        query = "SELECT version FROM boards_board WHERE id = %s"
        return int(run_sql(query, [self.id], tenant=self.workspace.id)[0][0])


def make_workspace(name: str = "Acme", **roles: str) -> Workspace:
    """`make_workspace(olga="OWNER")`: committed, with an address nobody else has."""
    mark = secrets.token_hex(6)
    tenant = Tenant(name=name, slug=f"{name.lower()}-{mark}")
    people: dict[str, Person] = {}
    with tenant_context(tenant.id):
        tenant.member_count = len(roles)
        tenant.save(force_insert=True)
        for number, (person, role) in enumerate(roles.items(), start=1):
            email = f"{person}-{mark}@example.com"
            user = User.objects.create(email=email, name=person.title(), password=password_hash())
            people[person] = enter(tenant, user, number, role)
    return Workspace(tenant, people)


def enter(tenant: Tenant, user: User, number: int, role: str) -> Person:
    """Inside a transaction of the tenant: a membership, two tokens and a session."""
    row = Membership.objects.create(tenant=tenant, user=user, number=number, name=user.name, role=role)
    return armed(as_member(row, tenant=tenant, user=user), user)


def make_operator(level: str = "viewer") -> Person:
    """Somebody new who may use the console; `person.client` asks for pages, `person.api` with a token."""
    email = f"{level}-{secrets.token_hex(6)}@example.com"
    with tenant_context(OPERATORS_ID):
        user = User.objects.create(email=email, name=f"{level.title()} Ops", password=password_hash())
        operators.grant(user, level, by=None)
        row = Membership.objects.get(tenant_id=OPERATORS_ID, user=user)
        return armed(as_member(row, tenant=Tenant.objects.get(pk=OPERATORS_ID), user=user), user)


def armed(member: Member, user: User) -> Person:
    token, read_token = issue_token(member, "write"), issue_token(member, "read")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key = str(session.session_key)
    return Person(user, member, token, read_token, key, client)


def issue_token(member: Member, scope: str, **fields: Any) -> str:
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = {"name": f"{scope} token", "digest": digest_of(secret), "scope": scope, **fields}
    ApiToken.objects.create(tenant_id=member.tenant_id, membership_id=member.id, **row)
    return secret


def run_sql(
    query: str, parameters: Sequence[Any] | dict[str, Any] = (), *, tenant: uuid.UUID | None = None, role: str = "app"
) -> list[tuple[Any, ...]]:
    """The rows of a statement, run on a connection of its own and committed.

    `role` is app, worker, migrator (as the owner) or superuser; `tenant` is told first.
    """
    with connect(role) as own, own.transaction():
        if tenant is not None:
            own.execute("SELECT set_config('app.tenant_id', %s, true)", [str(tenant)])
        cursor = own.execute(query.encode(), parameters or None)
        return cursor.fetchall() if cursor.description else []


def connect(role: str = "app") -> "psycopg.Connection[tuple[Any, ...]]":
    names = {"app": "DATABASE_URL", "superuser": "TIKA_SUPERUSER_URL"}
    options = {"options": "-c role=tika_owner"} if role == "migrator" else {}
    url = os.environ[names.get(role, f"DATABASE_URL_{role.upper()}")]
    return psycopg.connect(url, autocommit=True, prepare_threshold=None, **options)  # type: ignore[arg-type]


def threads(count: int, work: Callable[[int], Any]) -> list[Any]:
    """What `work(0)`, `work(1)`, ... answer, begun at once; the first failure is raised."""
    together = threading.Barrier(count)

    def one(number: int) -> Any:
        try:
            together.wait(30)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace("Acme", **ROLES)


@pytest.fixture
def other() -> Workspace:
    """Zoe's, with nobody in common."""
    return make_workspace("Zoo", zoe="OWNER")


@pytest.fixture
def olga(workspace: Workspace) -> Person:
    return workspace.people["olga"]


@pytest.fixture
def adam(workspace: Workspace) -> Person:
    return workspace.people["adam"]


@pytest.fixture
def mia(workspace: Workspace) -> Person:
    return workspace.people["mia"]


@pytest.fixture
def vic(workspace: Workspace) -> Person:
    return workspace.people["vic"]


@pytest.fixture
def zoe(other: Workspace) -> Person:
    return other.people["zoe"]


def furnish(workspace: Workspace) -> Scene:
    """Two tickets to do, one in progress with a label and its owner on it, one done."""
    scene = workspace.board()
    scene.ticket("Pay page fails")
    scene.ticket("카드결제오류", description="결제 창이 **닫힙니다**.")
    scene.ticket("Renew the certificate", "in_progress", labels=[scene.labels[0]], assignees=[workspace.owner.id])
    scene.ticket("Move to the new host", "done")
    return scene


@pytest.fixture
def board(workspace: Workspace) -> Scene:
    return furnish(workspace)


@pytest.fixture
def other_board(other: Workspace) -> Scene:
    return furnish(other)
