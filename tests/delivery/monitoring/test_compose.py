"""docker-compose.observability.yml: nothing in it moves by itself, and nothing is missing."""

import re
from typing import Any

import pytest
import yaml

from tika.cli.environment import ROOT

SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.observability.yml").read_text())["services"]


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_is_named_by_its_version_and_its_digest(name: str) -> None:
    assert re.fullmatch(r"[\w./-]+:v?\d+\.\d+\.\d+@sha256:[0-9a-f]{64}", SERVICES[name]["image"])


@pytest.mark.parametrize("name", SERVICES)
def test_it_starts_only_when_asked_for_and_is_reached_from_this_machine_only(name: str) -> None:
    assert SERVICES[name]["profiles"] == ["observability"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@pytest.mark.parametrize("name", SERVICES)
def test_what_it_mounts_is_there_and_read_only(name: str) -> None:
    for volume in SERVICES[name]["volumes"]:
        source, _, rest = volume.partition(":")
        if source.startswith("./"):
            assert (ROOT / source).is_dir(), volume
            assert rest.endswith(":ro"), volume


@pytest.mark.parametrize("path", ["loki/loki.yml", "tempo/tempo.yml", "otel/collector.yml"])
def test_a_configuration_nobody_here_can_start_is_at_least_yaml(path: str) -> None:
    assert yaml.safe_load((ROOT / "deploy" / path).read_text())


def test_the_collector_hands_on_what_it_takes() -> None:
    found = yaml.safe_load((ROOT / "deploy" / "otel" / "collector.yml").read_text())
    for pipeline in found["service"]["pipelines"].values():
        for part in ("receivers", "processors", "exporters"):
            assert set(pipeline[part]) <= set(found[part])
    hosts = set(re.findall(r"http://(\w+):", str(found["exporters"])))
    assert hosts <= set(SERVICES)
