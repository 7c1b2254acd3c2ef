"""Programs the tests need and pip does not bring (Chromium, PgBouncer, Prometheus): found, or installed if possible."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tika.cli.progress import step
from tika.cli.refusal import Refusal

PATIENCE = 60
APT_PATIENCE = 600


def chromium() -> str:
    """The path of a Chromium that starts."""
    for found in _known_chromiums():
        if _starts(found):
            return found
    with step("Chromium for the browser tests"):
        _run([sys.executable, "-m", "playwright", "install", "chromium"], seconds=PATIENCE)
        if _starts(own := _playwrights_own()):
            return own
        apt_install("chromium")
    if system := shutil.which("chromium"):
        return system
    raise Refusal(
        "The browser tests need Chromium: install it (`apt install chromium`, or `.venv/bin/playwright install chromium"
        " --with-deps`), or name one with TIKA_CHROMIUM=/path/to/chrome."
    )


def _known_chromiums() -> Iterator[str]:
    if named := os.environ.get("TIKA_CHROMIUM"):
        yield named
    yield _playwrights_own()
    for name in ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        if found := shutil.which(name):
            yield found


def _playwrights_own() -> str:
    question = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    return _run([sys.executable, "-c", question], seconds=PATIENCE).strip()


def _starts(program: str) -> bool:
    # One that lacks a system library is there and does not start.
    return bool(program) and Path(program).exists() and "Chrom" in _run([program, "--version"], seconds=PATIENCE)


def pgbouncer() -> str:
    path = f"{os.environ.get('PATH', os.defpath)}{os.pathsep}/usr/sbin"
    if found := shutil.which("pgbouncer", path=path):
        return found
    with step("PgBouncer"):
        apt_install("pgbouncer")
    if found := shutil.which("pgbouncer", path=path):
        return found
    raise Refusal(
        "These tests need PgBouncer: install it (`apt install pgbouncer`), or run bin/test without --pgbouncer."
    )


def debian(program: str, *packages: str) -> str:
    """A program of these packages of Debian, which are installed where it is missing; its package has its name."""
    packages = packages or (program,)
    if not shutil.which(program):
        with step(program):
            apt_install(*packages)
    if found := shutil.which(program):
        return found
    raise Refusal(f"These tests need {program}: install it (`apt install {' '.join(packages)}`).")


def korean_font() -> None:
    """Without one a browser shows boxes for Korean; nothing is wrong with the page then."""
    if _run(["fc-list", ":lang=ko"], seconds=PATIENCE):
        return
    with step("A Korean font"):
        apt_install("fonts-noto-cjk")
    if not _run(["fc-list", ":lang=ko"], seconds=PATIENCE):
        raise Refusal("Pictures of Korean pages need a Korean font: install one (`apt install fonts-noto-cjk`).")


def apt_install(*packages: str) -> None:
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return
    environ = {"DEBIAN_FRONTEND": "noninteractive"}
    # Workers of one run, and runs, take turns: apt itself would give up.
    with Path(tempfile.gettempdir(), "tika-tests-apt.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        _run(["apt-get", "update", "--quiet"], seconds=APT_PATIENCE, **environ)
        install = ["apt-get", "install", "--quiet", "--yes", "--no-install-recommends", *packages]
        _run(install, seconds=APT_PATIENCE, **environ)


def _run(command: list[str], *, seconds: float, **environ: str) -> str:
    """What it printed; empty when it failed, was not there, or took too long."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, check=False, env={**os.environ, **environ}
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
