import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from tenancy.errors import Forbidden, Invalid, NotFound
from tenancy.identity import digest_of
from tenancy.models import Invitation, Membership
from tenancy.verbs import invitations, members, users
from tests.cast import PASSWORD, Person, Workspace, run_sql, threads
from tests.tenancy.conftest import Account, is_signed_in, new_browser, new_email, secret_of, sign_in, sign_up

Invite = Callable[..., str]


def memberships(workspace: Workspace, account: Account) -> list[Membership]:
    with workspace.told():
        return list(Membership.objects.filter(tenant_id=workspace.id, user=account.user))


class TestTheLink:
    def test_is_stored_as_a_digest_only(self, workspace: Workspace, invitation: Invite) -> None:
        secret = secret_of(invitation())
        rows = run_sql("SELECT digest, invitation::text FROM tenancy_invitation invitation", tenant=workspace.id)
        assert [bytes(digest) for digest, _text in rows] == [digest_of(secret)]
        logged = run_sql("SELECT string_agg(changes::text, '') FROM audit_entry", tenant=workspace.id)
        assert secret not in rows[0][1] + logged[0][0]
        assert digest_of(secret).hex() not in logged[0][0]

    def test_holds_256_bits(self, invitation: Invite) -> None:
        assert len({secret_of(invitation()) for _ in range(3)}) == 3
        assert re.fullmatch(r"[\w-]{43}", secret_of(invitation()))

    def test_shows_who_invites_where_and_as_what(self, browser: Client, invitation: Invite) -> None:
        page = browser.get(invitation("VIEWER")).content.decode()
        assert "Olga" in page and "Acme" in page and "Viewer" in page
        assert "/accounts/signup/?next=/invitations/" in page

    def test_shows_nothing_of_the_workspace_once_it_is_good_no_more(
        self, browser: Client, workspace: Workspace
    ) -> None:
        answer = browser.get(f"/invitations/{'x' * 43}/")
        assert answer.status_code == 404
        assert "This invitation no longer works" in answer.content.decode()

    def test_leads_through_sign_up_and_back(self, browser: Client, invitation: Invite, settings: Any) -> None:
        settings.MAIL_LEAVES = False
        path, email = invitation(), new_email()
        assert browser.post(path)["Location"] == f"/accounts/login/?next={path}"
        assert sign_up(browser, email, next=path)["Location"] == path
        slug = browser.post(path)["Location"]
        assert browser.get(f"{slug}members/").status_code == 200

    def test_leads_through_sign_in_and_back(
        self, browser: Client, invitation: Invite, account: Account, workspace: Workspace
    ) -> None:
        path = invitation("ADMIN")
        assert sign_in(browser, account.email, next=path)["Location"] == path
        assert f"Join as {account.email}" in browser.get(path).content.decode()
        assert browser.post(path)["Location"] == f"/{workspace.slug}/"
        (membership,) = memberships(workspace, account)
        assert (membership.role, membership.name, membership.number) == ("ADMIN", "Noa", 5)

    def test_is_shown_to_its_maker_once(self, olga: Person) -> None:
        here = f"/{olga.member.tenant_slug}/invitations/"
        page = olga.client.post(here, {"role": "MEMBER"})
        (link,) = re.findall(r"http://testserver(/invitations/[\w-]{43}/)", page.content.decode())
        assert page["Cache-Control"] == "no-store"
        assert new_browser().get(link).status_code == 200
        assert link not in olga.client.get(f"/{olga.member.tenant_slug}/members/").content.decode()


