import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tenancy.errors import NotFound
from tenancy.identity import digest_of
from tenancy.ids import uuid7
from tenancy.models import ApiToken
from tenancy.verbs import tokens
from tests.cast import Api, Person, Workspace, run_sql
from tests.tenancy.conftest import new_browser


def api(secret: str) -> Api:
    return Api(new_browser(), {"Authorization": f"Bearer {secret}"})


def make(person: Person, **fields: Any) -> str:
    """Through the page, as people do."""
    sent = {"name": "Build server", "scope": "write", "life": "90", **fields}
    page = person.client.post(f"/{person.member.tenant_slug}/tokens/", sent)
    assert page.status_code == 200
    (secret,) = re.findall(r'value="(tika_pat_[\w-]{43})"', page.content.decode())
    return str(secret)


def stored(person: Person, name: str = "Build server") -> ApiToken:
    fields = ("id", "digest", "scope", "expires_at", "last_used_at", "revoked_at")
    query = f"SELECT {', '.join(fields)} FROM tenancy_apitoken WHERE membership_id = %s AND name = %s"
    (row,) = run_sql(query, [person.id, name], tenant=person.member.tenant_id)
    return ApiToken(**dict(zip(fields, row, strict=True)))


def test_a_token_speaks_for_its_maker_in_its_workspace(mia: Person) -> None:
    assert api(make(mia)).get("/api/members").status_code == 200


def test_a_token_is_kept_as_a_digest_only(mia: Person) -> None:
    secret = make(mia)
    assert bytes(stored(mia).digest) == digest_of(secret)
    rows = run_sql("SELECT t::text FROM tenancy_apitoken t", tenant=mia.member.tenant_id)
    logged = run_sql("SELECT changes::text FROM audit_entry", tenant=mia.member.tenant_id)
    assert not [text for (text,) in rows + logged if secret in text or secret.removeprefix("tika_pat_") in text]
    assert digest_of(secret).hex() not in "".join(text for (text,) in logged)


def test_a_token_is_shown_once(mia: Person) -> None:
    secret = make(mia)
    page = mia.client.get(f"/{mia.member.tenant_slug}/tokens/")
    assert page["Cache-Control"] == "no-store"
    assert secret not in page.content.decode() and "Build server" in page.content.decode()


def test_last_use_is_noted_and_shown(mia: Person) -> None:
    secret = make(mia)
    assert stored(mia).last_used_at is None
    api(secret).get("/api/members")
    used = stored(mia).last_used_at
    assert used is not None and timezone.now() - used < timedelta(minutes=1)
    api(secret).get("/api/members")
    assert stored(mia).last_used_at == used
    assert "last used" in mia.client.get(f"/{mia.member.tenant_slug}/tokens/").content.decode()


@pytest.mark.parametrize(("life", "days"), [("30", 30), ("90", 90), ("365", 365)])
def test_a_token_expires_when_it_was_made_to(mia: Person, life: str, days: int) -> None:
    make(mia, life=life)
    expires_at = stored(mia).expires_at
    assert expires_at is not None
    assert abs(expires_at - timezone.now() - timedelta(days=days)) < timedelta(minutes=1)


def test_a_token_without_expiry_has_none(mia: Person) -> None:
    make(mia, life="")
    assert stored(mia).expires_at is None


def test_an_expired_token_is_refused_and_says_so_on_the_page(workspace: Workspace, mia: Person) -> None:
    secret = make(mia)
    with workspace.told():
        past = timezone.now() - timedelta(seconds=1)
        ApiToken.objects.filter(tenant_id=workspace.id, name="Build server").update(expires_at=past)
    assert api(secret).get("/api/members").status_code == 401
    assert "expired" in mia.client.get(f"/{workspace.slug}/tokens/").content.decode()


def test_a_withdrawn_token_is_refused_at_once(workspace: Workspace, mia: Person) -> None:
    secret = make(mia)
    answer = mia.client.post(f"/{workspace.slug}/tokens/{stored(mia).id}/revocation/", follow=True)
    assert "Token revoked." in answer.content.decode()
    assert "Build server" not in answer.content.decode()
    assert api(secret).get("/api/members").status_code == 401


def test_a_token_that_may_read_does_not_write(mia: Person) -> None:
    reader = api(make(mia, scope="read"))
    assert reader.get("/api/members").status_code == 200
    assert reader.post("/api/boards", {"name": "Mine"}).status_code == 403


def test_a_token_may_no_more_than_its_maker(vic: Person) -> None:
    assert api(make(vic, scope="write")).post("/api/boards", {"name": "Mine"}).status_code == 403


def test_a_token_opens_no_page(mia: Person) -> None:
    """So it cannot make another token."""
    answer = api(make(mia)).get(f"/{mia.member.tenant_slug}/tokens/")
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


def test_nobody_sees_or_withdraws_the_token_of_another(
    workspace: Workspace, mia: Person, olga: Person, zoe: Person
) -> None:
    secret = make(mia)
    token = stored(mia)
    for person in (olga, zoe):
        slug = person.member.tenant_slug
        assert "Build server" not in person.client.get(f"/{slug}/tokens/").content.decode()
        assert person.client.post(f"/{slug}/tokens/{token.id}/revocation/").status_code == 404
    with pytest.raises(NotFound), workspace.told(olga) as by:
        tokens.revoke(uuid7(), by=by)
    assert api(secret).get("/api/members").status_code == 200


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"scope": "all"}, "scope"),
        ({"life": "9999999999"}, "life"),
    ],
)
def test_a_form_with_an_error_makes_nothing(mia: Person, sent: dict[str, str], field: str) -> None:
    here = f"/{mia.member.tenant_slug}/tokens/"
    answer = mia.client.post(here, {"name": "Build server", "scope": "read", "life": "30", **sent})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not run_sql("SELECT 1 FROM tenancy_apitoken WHERE name = 'Build server'", tenant=mia.member.tenant_id)


@pytest.mark.parametrize(
    "mangle", [str.upper, lambda secret: secret[:-1], lambda secret: secret + "x", lambda _: "tika_pat_"]
)
def test_a_mangled_token_is_refused(mia: Person, mangle: Callable[[str], str]) -> None:
    assert api(mangle(mia.token)).get("/api/members").status_code == 401
