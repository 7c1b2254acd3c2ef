import secrets
from typing import Any

import pytest
from django.test import Client

from tenancy.errors import Invalid
from tenancy.models.tenant import RESERVED_SLUGS
from tenancy.verbs import members, workspaces
from tests.cast import Person, Workspace, run_sql, threads
from tests.tenancy.conftest import Account, new_email, sign_in


def new_slug() -> str:
    return f"team-{secrets.token_hex(6)}"


class TestMaking:
    def test_makes_its_maker_the_owner_with_number_one(self, account: Account) -> None:
        owner = workspaces.create("Operations", slug := new_slug(), by=account.user)
        assert (owner.role, owner.number, owner.name, owner.tenant_slug) == ("OWNER", 1, "Noa", slug)
        assert run_sql("SELECT member_count FROM tenancy_tenant", tenant=owner.tenant_id) == [(1,)]

    def test_is_the_first_thing_in_its_log(self, account: Account) -> None:
        owner = workspaces.create("Operations", new_slug(), by=account.user)
        logged = run_sql("SELECT action, resource, actor_id FROM audit_entry ORDER BY at", tenant=owner.tenant_id)
        assert logged == [("CREATE", "workspace", str(owner.id)), ("CREATE", "member", str(owner.id))]

    @pytest.mark.parametrize(
        ("name", "slug"),
        [("Platform Ops", "platform-ops"), ("관제 팀", "workspace"), ("Setup", "setup-2"), ("--", "workspace")],
    )
    def test_takes_its_address_from_its_name(self, account: Account, name: str, slug: str) -> None:
        made = workspaces.create(name, by=account.user)
        assert made.tenant_slug == slug or made.tenant_slug.startswith(f"{slug.removesuffix('-2')}-")

    def test_of_two_with_one_address_the_second_is_refused_at_the_field(self, account: Account) -> None:
        slug = new_slug()

        def make(_number: int) -> Any:
            try:
                return workspaces.create("Operations", slug, by=account.user)
            except Invalid as refusal:
                return refusal.details[0]["field"]

        answers = threads(3, make)
        assert sorted(answer == "slug" for answer in answers) == [False, True, True]

    @pytest.mark.parametrize(
        "slug", [*sorted(RESERVED_SLUGS)[:4], "A b", "-x", "x-", "ü", "x" * 51, "a/b", "..", "a\nb"]
    )
    def test_takes_no_address_that_means_something_else_or_cannot_be_one(self, account: Account, slug: str) -> None:
        with pytest.raises(Invalid) as refused:
            workspaces.create("Operations", slug, by=account.user)
        assert refused.value.details[0]["field"] == "slug"

    def test_half_done_leaves_nothing(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tenancy.models.Membership.save", lambda *_, **__: 1 / 0)
        slug = new_slug()
        with pytest.raises(ZeroDivisionError):
            workspaces.create("Operations", slug, by=account.user)
        assert workspaces.id_of(slug) is None


class TestThePages:
    def test_make_a_workspace_and_list_it(self, browser: Client, account: Account) -> None:
        sign_in(browser, account.email)
        slug = new_slug()
        answer = browser.post("/workspaces/new", {"name": "Operations", "slug": slug.upper()})
        assert answer["Location"] == f"/{slug}/"
        page = browser.get("/workspaces/").content.decode()
        assert f"/{slug}/" in page and "Owner" in page

    def test_say_at_the_field_that_the_address_is_taken(
        self, browser: Client, account: Account, other: Workspace
    ) -> None:
        sign_in(browser, account.email)
        answer = browser.post("/workspaces/new", {"name": "Operations", "slug": other.slug})
        assert answer.status_code == 422
        assert answer.context["form"].errors["slug"] == ["Another workspace has this address."]
        assert 'value="Operations"' in answer.content.decode()

    def test_tell_a_person_without_any_what_to_do(self, browser: Client, account: Account) -> None:
        sign_in(browser, account.email)
        assert browser.get("/")["Location"] == "/workspaces/"
        assert "You are not in a workspace yet" in browser.get("/workspaces/").content.decode()

    @pytest.mark.parametrize("path", ["/workspaces/", "/workspaces/new", "/profile/"])
    def test_are_for_people_who_are_signed_in(self, browser: Client, path: str) -> None:
        assert browser.get(path)["Location"] == f"/accounts/login/?next={path}"

    def test_lead_to_the_workspace_one_saw_last(self, workspace: Workspace, other: Workspace, olga: Person) -> None:
        with other.told():
            members.add(other.id, name="Olga", user=olga.user)
        assert olga.client.get("/")["Location"] == f"/{workspace.slug}/"
        olga.client.get(f"/{other.slug}/members/")
        assert olga.client.get("/")["Location"] == f"/{other.slug}/"
        olga.client.cookies["tika_workspace"] = "somebody-elses"
        assert olga.client.get("/")["Location"] == f"/{workspace.slug}/"


class TestSettings:
    def test_change_name_and_address(self, workspace: Workspace, adam: Person) -> None:
        slug = new_slug()
        answer = adam.client.post(f"/{workspace.slug}/settings/", {"name": "Acme Labs", "slug": slug})
        assert answer["Location"] == f"/{slug}/settings/"
        assert 'value="Acme Labs"' in adam.client.get(f"/{slug}/settings/").content.decode()
        assert adam.client.get(f"/{workspace.slug}/settings/").status_code == 404

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [
            ({"slug": ""}, "This field is required."),
            ({"slug": "profile"}, "“profile” is reserved. Choose another address."),
            ({"slug": "a b"}, "Use lowercase letters, digits and hyphens."),
            ({"name": " "}, "This field is required."),
        ],
    )
    def test_refuse_at_the_field(self, workspace: Workspace, olga: Person, sent: dict[str, str], sentence: str) -> None:
        answer = olga.client.post(f"/{workspace.slug}/settings/", {"name": "Acme", "slug": workspace.slug, **sent})
        assert answer.status_code == 422
        assert [sentence] in answer.context["form"].errors.values()

    def test_do_not_take_the_address_of_another(self, workspace: Workspace, olga: Person, other: Workspace) -> None:
        answer = olga.client.post(f"/{workspace.slug}/settings/", {"name": "Acme", "slug": other.slug})
        assert answer.context["form"].errors["slug"] == ["Another workspace has this address."]

    @pytest.mark.parametrize("who", ["mia", "vic"])
    def test_are_for_admins(self, workspace: Workspace, who: str) -> None:
        client = workspace.people[who].client
        assert client.get(f"/{workspace.slug}/settings/").status_code == 403
        assert client.post(f"/{workspace.slug}/settings/", {"name": "X", "slug": new_slug()}).status_code == 403

    def test_saved_unchanged_log_nothing(self, workspace: Workspace, olga: Person) -> None:
        olga.client.post(f"/{workspace.slug}/settings/", {"name": "Acme", "slug": workspace.slug})
        query = "SELECT count(*) FROM audit_entry WHERE resource = 'workspace' AND action = 'UPDATE'"
        assert run_sql(query, tenant=workspace.id) == [(0,)]


