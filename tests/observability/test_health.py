"""Alive and ready are two questions."""

import re
import tomllib
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client

from observability import health
from tika.cli.environment import ROOT

ADDRESSES = ["/readyz", "/api/health"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_is_ready_with_its_tables_and_within_the_wall(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {"database": True, "isolation": True, "migrations": True},
        "version": settings.VERSION,
    }


@pytest.mark.parametrize("address", ADDRESSES)
def test_is_not_ready_before_its_migrations(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "latest_migrations", lambda: {("boards", "9999_not_applied_yet")})
    answer = Client().get(address)
    assert answer.status_code == 503
    assert answer.json()["status"] == "unavailable"
    assert answer.json()["checks"] == {"database": True, "isolation": True, "migrations": False}


def test_without_a_database_it_is_alive_but_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "cursor", Mock(side_effect=OperationalError))
    assert Client().get("/livez").status_code == 200
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert not any(answer.json()["checks"].values())


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest
    assert project["version"] == newest[1] == settings.VERSION
