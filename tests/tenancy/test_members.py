from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tenancy.errors import Conflict, Forbidden, NotFound
from tenancy.ids import uuid7
from tenancy.models import Membership
from tenancy.verbs import members
from tests.cast import Person, Workspace, make_workspace, run_sql, threads

ROLES = ("OWNER", "ADMIN", "MEMBER", "VIEWER")
RANK = {role: 3 - place for place, role in enumerate(ROLES)}


def row(person: Person) -> Membership:
    with_role = run_sql(
        "SELECT role, is_active, name FROM tenancy_membership WHERE id = %s",
        [person.id],
        tenant=person.member.tenant_id,
    )
    role, is_active, name = with_role[0]
    return Membership(role=role, is_active=is_active, name=name)


def entries(workspace: Workspace, person: Person) -> list[tuple[Any, ...]]:
    query = "SELECT action, actor_type, actor_id, changes FROM audit_entry WHERE resource_id = %s ORDER BY at"
    return run_sql(query, [person.id], tenant=workspace.id)


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("whom", ROLES)
@pytest.mark.parametrize("to", ROLES)
def test_who_may_make_whom_what(who: str, whom: str, to: str) -> None:
    """Admins and owners give and take roles up to their own; an owner is touched by owners only."""
    workspace = make_workspace(first="OWNER", actor=who, target=whom)
    actor, target = workspace.people["actor"], workspace.people["target"]
    allowed = RANK[who] >= RANK["ADMIN"] and RANK[who] >= max(RANK[whom], RANK[to])
    if allowed:
        with workspace.told(actor) as by:
            members.change_role(target.id, to, by=by)
    else:
        with pytest.raises(Forbidden), workspace.told(actor) as by:
            members.change_role(target.id, to, by=by)
    assert row(target).role == (to if allowed else whom)


@pytest.mark.parametrize("name", ["adam", "mia", "vic"])
def test_nobody_raises_themselves(workspace: Workspace, name: str) -> None:
    person = workspace.people[name]
    with pytest.raises(Forbidden), workspace.told(person) as by:
        members.change_role(person.id, "OWNER", by=by)
    assert row(person).role == person.member.role


@pytest.mark.parametrize("name", ["mia", "vic"])
@pytest.mark.parametrize("path", ["role", "name", "access"])
def test_members_and_viewers_are_refused_the_whole_page_of_managing(workspace: Workspace, name: str, path: str) -> None:
    olga = workspace.people["olga"]
    sent = {"role": "VIEWER", "name": "Nobody", "active": "0"}
    answer = workspace.people[name].client.post(f"/{workspace.slug}/members/{olga.id}/{path}/", sent)
    assert answer.status_code == 403
    assert row(olga).role == "OWNER" and row(olga).is_active and row(olga).name == "Olga"


def test_a_right_that_was_taken_away_meanwhile_is_gone(workspace: Workspace, adam: Person, mia: Person) -> None:
    """The request began as an admin's; the verb looks again under the lock."""
    with workspace.told() as olga:
        members.change_role(adam.id, "MEMBER", by=olga)
    with pytest.raises(Forbidden), workspace.told(adam) as by:
        members.change_role(mia.id, "VIEWER", by=by)


class TestTheLastOwner:
    def test_does_not_leave(self, workspace: Workspace, olga: Person) -> None:
        with pytest.raises(Conflict), workspace.told(olga) as by:
            members.leave(by=by)
        assert row(olga).is_active

    def test_is_not_demoted_not_even_by_themselves(self, workspace: Workspace, olga: Person) -> None:
        with pytest.raises(Conflict), workspace.told(olga) as by:
            members.change_role(olga.id, "ADMIN", by=by)

    def test_is_not_taken_out(self, workspace: Workspace, olga: Person) -> None:
        with pytest.raises(Conflict), workspace.told(olga) as by:
            members.deactivate(olga.id, by=by)

    def test_leaves_once_there_is_another(self, workspace: Workspace, olga: Person, mia: Person) -> None:
        with workspace.told(olga) as by:
            members.change_role(mia.id, "OWNER", by=by)
            members.leave(by=by)
        assert not row(olga).is_active

    def test_is_kept_when_a_former_owner_is_all_there_would_be(self, workspace: Workspace, olga: Person) -> None:
        """Neither a placeholder nor somebody taken out can own a workspace."""
        with workspace.told(olga) as by:
            members.add(workspace.id, name="From Trello", role="OWNER")
            members.change_role(workspace.people["mia"].id, "OWNER", by=by)
            members.deactivate(workspace.people["mia"].id, by=by)
        with pytest.raises(Conflict), workspace.told(olga) as by:
            members.leave(by=by)

    def test_of_two_owners_who_leave_at_once_one_stays(self) -> None:
        workspace = make_workspace(ann="OWNER", bea="OWNER")
        pair = list(workspace.people.values())

        def leave(number: int) -> bool:
            try:
                with workspace.told(pair[number]) as by:
                    members.leave(by=by)
            except Conflict:
                return False
            return True

        assert sorted(threads(2, leave)) == [False, True]
        assert sorted(row(person).is_active for person in pair) == [False, True]

    def test_of_two_owners_who_demote_each_other_one_stays(self) -> None:
        workspace = make_workspace(ann="OWNER", bea="OWNER")
        pair = list(workspace.people.values())

        def demote(number: int) -> None:
            try:
                with workspace.told(pair[number]) as by:
                    members.change_role(pair[1 - number].id, "MEMBER", by=by)
            except (Conflict, Forbidden):
                return

        threads(2, demote)
        assert sorted(row(person).role for person in pair) == ["MEMBER", "OWNER"]