class TestAccepting:
    def test_works_once(self, invitation: Invite, workspace: Workspace, new_account: Callable[[], Account]) -> None:
        path, first, second = invitation(), new_account(), new_account()
        invitations.accept(secret_of(path), by=first.user)
        with pytest.raises(NotFound):
            invitations.accept(secret_of(path), by=second.user)
        assert not memberships(workspace, second)

    def test_works_for_one_of_two_at_the_same_moment(
        self, invitation: Invite, workspace: Workspace, new_account: Callable[[], Account]
    ) -> None:
        path, pair = invitation(), [new_account(), new_account()]

        def accept(number: int) -> bool:
            try:
                invitations.accept(secret_of(path), by=pair[number].user)
            except NotFound:
                return False
            return True

        assert sorted(threads(2, accept)) == [False, True]
        assert sum(len(memberships(workspace, account)) for account in pair) == 1

    def test_ends_after_seven_days(self, invitation: Invite, workspace: Workspace, account: Account) -> None:
        path = invitation()
        with workspace.told():
            row = Invitation.objects.get(tenant_id=workspace.id)
            assert timedelta(days=6, hours=23) < row.expires_at - timezone.now() <= timedelta(days=7)
            Invitation.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
        with pytest.raises(NotFound):
            invitations.accept(secret_of(path), by=account.user)

    def test_ends_when_it_is_withdrawn(self, invitation: Invite, workspace: Workspace, account: Account) -> None:
        path = invitation()
        with workspace.told() as olga:
            invitations.revoke(Invitation.objects.get(tenant_id=workspace.id).pk, by=olga)
        with pytest.raises(NotFound):
            invitations.accept(secret_of(path), by=account.user)

    def test_is_for_the_named_address_only(
        self, invitation: Invite, browser: Client, new_account: Callable[[], Account], workspace: Workspace
    ) -> None:
        named, other = new_account(), new_account()
        path = invitation(email=named.email.upper())
        sign_in(browser, other.email)
        answer = browser.post(path)
        assert answer.status_code == 403
        assert "This invitation is for another address." in answer.content.decode()
        assert not memberships(workspace, other)
        invitations.accept(secret_of(path), by=named.user)
        assert memberships(workspace, named)

    def test_leaves_the_link_to_others_when_one_is_in_already(
        self, invitation: Invite, mia: Person, account: Account
    ) -> None:
        path = invitation("ADMIN")
        answer = mia.client.post(path)
        assert answer.status_code == 409
        assert "You are a member of this workspace already." in answer.content.decode()
        assert invitations.accept(secret_of(path), by=account.user).role == "ADMIN"

    def test_is_no_way_back_for_who_was_taken_out(self, invitation: Invite, workspace: Workspace, mia: Person) -> None:
        path = invitation()
        with workspace.told() as olga:
            members.deactivate(mia.id, by=olga)
        with pytest.raises(Forbidden):
            invitations.accept(secret_of(path), by=mia.user)
        assert mia.api.get("/api/members").status_code == 401

    def test_is_logged_as_the_new_member_with_their_address(
        self, invitation: Invite, workspace: Workspace, browser: Client, account: Account
    ) -> None:
        sign_in(browser, account.email)
        browser.post(path := invitation())
        (membership,) = memberships(workspace, account)
        query = "SELECT actor_type, actor_id, host(ip) FROM audit_entry WHERE resource_id = %s"
        logged = run_sql(query, [membership.id], tenant=workspace.id)
        assert logged == [("user", str(membership.id), browser.defaults["REMOTE_ADDR"])]
        assert browser.get(path).status_code == 404


class TestInviting:
    @pytest.mark.parametrize(
        ("who", "roles"), [("olga", ["ADMIN", "MEMBER", "VIEWER"]), ("adam", ["ADMIN", "MEMBER", "VIEWER"])]
    )
    def test_gives_every_role_but_owner(
        self, workspace: Workspace, invitation: Invite, who: str, roles: list[str]
    ) -> None:
        for role in roles:
            invitation(role, by=workspace.people[who])
        with pytest.raises(Invalid):
            invitation("OWNER", by=workspace.people[who])

    @pytest.mark.parametrize("who", ["mia", "vic"])
    def test_is_for_admins(self, workspace: Workspace, invitation: Invite, who: str) -> None:
        person = workspace.people[who]
        with pytest.raises(Forbidden):
            invitation(by=person)
        assert person.client.post(f"/{workspace.slug}/invitations/", {"role": "MEMBER"}).status_code == 403
        assert person.client.get(f"/{workspace.slug}/invitations/").status_code == 403

    def test_refuses_nonsense_at_the_field_and_keeps_what_was_typed(self, workspace: Workspace, olga: Person) -> None:
        answer = olga.client.post(f"/{workspace.slug}/invitations/", {"role": "OWNER", "email": "no address"})
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"role", "email"}
        assert 'value="no address"' in answer.content.decode()

    def test_mails_the_link_to_the_named_address(self, workspace: Workspace, olga: Person, settings: Any) -> None:
        settings.BASE_URL = "https://board.example.com"
        email = new_email()
        olga.client.post(f"/{workspace.slug}/invitations/", {"role": "MEMBER", "email": email})
        (message,) = mail.outbox
        assert message.to == [email] and message.subject == "Olga invites you to Acme"
        assert "https://board.example.com/invitations/" in message.body

    def test_lists_what_is_pending_and_withdraws_it(
        self, workspace: Workspace, olga: Person, invitation: Invite
    ) -> None:
        email = new_email()
        invitation(email=email)
        here = f"/{workspace.slug}/members/"
        assert email in olga.client.get(here).content.decode()
        with workspace.told():
            row = Invitation.objects.get(tenant_id=workspace.id)
        olga.client.post(f"/{workspace.slug}/invitations/{row.id}/revocation/")
        assert email not in olga.client.get(here).content.decode()

    def test_a_stranger_withdraws_nothing(self, workspace: Workspace, zoe: Person, invitation: Invite) -> None:
        path = invitation()
        with workspace.told():
            row = Invitation.objects.get(tenant_id=workspace.id)
        for slug in (zoe.member.tenant_slug, workspace.slug):
            assert zoe.client.post(f"/{slug}/invitations/{row.id}/revocation/").status_code == 404
        assert invitations.find(secret_of(path))


def test_joining_two_workspaces_makes_one_person_in_both(
    invitation: Invite, workspace: Workspace, other: Workspace, browser: Client
) -> None:
    user = users.create(new_email(), name="Noa", password=PASSWORD)
    invitations.accept(secret_of(invitation()), by=user)
    with other.told() as zoe:
        _row, secret = invitations.invite("VIEWER", by=zoe)
    invitations.accept(secret, by=user)
    sign_in(browser, user.email)
    assert is_signed_in(browser)
    shown = {mine["slug"]: mine["role"] for mine in browser.get("/workspaces/").context["mine"]}
    assert shown == {workspace.slug: "MEMBER", other.slug: "VIEWER"}
