"""What this machine can't check, told in the last lines of `bin/test --delivery` instead of passing for checked."""

import os
from pathlib import Path
from typing import NoReturn

import pytest

# Names the file that `bin/test --delivery` reads back at its end.
NOTES = "TIKA_UNCHECKED"
# Whoever has the time says so.
TIME = "DELIVERY_LONG"
long = pytest.mark.skipif(not os.environ.get(TIME), reason=f"it takes minutes: {TIME}=1 does it")
LONG = (
    "bin/upgrade --compose on a real stack, done and put back; the transcript of backup, restore and upgrade",
    "a scanner's attack on a whole Tika",
    "deploy/terraform applied to an emulator of AWS",
)
# Nothing like these can run beside a test.
NEVER = {
    "the published base images (musl, size, known holes)": "no image registry is asked by a test",
    "a Kubernetes cluster's own behaviour (scheduling, admission, network policies, rollouts)": "a test has no cluster",
    "certificates by ACME": "a test has no public name",
    "Grafana, Loki, Tempo and the collector as running programs": "no package registry carries them",
    "GitHub's runners, signing and attestations": "they exist at GitHub alone",
    "AWS itself": "an emulator stands in for it",
}


def left_unchecked(what: str, why: str) -> None:
    """The test goes on, and the run's last lines name what it could not see."""
    if path := os.environ.get(NOTES):
        with Path(path).open("a") as notes:
            notes.write(f"{what}: {why}\n")


def could_not_check(what: str, why: str) -> NoReturn:
    """Ends the test. Only for tools that neither Debian nor PyPI nor npm carries; one of those is installed instead."""
    left_unchecked(what, why)
    pytest.skip(f"could not check {what}: {why}")


def told(notes: Path) -> list[str]:
    """One line each, those of this run first."""
    seen = dict.fromkeys(notes.read_text().splitlines()) if notes.exists() else {}
    later = () if os.environ.get(TIME) else LONG
    return [
        *seen,
        *(f"{what}: {long.kwargs['reason']}" for what in later),
        *(f"{what}: {why}" for what, why in NEVER.items()),
    ]