class TestTheFirstVisitor:
    """The test database is never empty: here "empty" means that the one address has no workspace yet."""

    @pytest.fixture
    def slug(self, monkeypatch: pytest.MonkeyPatch) -> str:
        slug = new_slug()
        monkeypatch.setattr("tenancy.bootstrap.is_empty", lambda: workspaces.id_of(slug) is None)
        return slug

    def form(self, slug: str, **more: str) -> dict[str, str]:
        person = {"owner": "Noa", "email": new_email(), "password": "a long walk in the rain"}
        return {**person, "name": "Operations", "slug": slug, **more}

    def test_is_led_to_make_the_first_workspace_and_owns_it(self, browser: Client, slug: str) -> None:
        assert browser.get("/")["Location"] == "/setup/"
        assert browser.get("/setup/").status_code == 200
        assert browser.post("/setup/", self.form(slug))["Location"] == f"/{slug}/"
        page = browser.get(f"/{slug}/members/")
        assert page.status_code == 200 and page.context["member"].role == "OWNER"

    def test_is_the_only_one(self, browser: Client, slug: str) -> None:
        browser.post("/setup/", self.form(slug))
        assert browser.get("/setup/").status_code == 404
        assert browser.post("/setup/", self.form(new_slug())).status_code == 404
        assert Client().get("/")["Location"] == "/accounts/login/"

    def test_is_one_even_if_many_come_at_once(self, slug: str) -> None:
        forms = [self.form(slug) for _ in range(4)]
        answers = threads(4, lambda number: Client().post("/setup/", forms[number]).status_code)
        assert sorted(answers) == [302, 404, 404, 404]

    def test_keeps_what_was_typed_when_something_is_wrong(self, browser: Client, slug: str) -> None:
        answer = browser.post("/setup/", self.form(slug, password="short"))
        assert answer.status_code == 422 and set(answer.context["form"].errors) == {"password"}
        assert f'value="{slug}"' in answer.content.decode() and 'value="Noa"' in answer.content.decode()
        assert "short" not in answer.context["form"]["password"].as_widget()
        assert workspaces.id_of(slug) is None

    def test_of_a_used_installation_is_shown_sign_in(self, browser: Client, workspace: Workspace) -> None:
        assert browser.get("/")["Location"] == "/accounts/login/"
        assert browser.get("/setup/").status_code == 404
