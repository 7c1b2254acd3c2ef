import re
import secrets
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tenancy.models import User
from tenancy.verbs import members
from tests.cast import Api, Person, Workspace, run_sql
from tests.tenancy.conftest import Account, is_signed_in, new_email, sign_in


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def make_workspace(owner: str, slug: str) -> str:
    return run("create_workspace", "--name", "Operations", "--slug", slug, "--owner", owner)


@pytest.fixture
def slug() -> str:
    return f"ops-{secrets.token_hex(6)}"


class TestCreateWorkspace:
    def test_for_a_new_owner_prints_a_password_that_opens_it(self, browser: Client, slug: str) -> None:
        email = new_email()
        printed = make_workspace(email, slug)
        password = re.findall(rf"Password of {email}: (\S+)", printed)[0]
        sign_in(browser, email, password)
        assert browser.get("/")["Location"] == f"/{slug}/"

    def test_a_new_owner_is_called_after_the_address(self, slug: str) -> None:
        make_workspace(email := f"ann.lee@{slug}.example.com", slug)
        tenant = run_sql("SELECT tenancy_id_of(%s)", [slug])[0][0]
        assert run_sql("SELECT name FROM tenancy_membership", tenant=tenant) == [("Ann Lee",)]
        assert User.objects.get(email=email).name == "Ann Lee"

    def test_for_a_known_owner_prints_no_password(self, account: Account, slug: str) -> None:
        assert "Password" not in make_workspace(account.email.upper(), slug)

    def test_is_logged_as_the_operators(self, account: Account, slug: str) -> None:
        make_workspace(account.email, slug)
        tenant = run_sql("SELECT tenancy_id_of(%s)", [slug])[0][0]
        actors = run_sql("SELECT DISTINCT actor_type, actor_id FROM audit_entry", tenant=tenant)
        assert actors == [("system", "manage.py create_workspace")]

    def test_that_fails_leaves_no_account(self, other: Workspace) -> None:
        email = new_email()
        with pytest.raises(CommandError, match="Another workspace has this address"):
            make_workspace(email, other.slug)
        assert not User.objects.filter(email=email).exists()


class TestCreateToken:
    def test_prints_the_token_and_nothing_else(self, workspace: Workspace, mia: Person) -> None:
        printed = run("create_token", "--email", mia.user.email, "--workspace", workspace.slug, "--scopes", "write")
        assert re.fullmatch(r"tika_pat_[\w-]{43}\n", printed)
        api = Api(Client(), {"Authorization": f"Bearer {printed.strip()}"})
        assert api.get("/api/members").status_code == 200

    @pytest.mark.parametrize(("scopes", "scope"), [("read", "read"), ("write", "write"), ("read,write", "write")])
    def test_takes_the_scopes(self, workspace: Workspace, mia: Person, scopes: str, scope: str) -> None:
        here = ("--email", mia.user.email, "--workspace", workspace.slug, "--name", "mine")
        run("create_token", *here, "--scopes", scopes)
        found = run_sql("SELECT scope FROM tenancy_apitoken WHERE name = 'mine'", tenant=workspace.id)
        assert found == [(scope,)]

    def test_is_logged_as_the_operators(self, workspace: Workspace, mia: Person) -> None:
        run("create_token", "--email", mia.user.email, "--workspace", workspace.slug)
        query = "SELECT actor_type, actor_id FROM audit_entry WHERE resource = 'token' ORDER BY at DESC LIMIT 1"
        assert run_sql(query, tenant=workspace.id) == [("system", "manage.py create_token")]

    @pytest.mark.parametrize(
        ("who", "where", "sentence"),
        [("mia", "no-such-workspace", "There is no workspace"), ("zoe", "acme", "is not a member")],
    )
    def test_refuses_in_a_sentence(
        self, workspace: Workspace, mia: Person, zoe: Person, who: str, where: str, sentence: str
    ) -> None:
        email = {"mia": mia, "zoe": zoe}[who].user.email
        with pytest.raises(CommandError, match=sentence):
            run("create_token", "--email", email, "--workspace", workspace.slug if where == "acme" else where)

    @pytest.mark.parametrize("more", [("--scopes", "all"), ("--expires-days", "-1"), ("--expires-days", "99999999999")])
    def test_refuses_nonsense(self, workspace: Workspace, mia: Person, more: Any) -> None:
        with pytest.raises(CommandError):
            run("create_token", "--email", mia.user.email, "--workspace", workspace.slug, *more)

    def test_never_for_who_was_taken_out(self, workspace: Workspace, mia: Person) -> None:
        with workspace.told() as olga:
            members.deactivate(mia.id, by=olga)
        with pytest.raises(CommandError, match="is not a member"):
            run("create_token", "--email", mia.user.email, "--workspace", workspace.slug)


class TestCreateUser:
    def test_prints_a_password_that_signs_in(self, browser: Client) -> None:
        email = new_email()
        password = re.findall(r"password: (\S+)", run("create_user", "--email", email, "--name", "Noa"))[0]
        sign_in(browser, email, password)
        assert is_signed_in(browser)

    def test_takes_a_given_password_and_does_not_print_it(self, browser: Client) -> None:
        email = new_email()
        assert "a walk by the sea" not in run("create_user", "--email", email, "--password", "a walk by the sea")
        sign_in(browser, email, "a walk by the sea")
        assert is_signed_in(browser)

    def test_refuses_an_address_twice_or_malformed(self, account: Account) -> None:
        for more in ((), ("--password", "a walk by the sea")):
            with pytest.raises(CommandError, match="an account with this address"):
                run("create_user", "--email", account.email, *more)
        with pytest.raises(CommandError, match="valid email"):
            run("create_user", "--email", "nobody")
