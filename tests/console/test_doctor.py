"""The doctor against this very installation: what is broken on purpose is found, with the figure and the remedy."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import translation

from audit import doctor as audit_doctor
from backups import proven
from observability.console.queries import doctor as asked
from observability.doctor import registry
from observability.doctor.check import Check, Finding, State
from observability.doctor.stages import Stage
from tenancy import doctor as tenancy_doctor
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID
from tests.cast import Person, connect, run_sql
from tests.language.reading import english_in

# What settings, programs and PostgreSQL's words are called in every language.
CALLED = re.compile(
    r"[A-Z_]{3,}|MVP|SaaS|HTTPS?|HSTS|tika\w*|web|live|worker|fsync|on|off|full_page_writes|synchronous_commit"
    r"|data_checksums|requirements\.lock|Sentry|GlitchTip|Bugsink|Alertmanager|Prometheus|X-Forwarded-For|adjtimex"
    r"|record_pipeline|archive_command|cost|last_backup|S3|s3:\S+|[\w.]*/\S+|[0-9a-f]+|docs/\S+|deploy/\S+|[\w.-]+=\S+|localhost|Host|SLO|Kubernetes"
    r"|Tika|PostgreSQL|PgBouncer|Operations|info|JSON|http:\S+|abc124|SOC|ISO|GDPR|SLI|RBAC|[a-z]+(?:_[a-z0-9]+)+|availability|error|BYPASSRLS|s|ms|GB|MB|doctor\.md|max_connections"
)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def finding(key: str) -> Finding:
    return registry.known[key].ask()


def state(key: str) -> str:
    return str(finding(key).state)


@contextmanager
def broken(module: Any, breach: str) -> Iterator[None]:
    """The check looks, as tika_app, at a database that is broken in a transaction which is undone."""
    with connect("superuser") as own, own.transaction(force_rollback=True), pytest.MonkeyPatch.context() as patch:
        own.execute("SET LOCAL lock_timeout = '20s'")
        own.execute(breach.encode())
        own.execute("SET LOCAL ROLE tika_app")
        patch.setattr(module, "rows", lambda query, parameters=None: own.execute(query.encode(), parameters).fetchall())
        yield


@pytest.mark.parametrize(
    "breach",
    ["ALTER TABLE boards_mention NO FORCE ROW LEVEL SECURITY", "DROP POLICY tenant_wall ON boards_mention"],
)
def test_a_table_without_its_wall_is_found(breach: str) -> None:
    assert state("tenancy.wall") == "ok"
    with broken(tenancy_doctor, breach):
        found = finding("tenancy.wall")
    assert found.state is State.FAIL
    assert "boards_mention" in found.advice
    assert found.remedy == "bin/manage migrate"


@pytest.mark.parametrize(
    "breach", ["ALTER TABLE boards_label DISABLE TRIGGER tika_log_delete", "GRANT UPDATE ON audit_entry TO tika_app"]
)
def test_a_log_that_can_be_got_round_is_found(breach: str) -> None:
    assert state("audit.log") == "ok"
    with broken(audit_doctor, breach):
        assert state("audit.log") == "fail"


SETTINGS: list[tuple[str, dict[str, Any], str]] = [
    ("config.secret_key", {"SECRET_KEY": "unset-" + "0" * 50}, "fail"),
    ("config.secret_key", {"SECRET_KEY": "a" * 60}, "fail"),
    ("config.secret_key", {"SECRET_KEY": "changeme"}, "fail"),
    ("config.debug", {"DEBUG": True}, "fail"),
    ("config.debug", {"DEBUG": False}, "ok"),
    ("config.https", {"BASE_URL": "https://b.example", "SECURE": True, "SECURE_HSTS_SECONDS": 86400}, "ok"),
    ("config.https", {"BASE_URL": "http://b.example", "SECURE": False}, "fail"),
    ("config.https", {"BASE_URL": "http://127.0.0.1:8000", "SECURE": False}, "warn"),
    ("config.hosts", {"ALLOWED_HOSTS": ["*"]}, "fail"),
    ("config.hosts", {"ALLOWED_HOSTS": ["b.example"]}, "ok"),
    ("config.proxies", {"SECURE": True, "TRUSTED_PROXIES": 0}, "fail"),
    ("config.proxies", {"SECURE": True, "TRUSTED_PROXIES": 1}, "ok"),
    ("config.proxies", {"SECURE": False, "TRUSTED_PROXIES": 1}, "warn"),
    ("config.mail", {"MAIL_LEAVES": False}, "warn"),
    ("config.log", {"LOGGING": {"level": "debug", "json": True}}, "warn"),
    ("config.log", {"LOGGING": {"level": "info", "json": True}}, "ok"),
    ("tenancy.rate_limit", {"API_REQUESTS_PER_MINUTE": 0}, "fail"),
    ("tenancy.signup", {"SIGNUP_IS_OPEN": True, "SECURE": True}, "warn"),
    ("slo.prober", {"PROBE_URL": ""}, "fail"),
    ("slo.defined", {"INDICATORS": False}, "fail"),
    ("errors.sentry", {"SENTRY_DSN": ""}, "warn"),
    ("errors.sentry", {"SENTRY_DSN": "https://k@s.example/1"}, "ok"),
    ("database.pool", {"PGBOUNCER": True}, "ok"),
]


@pytest.mark.parametrize(("key", "wrong", "expected"), SETTINGS)
def test_settings_are_judged(key: str, wrong: dict[str, Any], expected: str, settings: Any) -> None:
    for name, value in wrong.items():
        setattr(settings, name, value)
    found = finding(key)
    assert found.state == expected, found
    if expected != "ok":
        assert found.remedy
    key_of_now = wrong.get("SECRET_KEY", "")
    assert not key_of_now or key_of_now not in f"{found}"


def test_a_mail_server_that_is_not_there_is_found(settings: Any) -> None:
    settings.MAIL_LEAVES = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    found = finding("config.mail")
    assert found.state is State.FAIL
    assert "127.0.0.1:1" in found.evidence


def test_a_password_everybody_knows_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKA_ADMIN_PASSWORD", "changeme")
    found = finding("tenancy.passwords")
    assert found.state is State.FAIL
    assert "changeme" not in f"{found}"


@pytest.mark.parametrize(("hours", "expected"), [(25, "ok"), (27, "fail"), (None, "fail")])
def test_a_backup_too_old_is_found(hours: int | None, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = datetime.now(UTC) - timedelta(hours=hours or 0)
    found = None if hours is None else SimpleNamespace(ended_at=ended, started_at=ended, bytes=5, kind="base")
    monkeypatch.setattr(proven, "last_backup", lambda: found)
    assert state("backups.recent") == expected


@pytest.mark.parametrize(("days", "expected"), [(1, "ok"), (9, "fail"), (None, "fail")])
def test_a_restore_that_was_never_proven_is_missed(
    days: int | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    age = timedelta(days=days or 0)
    found = None if days is None else proven.Proven(datetime.now(UTC) - age, None, age)
    monkeypatch.setattr(proven, "last_proven", lambda: found)
    assert state("backups.proven") == expected


@pytest.mark.parametrize(
    ("url", "folder", "expected"), [("s3://b/p", "", "ok"), ("", "/dev/shm/backups", "warn"), ("", "", "fail")]
)
def test_a_backup_on_the_same_disk_is_no_backup_elsewhere(
    url: str, folder: str, expected: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TIKA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TIKA_BACKUP_URL", url)
    monkeypatch.setenv("TIKA_BACKUP_DIR", folder)
    assert state("backups.offsite") == expected


@pytest.mark.parametrize(("minutes", "expected"), [(2, "ok"), (30, "warn"), (90, "fail"), (None, "fail")])
def test_what_would_be_lost_now_is_measured(
    minutes: int | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = None if minutes is None else timedelta(minutes=minutes)
    monkeypatch.setattr(proven, "measured_rpo", lambda: lost)
    assert state("backups.point_in_time") == expected


def test_what_a_pipeline_reports_is_believed_for_a_month() -> None:
    run = StringIO()
    call_command("record_pipeline", "--commit", "ABC123", "--step", "scan=failed", stdout=run)
    assert state("delivery.scan") == "fail"
    call_command("record_pipeline", "--commit", "abc124", "--step", "scan=passed", "--step", "gate=passed", stdout=run)
    assert "abc124" in finding("delivery.scan").evidence
    assert (state("delivery.scan"), state("delivery.gate")) == ("ok", "ok")
    old = "UPDATE console_mark SET at = now() - interval '31 days' WHERE name = 'pipeline'"
    run_sql(old, tenant=OPERATORS_ID)
    assert state("delivery.scan") == "warn"


@pytest.mark.parametrize(
    "given", [("--commit", "xyz", "--step", "scan=passed"), ("--commit", "a", "--step", "scan=maybe")]
)
def test_a_report_that_makes_no_sense_is_refused(given: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        call_command("record_pipeline", *given)


def run(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", *arguments, stdout=out, stderr=out)
    return int(str(ended.value.code)), out.getvalue()


def test_the_command_says_all_of_it_as_json_too() -> None:
    code, text = run("--json", "--stage", "1")
    told = json.loads(text)
    assert told["exit_code"] == code
    assert {one["stage"] for one in told["checks"]} == {"mvp"}
    assert set(told["checks"][0]) == {
        "key", "stage", "title", "looks_at", "state", "evidence", "advice", "remedy", "at", "ms",
    }  # fmt: skip
    assert all(one["evidence"] for one in told["checks"])
    assert not [one["key"] for one in told["checks"] if one["evidence"].startswith("The check failed")]
    code, text = run("--language", "ko")
    assert "MVP" in text
    assert "tenancy.wall" in text


def test_without_the_database_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("observability.console.management.commands.doctor.report", away)
    code, text = run("--json")
    assert code == 20
    assert json.loads(text)["error"] == "connection refused"
    assert run()[0] == 20


def test_no_check_fails_by_itself_here() -> None:
    with tenant_context(OPERATORS_ID):
        found = asked.report()
    wrong = [
        one.check.key for one in found.results if one.finding.evidence.startswith(("The check failed", "No answer"))
    ]
    assert wrong == []
    assert len(found.results) > 50


def test_the_page_shows_every_check_with_its_state_as_a_word(viewer: Person) -> None:
    page = viewer.client.get("/ops/doctor/").content.decode()
    for one in registry.checks():
        assert f'id="check-{one.key}"' in page
    for word in ("In order", "Not known", "MVP", "SaaS"):
        assert word in page
    for stage in Stage:
        assert f'id="stage-{int(stage)}"' in page


def test_a_broken_check_does_not_break_the_page(viewer: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def raises() -> Finding:
        raise ZeroDivisionError

    broken_one = Check("x.broken", Stage.MVP, "Broken one", "?", raises)
    monkeypatch.setitem(registry.known, "x.broken", broken_one)
    asked.last.clear()
    answer = viewer.client.get("/ops/doctor/")
    asked.last.clear()
    assert answer.status_code == 200
    assert "ZeroDivisionError" in answer.content.decode()


def test_many_who_look_at_once_ask_once(viewer: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    asked.last.clear()
    times: list[int] = []
    real: Callable[..., Any] = asked.report

    def counted() -> Any:
        times.append(1)
        return real()

    monkeypatch.setattr(asked, "report", counted)
    for _ in range(3):
        viewer.client.get("/ops/doctor/")
    asked.last.clear()
    assert len(times) == 1


def test_the_page_is_korean_but_for_names(viewer: Person) -> None:
    page = viewer.client.get("/ops/doctor/", headers={"accept-language": "ko"}).content.decode()
    page = page.replace(viewer.user.name, "")
    words = {word for text in english_in(page) for word in re.findall(r"[A-Za-z][\w./=:-]+", text, re.ASCII)}
    assert {word.rstrip(".:") for word in words if not CALLED.fullmatch(word.rstrip(".:"))} == set()
