"""The files of an installation, read by the tools that read them; test_stack.py runs them."""

import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.delivery.engine import COMPOSE, install, run
from tests.tools import debian
from tika.cli.environment import ROOT

FILES = [ROOT / name for name in ("docker-compose.production.yml", "docker-compose.observability.yml")]
PRODUCTION = FILES[0]
SERVICES: dict[str, Any] = yaml.safe_load(PRODUCTION.read_text())["services"]


def tool(name: str, *arguments: str) -> str:
    done = run([str(Path(sys.executable).with_name(name)), *arguments], check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "path", [*FILES, ROOT / "deploy" / "compose" / "observability.yml"], ids=lambda path: path.name
)
def test_it_follows_the_published_schema(path: Path) -> None:
    tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(path))


@pytest.mark.parametrize("profiles", ["", "redis", "observability"])
def test_compose_reads_it_with_every_profile(profiles: str) -> None:
    install()
    names = [*FILES, ROOT / "deploy" / "compose" / "observability.yml"] if profiles == "observability" else [PRODUCTION]
    environ = {"PATH": "/usr/bin:/bin", "TIKA_DOMAIN": "a.internal", "GRAFANA_ADMIN_PASSWORD": "x"}
    files = [part for path in names for part in ("-f", str(path))]
    chosen = ["--profile", profiles] if profiles else []
    done = run([COMPOSE, *files, *chosen, "config"], environ)
    assert ("targets/tika.yaml" in done.stdout) == (profiles == "observability")
    assert SERVICES["redis"]["profiles"] == ["redis"]


def test_without_a_name_it_says_what_to_set() -> None:
    install()
    done = run([COMPOSE, "-f", str(PRODUCTION), "config"], {"PATH": "/usr/bin:/bin"}, check=False)
    assert done.returncode != 0
    assert "name it in .env, or run bin/install" in done.stderr


@pytest.mark.parametrize("name", [name for name in SERVICES if not SERVICES[name]["image"].startswith("${TIKA_IMAGE")])
def test_an_image_of_others_is_named_by_its_digest_and_can_be_replaced(name: str) -> None:
    assert re.fullmatch(r"\$\{[A-Z]+_IMAGE:-[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}\}", SERVICES[name]["image"])


@pytest.mark.parametrize("name", SERVICES)
def test_every_part_is_limited_and_may_do_little(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["cpus"]
    assert service["pids_limit"]
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    assert not [key for key in service.get("environment", {}) if re.search("PASSWORD$|SECRET_KEY$|DATABASE_URL$", key)]


def test_only_the_step_that_makes_roles_is_told_the_superusers_address() -> None:
    told = {name for name, service in SERVICES.items() if "database_url_superuser" in service.get("secrets", [])}
    assert told == {"roles"}
    assert {name for name in SERVICES if "ports" in SERVICES[name]} == {"caddy"}


def test_ten_things_can_be_set_and_two_are_asked() -> None:
    names = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M)
    assert len(names) == len(set(names)) <= 10
    settings = (ROOT / "deploy" / "install" / "settings.sh").read_text()
    assert re.findall(r'(\w+)=\$\(question "', settings) == ["TIKA_DOMAIN", "TIKA_ADMIN_EMAIL"]
    keys = re.search(r'^KEYS="([^"]+)"', settings, re.M)
    assert keys is not None
    assert sorted(keys[1].split()) == sorted(names)
    asked = re.findall(r"\$\{([A-Z_]+)", PRODUCTION.read_text())
    assert {name for name in asked if name.startswith("TIKA_")} - {"TIKA_BACKUP_URL"} <= set(names)


@pytest.mark.parametrize(
    ("domain", "tls"),
    [("board.internal", "internal"), ("board.example.com", "ann@example.com"), ("board.internal", "/c.pem /c.key")],
)
def test_caddy_takes_its_file_with_every_kind_of_certificate(domain: str, tls: str, tmp_path: Path) -> None:
    debian("caddy")
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "TIKA_DOMAIN": domain, "TIKA_TLS": tls}
    command = "adapt" if tls.startswith("/") else "validate"
    run(["caddy", command, "--adapter", "caddyfile", "--config", str(ROOT / "Caddyfile")], environ)


def test_shellcheck_finds_nothing_in_the_installer() -> None:
    tool("shellcheck", "--shell=sh", "--external-sources", "--source-path", str(ROOT), str(ROOT / "bin" / "install"))
