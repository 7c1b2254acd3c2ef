"""Terraform itself: form, validity, and its own tests with made-up answers; and that a false claim is seen."""

from pathlib import Path

import pytest

from tests.delivery.terraform.code import copied, environment, initialised, run, terraform


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    terraform()
    made = copied(tmp_path_factory.mktemp("terraform"))
    initialised(made, environment(made.parent))
    return made


def test_form_validity_and_its_own_tests(folder: Path) -> None:
    own = environment(folder.parent) | {"TERRAFORM": terraform()}
    code, said = run("sh", "check.sh", at=folder, environ=own, seconds=300)
    assert code == 0, said
    assert "0 failed" in said


def test_a_database_that_anybody_reaches_is_seen(folder: Path) -> None:
    own = environment(folder.parent)
    rds = (folder / "rds.tf").read_text()
    (folder / "rds.tf").write_text(rds.replace("publicly_accessible    = false", "publicly_accessible    = true"))
    try:
        code, said = run(
            terraform(), "test", "-no-color", "-filter=tests/everything.tftest.hcl", at=folder, environ=own
        )
    finally:
        (folder / "rds.tf").write_text(rds)
    assert code != 0
    assert "The database must have no way in from outside" in said


def test_without_terraform_the_check_says_that_it_looked_at_nothing(tmp_path: Path) -> None:
    code, said = run(
        "sh", "check.sh", at=copied(tmp_path), environ={"PATH": "/usr/bin:/bin", "TERRAFORM": "no-terraform"}
    )
    assert code == 2
    assert "nothing was looked at" in said