class TestTakenOut:
    def test_sees_nothing_by_session_or_token(self, workspace: Workspace, mia: Person) -> None:
        with workspace.told() as olga:
            members.deactivate(mia.id, by=olga)
        assert mia.client.get(f"/{workspace.slug}/members/").status_code == 404
        assert mia.session_api.get("/api/members").status_code == 404
        assert mia.api.get("/api/members").status_code == 401
        assert mia.client.get("/workspaces/").context["mine"] == []

    def test_is_let_back_in_as_before(self, workspace: Workspace, mia: Person) -> None:
        with workspace.told() as olga:
            members.deactivate(mia.id, by=olga)
            members.reactivate(mia.id, by=olga)
        assert mia.api.get("/api/members").status_code == 200
        assert row(mia).role == "MEMBER"

    def test_leaves_no_invitation_behind(
        self, workspace: Workspace, adam: Person, browser: Client, invitation: Callable[..., str]
    ) -> None:
        path = invitation(by=adam)
        assert browser.get(path).status_code == 200
        with workspace.told() as olga:
            members.deactivate(adam.id, by=olga)
        assert browser.get(path).status_code == 404

    def test_is_not_touched_by_an_admin_when_an_owner(self, workspace: Workspace, adam: Person, olga: Person) -> None:
        for verb in (members.deactivate, members.reactivate):
            with pytest.raises(Forbidden), workspace.told(adam) as by:
                verb(olga.id, by=by)


def test_who_is_demoted_below_admin_leaves_no_invitation_behind(
    workspace: Workspace, adam: Person, browser: Client, invitation: Callable[..., str]
) -> None:
    path = invitation(by=adam)
    with workspace.told() as olga:
        members.change_role(adam.id, "MEMBER", by=olga)
    assert browser.get(path).status_code == 404


def test_numbers_are_given_once_even_at_the_same_moment(workspace: Workspace) -> None:
    def add(number: int) -> int:
        with workspace.told():
            return members.add(workspace.id, name=f"Person {number}").number

    assert sorted(threads(8, add)) == list(range(5, 13))


def test_a_change_is_logged_with_who_made_it(workspace: Workspace, adam: Person, mia: Person) -> None:
    adam.client.post(f"/{workspace.slug}/members/{mia.id}/role/", {"role": "VIEWER"})
    action, actor_type, actor_id, changes = entries(workspace, mia)[-1]
    assert (action, actor_type, actor_id) == ("UPDATE", "user", str(adam.id))
    assert changes == {"before": {"role": "MEMBER"}, "after": {"role": "VIEWER"}}


def test_saying_the_same_again_changes_and_logs_nothing(workspace: Workspace, olga: Person, mia: Person) -> None:
    before = len(entries(workspace, mia))
    with workspace.told(olga) as by:
        members.change_role(mia.id, "MEMBER", by=by)
        members.rename(mia.id, "Mia", by=by)
        members.reactivate(mia.id, by=by)
    assert len(entries(workspace, mia)) == before


class TestAStranger:
    @pytest.mark.parametrize("path", ["role", "name", "access"])
    def test_does_not_reach_people_of_another_workspace(self, zoe: Person, mia: Person, path: str) -> None:
        sent = {"role": "VIEWER", "name": "Nobody", "active": "0"}
        for slug in (zoe.member.tenant_slug, mia.member.tenant_slug):
            assert zoe.client.post(f"/{slug}/members/{mia.id}/{path}/", sent).status_code == 404
        assert row(mia).role == "MEMBER" and row(mia).is_active and row(mia).name == "Mia"

    def test_does_not_reach_them_by_the_verbs(self, other: Workspace, zoe: Person, mia: Person) -> None:
        with pytest.raises(NotFound), other.told(zoe) as by:
            members.change_role(mia.id, "VIEWER", by=by)
        with pytest.raises(NotFound), other.told(zoe) as by:
            members.change_role(uuid7(), "VIEWER", by=by)

    def test_sees_no_page_of_it(self, zoe: Person, workspace: Workspace) -> None:
        for page in ("members", "invitations", "tokens", "settings"):
            assert zoe.client.get(f"/{workspace.slug}/{page}/").status_code == 404
