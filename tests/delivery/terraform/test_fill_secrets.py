"""fill_secrets.py: what goes to AWS, that it goes there once, and that nobody else sees it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.delivery.pipelines.running import stand_in
from tests.delivery.terraform.code import FOLDER

AWS = f"""#!{sys.executable} -SE
import json, os, sys
from pathlib import Path
kept, calls = Path(os.environ["KEPT"]), Path(os.environ["CALLS"])
with calls.open("a") as notes:
    notes.write(" ".join(sys.argv[1:]) + "\\n")
if os.environ.get("FAULT"):
    sys.exit("An error occurred (AccessDeniedException)")
if sys.argv[2] == "get-secret-value":
    if not kept.exists():
        sys.exit("(ResourceNotFoundException) Secrets Manager can't find the specified secret value")
    print(json.dumps({{"SecretString": kept.read_text()}}))
else:
    told = json.loads(Path(sys.argv[sys.argv.index("--cli-input-json") + 1].removeprefix("file://")).read_text())
    kept.write_text(told["SecretString"])
    print(json.dumps({{"Name": told["SecretId"]}}))
"""


class Vault:
    def __init__(self, folder: Path) -> None:
        self.kept, self.calls = folder / "kept", folder / "calls"
        self.path = stand_in(folder / "bin", "aws", AWS)

    def fill(self, *arguments: str, host: str = "db.internal:5432", fault: str = "") -> tuple[int, str, str]:
        own = {"PATH": self.path, "KEPT": str(self.kept), "CALLS": str(self.calls), "FAULT": fault}
        command = [sys.executable, "-SE", str(FOLDER / "fill_secrets.py"), "--secret", "tika/settings", "--host", host]
        done = subprocess.run([*command, *arguments], env=own, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def told(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.kept.read_text())
        return found


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path)


def test_each_role_gets_an_address_of_its_own(vault: Vault) -> None:
    code, _said, why = vault.fill()
    assert code == 0, why
    told = vault.told()
    assert set(told) == {
        "TIKA_SECRET_KEY",
        "DATABASE_URL",
        "DATABASE_URL_DIRECT",
        "DATABASE_URL_WORKER",
        "DATABASE_URL_MIGRATOR",
    }
    parts = {name: conninfo_to_dict(told[name]) for name in told if name.startswith("DATABASE")}
    assert {part["user"] for part in parts.values()} == {"tika_app", "tika_worker", "tika_migrator"}
    assert {(part["host"], part["dbname"], part["sslmode"]) for part in parts.values()} == {
        ("db.internal", "tika", "require")
    }
    assert len({part["password"] for part in parts.values()}) == 3
    assert all(len(str(part["password"])) >= 40 for part in parts.values())


def test_nobody_sees_them_on_the_screen_or_on_a_command_line(vault: Vault) -> None:
    _, said, why = vault.fill()
    for value in vault.told().values():
        password = conninfo_to_dict(value)["password"] if "://" in value else value
        assert str(password) not in said + why + vault.calls.read_text()


def test_what_is_there_stays_and_one_can_be_made_anew(vault: Vault) -> None:
    vault.fill()
    before = vault.told()
    assert vault.fill()[1] == "Everything was there already.\n"
    assert vault.told() == before
    assert vault.fill("--renew", "DATABASE_URL")[1] == "Made: DATABASE_URL, DATABASE_URL_DIRECT.\n"
    changed = {name for name, value in vault.told().items() if value != before[name]}
    assert changed == {"DATABASE_URL", "DATABASE_URL_DIRECT"}


def test_with_the_authorities_the_server_is_verified(vault: Vault) -> None:
    vault.fill("--ca", "/opt/tika/rds.pem")
    told = conninfo_to_dict(vault.told()["DATABASE_URL"])
    assert (told["sslmode"], told["sslrootcert"]) == ("verify-full", "/opt/tika/rds.pem")


def test_a_refusal_of_aws_changes_nothing(vault: Vault) -> None:
    code, _, why = vault.fill(fault="denied")
    assert code == 1
    assert "AccessDenied" in why
    assert not vault.kept.exists()


@pytest.mark.parametrize("host", ["db.internal/tika", "user:secret@db.internal", "", "db internal"])
def test_what_is_no_host_is_refused(host: str, vault: Vault) -> None:
    assert vault.fill(host=host)[0] == 2
    assert not vault.calls.exists()
