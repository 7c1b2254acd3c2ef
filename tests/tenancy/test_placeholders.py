from collections.abc import Callable

import pytest

from tenancy.errors import NotFound
from tenancy.ids import uuid7
from tenancy.models import Membership
from tenancy.verbs import invitations, members
from tests.cast import Person, Scene, Workspace
from tests.tenancy.conftest import Account, secret_of

Invite = Callable[..., str]


class TestAPlaceholder:
    @pytest.fixture
    def trello(self, workspace: Workspace) -> Membership:
        with workspace.told():
            return members.add(workspace.id, name="From Trello")

    def test_becomes_the_invited_person_with_all_it_has(
        self, board: Scene, workspace: Workspace, trello: Membership, invitation: Invite, account: Account
    ) -> None:
        ticket = board.ticket("Inherited", assignees=[trello.id])
        joined = invitations.accept(secret_of(invitation(claims=trello.id)), by=account.user)
        assert (joined.id, joined.number, joined.name, joined.role) == (trello.id, trello.number, "Noa", "MEMBER")
        shown = workspace.owner.api.get(f"/api/tickets/{ticket}").json()
        assert shown["assignees"] == [str(trello.id)]

    def test_is_invited_with_one_click(self, workspace: Workspace, olga: Person, trello: Membership) -> None:
        answer = olga.client.post(f"/{workspace.slug}/invitations/", {"role": "MEMBER", "claims": trello.id})
        assert answer.status_code == 200
        assert "From Trello" in answer.content.decode()

    def test_is_claimed_once(
        self, workspace: Workspace, trello: Membership, invitation: Invite, new_account: Callable[[], Account]
    ) -> None:
        paths = [invitation(claims=trello.id), invitation(claims=trello.id)]
        first, second = (invitations.accept(secret_of(path), by=new_account().user) for path in paths)
        assert first.id == trello.id and second.id != trello.id

    def test_gone_meanwhile_leaves_an_ordinary_invitation(
        self, workspace: Workspace, trello: Membership, invitation: Invite, account: Account
    ) -> None:
        path = invitation(claims=trello.id)
        with workspace.told():
            Membership.objects.filter(tenant_id=workspace.id, pk=trello.pk).delete()
        assert invitations.accept(secret_of(path), by=account.user).id != trello.id

    def test_of_another_workspace_or_a_real_person_is_none(
        self, workspace: Workspace, other: Workspace, invitation: Invite, mia: Person
    ) -> None:
        with other.told():
            theirs = members.add(other.id, name="From Trello").id
        for claimed in (theirs, mia.id, uuid7()):
            with pytest.raises(NotFound):
                invitation(claims=claimed)

    def test_that_is_somebody_else_by_now_is_out_of_sight(
        self, workspace: Workspace, trello: Membership, olga: Person, invitation: Invite
    ) -> None:
        with workspace.told():
            Membership.objects.filter(tenant_id=workspace.id, pk=trello.pk).update(is_active=False)
        assert "From Trello" not in olga.client.get(f"/{workspace.slug}/members/").content.decode()
        with pytest.raises(NotFound):
            invitation(claims=trello.id)
