"""dast.sh with the real scanner: Tika stands, a bad server is found out, and a scan that saw nothing is none."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cast import PASSWORD, make_workspace
from tests.delivery.pipelines.answering import Reply, answering
from tests.delivery.pipelines.bad_server import bad_server
from tests.delivery.pipelines.running import run
from tests.delivery.pipelines.workflows import PIPELINE
from tests.delivery.unchecked import long
from tests.live import servers

# Enough to look at each page and to begin each kind of attack.
MINUTES = "0.3"


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its packages cannot stand beside ours; uv is quicker than the script's pip, by the same hashes."""
    venv, lock = tmp_path_factory.mktemp("dast") / "venv", PIPELINE / "dast.lock"
    uv, python = str(Path(sys.executable).with_name("uv")), str(venv / "bin" / "python")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, venv], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--require-hashes", "--python", python, "-r", lock], check=True)
    (venv / "stamp").write_bytes(subprocess.run(["cksum"], input=lock.read_bytes(), capture_output=True).stdout)
    return venv


def scan(scanner: Path, url: str, folder: Path, **own: str) -> tuple[int, str, str]:
    own = {"TIKA_DAST_VENV": str(scanner), "TIKA_DAST_MINUTES": MINUTES, **own}
    return run("dast.sh", url, folder, **own)


@long
def test_tika_stands(scanner: Path, tmp_path: Path) -> None:
    acme = make_workspace(olga="OWNER", mia="MEMBER")
    acme.board().ticket("Pay page fails")
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    own = {"TIKA_DAST_EMAIL": acme.people["mia"].user.email, "TIKA_DAST_PASSWORD_FILE": str(tmp_path / "password")}
    process = servers.web(tmp_path, servers.free_port())
    try:
        code, said, why = scan(scanner, f"http://127.0.0.1:{process.port}", tmp_path / "report", **own)
    finally:
        process.stop()
    assert code == 0, said[-5000:] + why
    assert {path.name for path in (tmp_path / "report").iterdir()} == {"stranger.json", "member.json"}
    # It was inside, beyond the one page that a sign-in leads to.
    log = [json.loads(line) for line in process.log.read_text().splitlines() if line.startswith("{")]
    assert sum(line.get("tenant_id") == str(acme.id) for line in log) > 10
    assert PASSWORD not in said + why


def test_what_only_a_member_sees_is_found_too(scanner: Path, tmp_path: Path) -> None:
    with bad_server() as url:
        own = {"TIKA_DAST_EMAIL": "mia@example.com", "TIKA_DAST_PASSWORD": "whatever"}
        code, said, why = scan(scanner, url, tmp_path, **own)
    assert code == 1, said[-5000:] + why
    assert "Cross Site Scripting: GET /greet" in said.split("As member:")[1]
    assert "/greet" not in said.split("As stranger:")[1].split("As member:")[0]


def test_who_is_not_let_in_has_scanned_nothing(scanner: Path, tmp_path: Path) -> None:
    form = Reply(200, b'<input type="hidden" name="csrfmiddlewaretoken" value="abc">')
    replies: dict[str, Reply | list[Reply]] = {"/accounts/login/": form}
    replies["/profile/"] = Reply(302, b"", {"Location": "/accounts/login/?next=/profile/"})
    replies["/accounts/login/?next=/profile/"] = form
    with answering(replies) as tika:
        own = {"TIKA_DAST_EMAIL": "mia@example.com", "TIKA_DAST_PASSWORD": "wrong-and-secret"}
        code, said, why = scan(scanner, tika.url, tmp_path, **own)
    assert (code, said) == (2, "")
    assert why == "mia@example.com is not let in: is the password right, and is there no second factor?\n"


@pytest.mark.parametrize("missing", ["TIKA_DAST_EMAIL", "TIKA_DAST_PASSWORD", "somebody who answers"])
def test_a_scan_that_cannot_be_done_is_no_green_one(missing: str, scanner: Path, tmp_path: Path) -> None:
    own = {"TIKA_DAST_EMAIL": "mia@example.com", "TIKA_DAST_PASSWORD": "wrong-and-secret"}
    own.pop(missing, None)
    with answering({}) as server:
        url = server.url
    code, said, why = scan(scanner, url, tmp_path, **own)
    assert (code, said) == (2, "")
    assert ("TIKA_DAST_EMAIL and" if missing in {"TIKA_DAST_EMAIL", "TIKA_DAST_PASSWORD"} else url) in why
    assert not list(tmp_path.glob("*.json"))
