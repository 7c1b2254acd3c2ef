"""Bad migrations, each found where it is bad; and good ones of the same kind, which are let through."""

import importlib.util
import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import CheckConstraint, Q

from tika.cli.environment import ROOT
from tika.migration_lint import squawk
from tika.migration_lint.allowed import without_allowed
from tika.migration_lint.finding import Finding
from tika.migration_lint.lint import Candidate, lint

HEAD = """
import tenancy.base, tenancy.fields, tenancy.ids, tenancy.wall
from django.contrib.postgres.operations import *
from django.db import migrations, models
from django.db.migrations import *
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from tenancy.backfill import Backfill

def fill(apps, schema_editor):
    apps.get_model("boards", "Ticket").objects.update(title="x")

def count(apps, schema_editor):
    apps.get_model("tenancy", "User").objects.count()

class Migration(migrations.Migration):
    dependencies = []
    atomic = {atomic}
    operations = [
{operations}
    ]
"""
Look = Callable[..., list[Finding]]


@pytest.fixture(scope="session")
def released() -> ProjectState:
    return MigrationLoader(None).project_state()


@pytest.fixture
def look(tmp_path: Path, released: ProjectState) -> Look:
    """Finds what is wrong with `operations`, after the migrations of today; `file` is SQL beside it."""

    def look(
        operations: str, *, atomic: bool = True, previous: ProjectState | None = None, file: str = ""
    ) -> list[Finding]:
        path = tmp_path / "boards" / "migrations" / "0099_seeded.py"
        (path.parent / "sql").mkdir(parents=True, exist_ok=True)
        (path.parent / "sql" / "seeded.sql").write_text(file)
        body = textwrap.indent(textwrap.dedent(operations), " " * 8)
        path.write_text(HEAD.format(atomic=atomic, operations=body))
        spec = importlib.util.spec_from_file_location("seeded", path)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules["seeded"] = module
        spec.loader.exec_module(module)
        migration = module.Migration("0099_seeded", "boards")
        found, files = lint(tmp_path, [Candidate(migration, path, released.clone(), previous or released)])
        return sorted(set(without_allowed(tmp_path, found, files)))

    return look


def rules(findings: list[Finding]) -> set[str]:
    return {finding.rule for finding in findings}


