from typing import Any

import pytest

from tenancy.verbs import members
from tests.cast import Person, Workspace
from tests.tenancy.test_members import row


class TestThePage:
    def test_shows_everybody_with_role_and_placeholders(self, workspace: Workspace, olga: Person) -> None:
        with workspace.told():
            members.add(workspace.id, name="From Trello")
        page = olga.client.get(f"/{workspace.slug}/members/").content.decode()
        for name in ("Olga", "Adam", "Mia", "Vic", "From Trello", workspace.people["vic"].user.email):
            assert name in page
        assert "From an import; not a member yet" in page

    def test_offers_a_viewer_nothing_to_change(self, workspace: Workspace, vic: Person) -> None:
        page = vic.client.get(f"/{workspace.slug}/members/").content.decode()
        assert "/role/" not in page and "/access/" not in page and "Create an invitation link" not in page
        assert "/departure/" in page

    def test_offers_an_admin_everybody_but_the_owner(self, workspace: Workspace, adam: Person, olga: Person) -> None:
        page = adam.client.get(f"/{workspace.slug}/members/").content.decode()
        assert f"/members/{olga.id}/" not in page
        assert f"/members/{workspace.people['mia'].id}/role/" in page
        assert 'value="OWNER"' not in page

    def test_changes_a_role_renames_takes_out_and_lets_in(
        self, workspace: Workspace, olga: Person, mia: Person
    ) -> None:
        here = f"/{workspace.slug}/members/"
        steps: list[tuple[str, dict[str, str], str]] = [
            ("role", {"role": "ADMIN"}, "Role changed."),
            ("name", {"name": "Mia K."}, "Name changed."),
            ("access", {"active": "0"}, "Access removed."),
            ("access", {"active": "1"}, "Access restored."),
        ]
        for path, sent, sentence in steps:
            answer = olga.client.post(f"{here}{mia.id}/{path}/", sent, follow=True)
            assert answer.redirect_chain == [(here, 302)]
            assert sentence in answer.content.decode()
        assert (row(mia).role, row(mia).name, row(mia).is_active) == ("ADMIN", "Mia K.", True)

    def test_says_why_the_last_owner_stays(self, workspace: Workspace, olga: Person) -> None:
        answer = olga.client.post(f"/{workspace.slug}/departure/", follow=True)
        assert "A workspace needs an owner" in answer.content.decode()

    def test_lets_people_leave(self, workspace: Workspace, mia: Person) -> None:
        assert mia.client.post(f"/{workspace.slug}/departure/")["Location"] == "/workspaces/"
        assert not row(mia).is_active

    @pytest.mark.parametrize("sent", [{}, {"role": "KING"}, {"role": ["OWNER", "KING"]}])
    def test_takes_no_role_that_there_is_not(
        self, workspace: Workspace, olga: Person, mia: Person, sent: dict[str, Any]
    ) -> None:
        page = olga.client.post(f"/{workspace.slug}/members/{mia.id}/role/", sent, follow=True).content.decode()
        assert "Role: " in page
        assert row(mia).role == "MEMBER"

    def test_says_why_a_name_of_nothing_was_not_taken(self, workspace: Workspace, olga: Person, mia: Person) -> None:
        sent = {"name": " "}
        page = olga.client.post(f"/{workspace.slug}/members/{mia.id}/name/", sent, follow=True).content.decode()
        assert "Name: This field is required." in page

    def test_keeps_script_in_a_name_as_text(self, workspace: Workspace, olga: Person, mia: Person) -> None:
        name = "<script>alert(1)</script>\"'"
        olga.client.post(f"/{workspace.slug}/members/{mia.id}/name/", {"name": name})
        page = olga.client.get(f"/{workspace.slug}/members/").content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
