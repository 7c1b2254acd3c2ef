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

PRODUCTION, OBSERVABILITY = (ROOT / f"docker-compose.{name}.yml" for name in ("production", "observability"))
MONITORS: dict[str, Any] = yaml.safe_load(OBSERVABILITY.read_text())["services"]
SERVICES: dict[str, Any] = {
    name: service
    for name, service in yaml.safe_load(PRODUCTION.read_text())["services"].items()
    if name not in MONITORS
}


def tool(name: str, *arguments: str) -> str:
    done = run([str(Path(sys.executable).with_name(name)), *arguments], check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def read(*arguments: str) -> dict[str, Any]:
    """What docker-compose makes of the one file, in an environment with nothing but the name."""
    install()
    done = run(
        [COMPOSE, "-f", str(PRODUCTION), *arguments, "config"], {"PATH": "/usr/bin:/bin", "TIKA_DOMAIN": "a.internal"}
    )
    found: dict[str, Any] = yaml.safe_load(done.stdout)["services"]
    return found


@pytest.mark.parametrize("path", [PRODUCTION, OBSERVABILITY], ids=lambda path: path.name)
def test_it_follows_the_published_schema(path: Path) -> None:
    tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(path))


def test_redis_and_the_observability_stack_are_profiles_of_the_one_file() -> None:
    found = read("--profile", "redis", "--profile", "observability")
    profiles = {name: service["profiles"] for name, service in found.items() if "profiles" in service}
    by_hand = {"restore": ["restore"]}
    assert profiles == {"redis": ["redis"], **by_hand, **{name: ["observability"] for name in MONITORS}}
    assert set(found) == {*SERVICES, *MONITORS}


def test_the_stack_beside_tika_is_the_one_that_stands_alone() -> None:
    found = read("--profile", "observability")
    for name, service in MONITORS.items():
        assert found[name]["image"] == service["image"]
        assert len(found[name].get("ports", [])) == len(service.get("ports", []))
    (targets,) = [volume for volume in found["prometheus"]["volumes"] if "targets/tika.yaml" in str(volume)]
    assert "deploy/compose/targets.yaml" in str(targets)
    assert set(found["prometheus"].get("networks", {"default"})) <= set(found["app"]["networks"])


def test_grafana_has_its_password_from_a_file_and_does_not_start_without_one() -> None:
    grafana = read("--profile", "observability")["grafana"]
    assert grafana["environment"]["GF_SECURITY_ADMIN_PASSWORD"].endswith("__file{/run/secrets/grafana_admin_password}")
    assert "grafana_admin_password" in str(grafana["secrets"])
    shell, flag, line = MONITORS["grafana"]["entrypoint"]
    line = line.replace("$$", "$").replace("exec /run.sh", "echo started")
    for password, code, said in (("", 1, "Set GRAFANA_ADMIN_PASSWORD."), ("x", 0, "started")):
        done = run([shell, flag, line], {"PATH": "/usr/bin:/bin", "GF_SECURITY_ADMIN_PASSWORD": password}, check=False)
        assert (done.returncode, (done.stdout + done.stderr).strip()) == (code, said)


def test_compose_reads_it_where_nothing_more_is_asked_for() -> None:
    assert set(SERVICES) <= set(read())


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
    found = read("--profile", "redis", "--profile", "observability")
    outside = {name for name in found for port in found[name].get("ports", []) if "127.0.0.1" not in str(port)}
    assert outside == {"caddy"}


def test_ten_things_can_be_set_and_two_are_asked() -> None:
    names = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M)
    assert len(names) == len(set(names)) <= 10
    settings = (ROOT / "deploy" / "install" / "settings.sh").read_text()
    assert re.findall(r'(\w+)=\$\(question "', settings) == ["TIKA_DOMAIN", "TIKA_ADMIN_EMAIL"]
    keys = re.search(r'^KEYS="([^"]+)"', settings, re.M)
    assert keys is not None
    assert sorted(keys[1].split()) == sorted(names)
    asked = re.findall(r"\$\{([A-Z0-9_]+)", PRODUCTION.read_text())
    bucket = {"TIKA_BACKUP_URL", "TIKA_BACKUP_S3_ENDPOINT"}
    assert {name for name in asked if name.startswith("TIKA_")} - bucket <= set(names)


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
