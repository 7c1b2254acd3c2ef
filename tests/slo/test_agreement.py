"""A workspace's own service level: its administrators' page, its months, and the report as a PDF."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from observability.slo.budget import Counts
from observability.slo.burn import MINUTE
from observability.slo.queries.agreement import everybodys, month_of, parse_month
from tenancy.context import tenant_context
from tenancy.errors import Invalid
from tenancy.models import Tenant
from tenancy.operators import OPERATORS_ID
from tests.cast import Person, Workspace, make_operator, run_sql
from tests.slo.counting import write_minutes

MARCH = date(2024, 3, 1)


def served(workspace: Workspace, good: int, valid: int, day: datetime = datetime(2024, 3, 5, 12, tzinfo=UTC)) -> None:
    write_minutes("availability", [(day, Counts(good, valid))], tenant=workspace.id)
    run_sql("SELECT slo_roll_up(%s)", [day.date()], role="worker")


def page(person: Person, path: str = "") -> Any:
    return person.client.get(f"/{person.member.tenant_slug}/service-level/{path}", headers={"Accept-Language": "en"})


@pytest.mark.parametrize(("good", "kept"), [(9_950, True), (9_949, False), (10_000, True)])
def test_a_month_is_kept_from_what_was_agreed(good: int, kept: bool, workspace: Workspace) -> None:
    served(workspace, good, 10_000)
    with tenant_context(workspace.id):
        month = month_of(workspace.id, MARCH)
    assert (month.is_kept, month.is_over, month.target) == (kept, True, 0.995)
    assert month.counts == Counts(good, 10_000)


def test_a_month_without_requests_is_not_a_perfect_one(workspace: Workspace, olga: Person) -> None:
    with tenant_context(workspace.id):
        assert month_of(workspace.id, MARCH).is_kept is None
    text = page(olga, "report?month=2024-03").content.decode()
    assert "Insufficient data" in text
    assert "100%" not in text


def test_announced_maintenance_counts_for_nothing(workspace: Workspace) -> None:
    day = datetime(2024, 3, 9, 3, tzinfo=UTC)
    window = """INSERT INTO slo_maintenancewindow (id, tenant_id, what, starts_at, ends_at, announced_at,
        reclassification_reason) VALUES (gen_random_uuid(), %s, 'Disks', %s, %s, %s, '')"""
    run_sql(window, [OPERATORS_ID, day, day + timedelta(hours=1), day - timedelta(days=1)], tenant=OPERATORS_ID)
    served(workspace, 0, 500, day + MINUTE)
    served(workspace, 1000, 1000)
    with tenant_context(workspace.id):
        month = month_of(workspace.id, MARCH)
    assert (month.counts, month.planned) == (Counts(1000, 1000), Counts(0, 500))


def test_administrators_see_their_workspace_and_nobody_elses(
    workspace: Workspace, other: Workspace, olga: Person, adam: Person, zoe: Person
) -> None:
    now = datetime.now(UTC)
    served(workspace, 999, 1000, now - MINUTE)
    served(other, 1, 77_777, now - MINUTE)
    for person in (olga, adam):
        text = page(person).content.decode()
        assert "99.9%" in text
        assert "77,777" not in text
    assert "77,777" in page(zoe).content.decode()
    assert zoe.client.get(f"/{workspace.slug}/service-level/").status_code == 404


def test_it_is_for_administrators(mia: Person, vic: Person) -> None:
    for person in (mia, vic):
        for path in ("", "report?month=2024-03", "report.pdf?month=2024-03"):
            assert page(person, path).status_code == 403


@pytest.mark.parametrize("month", ["", "2024-13", "24-03", "2024-03-01", "../x", "9999-12", "２０２４-03"])
def test_what_is_no_month_is_not_there(month: str, olga: Person) -> None:
    assert page(olga, f"report?month={month}").status_code == 404
    with pytest.raises(Invalid):
        parse_month(month)


def text_of(answer: Any) -> str:
    return "\n".join(each.extract_text() for each in PdfReader(BytesIO(answer.content)).pages)


def test_the_report_is_a_pdf_with_its_font_in_it(workspace: Workspace, olga: Person) -> None:
    served(workspace, 9_940, 10_000)
    answer = page(olga, "report.pdf?month=2024-03")
    assert answer["Content-Type"] == "application/pdf"
    assert f'filename="service-level-{workspace.slug}-2024-03.pdf"' in answer["Content-Disposition"]
    text = text_of(answer)
    for part in ("Service level report", "March 2024", "99.4%", "99.5%", "10,000", "The agreement was not kept."):
        assert part in text
    assert b"/FontFile2" in answer.content
    assert page(olga, "report.pdf?month=2024-03").content == answer.content


def test_the_report_speaks_korean(workspace: Workspace, olga: Person) -> None:
    with tenant_context(workspace.id):
        Tenant.objects.filter(pk=workspace.id).update(name="결제운영팀 뷁 🚀")
    served(workspace, 10_000, 10_000)
    path = f"/{workspace.slug}/service-level/report.pdf?month=2024-03"
    answer = olga.client.get(path, headers={"Accept-Language": "ko"})
    text = text_of(answer)
    assert "결제운영팀 뷁 ?" in text
    assert "2024년 3월" in text
    assert "가용성" in text


def test_operators_see_the_numbers_of_all_workspaces(workspace: Workspace) -> None:
    served(workspace, 9_000, 10_000)
    viewer = make_operator("viewer")
    text = viewer.client.get("/ops/agreements/?month=2024-03", headers={"Accept-Language": "en"}).content.decode()
    assert workspace.slug in text
    assert "90%" in text
    assert viewer.client.get("/ops/agreements/?month=nonsense").status_code == 200


def test_a_workspace_gets_no_numbers_of_others(workspace: Workspace, other: Workspace) -> None:
    served(other, 1, 1)
    with tenant_context(workspace.id):
        assert everybodys(MARCH) == []
    assert run_sql("SELECT * FROM slo_agreements('2024-01-01', '2030-01-01')") == []
