"""TIKA_LANGUAGE: what a reader is spoken to in who has said nothing, and whose browser hasn't either."""

import os
import subprocess
import sys

import pytest
from django.conf import LazySettings
from django.test import Client

from tika.cli.environment import ROOT

SIGN_IN = "/accounts/login/"


@pytest.mark.django_db
@pytest.mark.parametrize(("browser", "spoken"), [("", "ko"), ("de", "ko"), ("en-GB", "en"), ("ko-KR", "ko")])
def test_korean_is_spoken_where_the_browser_says_nothing(browser: str, spoken: str, settings: LazySettings) -> None:
    settings.LANGUAGE_CODE = "ko"
    said = {"Accept-Language": browser} if browser else {}
    assert Client().get(SIGN_IN, headers=said)["Content-Language"] == spoken


def test_another_language_is_refused_by_name() -> None:
    command = [sys.executable, "-c", "import tika.settings"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "TIKA_LANGUAGE": "fr"}, capture_output=True, text=True, check=False
    )
    assert "TIKA_LANGUAGE is 'fr'; it must be en, ko" in done.stderr
