"""The gate for pipelines and for people; overrides and maintenance as operators make them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from observability.slo.models import MaintenanceWindow, Override
from observability.slo.verbs import maintenance
from tenancy.context import tenant_context
from tenancy.errors import Conflict, Forbidden, Invalid
from tenancy.operators import OPERATORS_ID
from tests.cast import Person, make_operator, run_sql
from tests.slo.test_gate import as_operator

ENGLISH = {"Accept-Language": "en"}
pytestmark = pytest.mark.usefixtures("alone")


def gate(token: str, change: str = "feature") -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    return Client().get(f"/ops/deploy-gate?change={change}", headers=headers)


@pytest.mark.parametrize("change", ["feature", "fix", "security", "rollback"])
def test_a_pipeline_asks_with_a_token_of_the_operators(change: str) -> None:
    viewer = make_operator("viewer")
    answer = gate(viewer.read_token, change)
    assert answer.status_code == 200
    found = answer.json()
    assert set(found) == {"decision", "remaining", "slo", "reasons", "expires_at"}
    assert found["decision"] in ({"allow", "warn", "block"} if change == "feature" else {"allow"})
    assert datetime.fromisoformat(found["expires_at"]) > datetime.now(UTC)
    assert answer["Cache-Control"] == "no-store"


def test_a_change_that_nobody_knows_is_refused_by_name() -> None:
    answer = gate(make_operator("viewer").token, "party")
    assert answer.status_code == 422
    assert answer.json()["error"]["details"][0]["field"] == "change"


def test_a_stranger_asks_in_vain(olga: Person) -> None:
    assert gate(olga.token).status_code == 404
    assert gate("tika_pat_nonsense").status_code == 401
    assert Client().get("/ops/deploy-gate?change=feature").status_code == 401


def test_two_administrators_let_features_pass_for_a_while() -> None:
    first, second, viewer = make_operator("admin"), make_operator("admin"), make_operator("viewer")
    reason = f"A customer of {first.user.email} waits"
    assert first.client.post("/ops/gate/override", {"reason": reason, "hours": "1"}).status_code == 302
    with tenant_context(OPERATORS_ID):
        override = Override.objects.get(tenant_id=OPERATORS_ID, reason=reason)
    approval = f"/ops/gate/{override.pk}/approval"
    assert viewer.client.post(approval).status_code == 403
    assert first.client.post(approval).status_code == 403
    assert second.client.post(approval).status_code == 302
    text = viewer.client.get("/ops/gate/", headers=ENGLISH).content.decode()
    assert "in force" in text
    assert reason in text
    assert second.client.post(f"/ops/gate/{override.pk}/withdrawal").status_code == 302
    text = viewer.client.get("/ops/gate/", headers=ENGLISH).content.decode()
    assert "withdrawn" in text


@pytest.mark.parametrize("form", [{}, {"reason": "x", "hours": "1"}, {"reason": "A long reason", "hours": "25"}])
def test_an_override_without_reason_or_end_is_not_made(form: dict[str, str]) -> None:
    def count() -> int:
        return int(run_sql("SELECT count(*) FROM slo_override", tenant=OPERATORS_ID)[0][0])

    before = count()
    answer = make_operator("admin").client.post("/ops/gate/override", form, headers=ENGLISH)
    assert answer.status_code == 422
    assert 'class="errorlist"' in answer.content.decode()
    assert form.get("reason", "") in answer.content.decode()
    assert count() == before


def test_maintenance_is_announced_seen_and_cancelled() -> None:
    responder, viewer = make_operator("responder"), make_operator("viewer")
    begins = datetime.now(UTC) + timedelta(hours=30)
    what = f"New disks for {responder.user.email}"
    form = {
        "what": what,
        "starts_at": f"{begins:%Y-%m-%dT%H:%M}",
        "ends_at": f"{begins + timedelta(hours=1):%Y-%m-%dT%H:%M}",
    }
    assert viewer.client.post("/ops/maintenance/announcement", form).status_code == 403
    assert responder.client.post("/ops/maintenance/announcement", form).status_code == 302
    with tenant_context(OPERATORS_ID):
        window = MaintenanceWindow.objects.get(tenant_id=OPERATORS_ID, what=what)
    assert window.was_announced
    text = viewer.client.get("/ops/maintenance/", headers=ENGLISH).content.decode()
    assert what in text
    assert responder.client.post(f"/ops/maintenance/{window.pk}/cancellation").status_code == 302
    with tenant_context(OPERATORS_ID):
        assert not MaintenanceWindow.objects.get(tenant_id=OPERATORS_ID, what=what).costs_no_budget


def past_window(hours_ago: int) -> MaintenanceWindow:
    begins = datetime.now(UTC) - timedelta(hours=hours_ago)
    return MaintenanceWindow.objects.create(
        tenant_id=OPERATORS_ID, what="Disks", starts_at=begins, ends_at=begins + timedelta(minutes=1)
    )


def test_what_was_not_announced_is_reclassified_by_an_administrator_and_the_log_says_why() -> None:
    admin, responder = make_operator("admin"), make_operator("responder")
    with tenant_context(OPERATORS_ID):
        window = past_window(3)
        assert not window.costs_no_budget
        with pytest.raises(Forbidden):
            maintenance.reclassify(window.pk, "The provider's fault", by=as_operator(responder))
        with pytest.raises(Invalid):
            maintenance.reclassify(window.pk, "no", by=as_operator(admin))
        with pytest.raises(Conflict, match="has begun"):
            maintenance.cancel(window.pk, by=as_operator(admin))
        with pytest.raises(Conflict, match="no longer kept"):
            maintenance.reclassify(past_window(24 * 40).pk, "The provider's fault", by=as_operator(admin))
    path = f"/ops/maintenance/{window.pk}/reclassification"
    assert admin.client.post(path, {"reason": "The provider's power failed"}).status_code == 302
    query = """SELECT actor_id, reason FROM audit_entry
    WHERE resource = 'maintenancewindow' AND resource_id = %s AND action = 'UPDATE'"""
    assert run_sql(query, [window.pk], tenant=OPERATORS_ID) == [(str(admin.id), "The provider's power failed")]
    with tenant_context(OPERATORS_ID):
        assert MaintenanceWindow.objects.get(tenant_id=OPERATORS_ID, pk=window.pk).costs_no_budget


def test_maintenance_that_cannot_be_announced_stays_typed() -> None:
    responder = make_operator("responder")
    begins = datetime.now(UTC) + timedelta(hours=30)
    form = {"what": "New disks, all of them", "starts_at": f"{begins:%Y-%m-%dT%H:%M}", "ends_at": "soon"}
    answer = responder.client.post("/ops/maintenance/announcement", form, headers=ENGLISH)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert form["what"] in text
    assert form["starts_at"] in text
    assert "Enter a valid date/time" in text
    form["ends_at"] = f"{begins - timedelta(hours=1):%Y-%m-%dT%H:%M}"
    answer = responder.client.post("/ops/maintenance/announcement", form, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Maintenance ends after it begins" in answer.content.decode()
    assert form["ends_at"] in answer.content.decode()


def test_a_reason_too_short_stays_typed_beside_its_maintenance() -> None:
    admin = make_operator("admin")
    with tenant_context(OPERATORS_ID):
        window = past_window(3)
    path = f"/ops/maintenance/{window.pk}/reclassification"
    answer = admin.client.post(path, {"reason": "nay"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert 'value="nay"' in answer.content.decode()
    assert "Say why, in a sentence" in answer.content.decode()


def test_maintenance_of_the_past_cannot_be_announced() -> None:
    with tenant_context(OPERATORS_ID):
        by = as_operator(make_operator("responder"))
        now = datetime.now(UTC)
        for begins, ends in (
            (now - timedelta(hours=1), now + timedelta(hours=1)),
            (now + timedelta(days=2), now + timedelta(days=1)),
            (now + timedelta(days=2), now + timedelta(days=9)),
        ):
            with pytest.raises(Invalid):
                maintenance.announce("Disks", begins, ends, by=by)