BAD = {
    "a column is dropped that the release before reads": ("contract", "RemoveField('ticket', 'title'),"),
    "a table is dropped that the release before reads": ("contract", "DeleteModel('ticket'),"),
    "a column is dropped by hand": ("contract", 'RunSQL("ALTER TABLE boards_ticket DROP COLUMN title"),'),
    "a function goes that the release before may call": ("contract", 'RunSQL("DROP FUNCTION boards_snapshot(uuid)"),'),
    "a default goes that the release before relies on": (
        "contract",
        'RunSQL("ALTER TABLE boards_import ALTER COLUMN cause DROP DEFAULT"),',
    ),
    "a column is renamed": ("rename", "RenameField('ticket', 'title', 'name'),"),
    "a table is renamed": ("rename", "RenameModel('ticket', 'card'),"),
    "a new column is NOT NULL for all": (
        "python-default",
        "AddField('ticket', 'size', models.IntegerField(default=1)),",
    ),
    "a column that stays is filled by nobody": (
        "python-default",
        "SeparateDatabaseAndState(state_operations=[RemoveField('ticket', 'title')]),",
    ),
    "a required column by hand": (
        "adding-required-field",
        'RunSQL("ALTER TABLE boards_ticket ADD COLUMN size int NOT NULL"),',
    ),
    "a column becomes NOT NULL while all rows are read": (
        "adding-not-nullable-field",
        "AlterField('ticket', 'estimate', models.DecimalField(max_digits=7, decimal_places=2, db_default=0)),",
    ),
    "an index shuts writers out": (
        "require-concurrent-index-creation",
        "AddIndex('ticket', Index(fields=['tenant', 'title'], name='by_title')),",
    ),
    "an index is dropped under a lock": (
        "require-concurrent-index-deletion",
        'RunSQL("DROP INDEX boards_ticket_tenant_key"),',
    ),
    "a check reads all rows under a lock": (
        "constraint-missing-not-valid",
        "AddConstraint('ticket', CheckConstraint(condition=Q(version__gt=0), name='counted')),",
    ),
    "a unique key is built under a lock": (
        "disallowed-unique-constraint",
        "AddConstraint('ticket', UniqueConstraint(fields=['tenant', 'title'], name='once')),",
    ),
    "a foreign key is checked under a lock": (
        "adding-foreign-key-constraint",
        "AddField('ticket', 'parent', models.ForeignKey('boards.Ticket', models.PROTECT, null=True)),",
    ),
    "a column's type rewrites the table": (
        "changing-column-type",
        "AlterField('ticket', 'version', models.CharField(max_length=9)),",
    ),
    "a column is filled for all with a moving default": (
        "adding-field-with-default",
        'RunSQL("ALTER TABLE boards_ticket ADD COLUMN seen timestamptz DEFAULT clock_timestamp()"),',
    ),
    "a table is written anew": ("long-lock", 'RunSQL("VACUUM FULL boards_ticket"),'),
    "a table is locked": ("long-lock", 'RunSQL("LOCK TABLE boards_ticket IN EXCLUSIVE MODE"),'),
    "all rows are changed at once": ("unbatched", "RunSQL(\"UPDATE boards_ticket SET title = 'x'\"),"),
    "Python goes over a tenant's table": ("unbatched", "RunPython(fill, RunPython.noop),"),
    "rows are filled while locks are held": (
        "mixed-backfill",
        'Backfill("UPDATE boards_ticket SET title = title WHERE false AND %(rows)s > 0"),',
    ),
    "a tenant's table has no wall": (
        "no-wall",
        """
        CreateModel('Note', [('id', models.UUIDField(primary_key=True)),
                             ('tenant', models.ForeignKey('tenancy.Tenant', models.DO_NOTHING))]),
        """,
    ),
    "a table belongs to nobody": ("no-wall", 'RunSQL("CREATE TABLE loose (id uuid)"),'),
    "a wall is taken down": ("no-wall", 'RunSQL("DROP POLICY tenant_wall ON boards_ticket"),'),
    "a wall binds the owner no more": ("no-wall", 'RunSQL("ALTER TABLE boards_ticket NO FORCE ROW LEVEL SECURITY"),'),
    "it waits for ever for a lock": ("lock-timeout", 'RunSQL("SET LOCAL lock_timeout = 0"),'),
    "it waits half a minute for a lock": ("lock-timeout", "RunSQL(\"SET lock_timeout TO '30s'\"),"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_would_hurt_is_found(look: Look, case: str) -> None:
    rule, operations = BAD[case]
    found = [finding for finding in look(operations) if finding.rule == rule]
    assert found, rules(look(operations))
    assert {finding.path for finding in found} == {"boards/migrations/0099_seeded.py"}
    assert all(finding.reason and finding.remedy != "see docs/upgrading.md" for finding in found)


GOOD = {
    "a column with a default of the database": (
        True,
        "AddField('ticket', 'size', models.IntegerField(db_default=1, default=1)),",
    ),
    "a column that may be empty": (True, "AddField('ticket', 'size', models.IntegerField(null=True)),"),
    "an index beside people at work": (
        False,
        "AddIndexConcurrently('ticket', Index(fields=['tenant', 'title'], name='by_title')),",
    ),
    "a check for new rows": (
        True,
        "AddConstraintNotValid('ticket', CheckConstraint(condition=Q(version__gt=0), name='counted')),",
    ),
    "a longer text": (True, "AlterField('ticket', 'title', models.CharField(max_length=4000)),"),
    "rows in batches": (
        False,
        """
        Backfill("UPDATE boards_ticket SET title = title WHERE id IN"
                 " (SELECT id FROM boards_ticket WHERE title IS NULL LIMIT %(rows)s)"),
        """,
    ),
    "Python over a table that no tenant owns": (True, "RunPython(count, RunPython.noop),"),
    "a walled table with an index of its own": (
        True,
        """
        CreateModel('Note', [('id', models.UUIDField(primary_key=True)), ('text', models.TextField()),
                             ('tenant', models.ForeignKey('tenancy.Tenant', models.DO_NOTHING, db_index=False))],
                    options={'constraints': [tenancy.wall.Wall(name='boards_note_wall')]}),
        AddIndex('note', Index(fields=['tenant', 'text'], name='by_text')),
        """,
    ),
    "a function in another shape": (
        True,
        'RunSQL("DROP FUNCTION f(int); CREATE FUNCTION f(int, int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$"),',
    ),
    "what a function does is its own matter": (
        True,
        'RunSQL("CREATE FUNCTION g() RETURNS void LANGUAGE sql AS $$ UPDATE boards_ticket SET version = 1 $$"),',
    ),
}


@pytest.mark.parametrize("case", GOOD)
def test_what_hurts_nobody_is_let_through(look: Look, case: str) -> None:
    atomic, operations = GOOD[case]
    assert look(operations, atomic=atomic) == []


def test_a_column_goes_a_release_after_the_models_forgot_it(look: Look, released: ProjectState) -> None:
    drop = 'RunSQL("ALTER TABLE boards_ticket DROP COLUMN title"),'
    assert rules(look(drop)) == {"contract"}
    forgot = released.clone()
    forgot.remove_field("boards", "ticket", "title")
    assert look(drop, previous=forgot) == []


def test_not_null_comes_a_release_after_its_check(look: Look, released: ProjectState) -> None:
    alter = "AlterField('ticket', 'archived_at', models.DateTimeField()),"
    assert "adding-not-nullable-field" in rules(look(alter))
    checked = released.clone()
    checked.add_constraint("boards", "ticket", CheckConstraint(condition=Q(archived_at__isnull=False), name="due"))
    assert look(alter, previous=checked) == []


def test_a_finding_in_a_file_of_sql_names_its_line(look: Look) -> None:
    sql = "-- one\nSELECT 1;\n\nDROP TABLE boards_ticket;\nCREATE INDEX late ON boards_ticket (title);\n"
    found = look(f"RunSQL({sql!r}),", file=sql)
    assert [(one.path, one.line, one.rule) for one in found] == [
        ("boards/migrations/sql/seeded.sql", 4, "contract"),
        ("boards/migrations/sql/seeded.sql", 5, "require-concurrent-index-creation"),
    ]


def test_a_dated_reason_allows_one_thing(look: Look) -> None:
    drop = "RemoveField('ticket', 'title'),"
    assert look(f"# allow(contract) 2026-11-26: nobody has released this column yet\n{drop}") == []
    assert rules(look(f"# allow(rename) 2026-11-26: this is about something else\n{drop}")) == {
        "contract",
        "bad-allowance",
    }


@pytest.mark.parametrize(
    "comment",
    [
        "# allow(contract): a reason without a date",
        "# allow(contract) 2026-11-26: short",
        "# allow(contract) 2126-11-26: a day that is still to come",
        "# allow(contract) 2026-13-45: a day that never is",
        "# allow contract, please",
    ],
)
def test_an_allowance_without_date_or_reason_is_none(look: Look, comment: str) -> None:
    assert rules(look(f"{comment}\nRemoveField('ticket', 'title'),")) == {"contract", "bad-allowance"}


def test_an_allowance_that_allows_nothing_is_found(look: Look) -> None:
    findings = look("# allow(contract) 2026-11-26: left over from an older day\nRunSQL('SELECT 1'),")
    assert [finding.reason for finding in findings] == ["this allows nothing that is found here"]


def test_without_squawk_nothing_is_called_clean(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(squawk, "program", lambda: "/bin/true")
    with pytest.raises(squawk.NoSquawk):
        look("RunSQL('SELECT 1'),")


def run(root: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-W", "ignore", "manage.py", "lint_migrations", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=False)


def test_ours_are_clean() -> None:
    done = run(ROOT, "--all", "--json")
    assert (json.loads(done.stdout), done.returncode) == ([], 0), done.stdout + done.stderr


def test_a_released_migration_is_left_as_it_is(tmp_path: Path) -> None:
    """In a repository of its own, whose first commit is the release before."""
    for name in ("manage.py", "tika", "tenancy", "audit", "boards", "observability", "deploy/previous-release"):
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        target.symlink_to(ROOT / name) if name == "manage.py" else copy(ROOT / name, target)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@example.com"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "release"], ["tag", "v0.0.1"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    subprocess.run([*git, "commit", "-qm", "more", "--allow-empty"], check=True, capture_output=True)
    assert run_copy(tmp_path).returncode == 0

    edited = tmp_path / "boards" / "migrations" / "0007_import_cause.py"
    edited.write_text(edited.read_text().replace("db_default={}, ", ""))
    (tmp_path / "boards" / "migrations" / "0099_bad.py").write_text(
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        "    dependencies = [('boards', '0007_import_cause')]\n"
        "    operations = [\n        migrations.RemoveField('ticket', 'title'),\n    ]\n"
    )
    done = run_copy(tmp_path)
    assert done.returncode == 1
    assert "boards/migrations/0007_import_cause.py:1: released:" in done.stdout
    assert "boards/migrations/0099_bad.py:7: contract: the release before still uses boards_ticket.title" in done.stdout
    assert "instead: take it out of the models in this release" in done.stdout


def copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-r", str(source), str(target)], check=True)


def run_copy(root: Path) -> "subprocess.CompletedProcess[str]":
    (root / "manage.py").unlink()
    copy(ROOT / "manage.py", root / "manage.py")
    return run(root)


def test_a_clone_that_lacks_the_release_before_says_how_to_get_it() -> None:
    done = run(ROOT, "--since", "v99.0.0")
    assert done.returncode == 1
    assert "git fetch origin v99.0.0" in done.stderr
