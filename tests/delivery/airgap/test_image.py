"""An image in a bundle: what an engine without a network loads from it is the one that was built, and it runs."""

import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivery.engine import Engine, start_alone, stop
from tika.bundle import keys, make, verify
from tika.cli.environment import ROOT
from tika.cli.refusal import Refusal
from tika.env import VERSION

# Where nothing can be asked of anybody.
OFFLINE = ("unshare", "--net")


@pytest.fixture
def site() -> Iterator[Engine]:
    """Another engine, which has no network and has never seen an image."""
    made = start_alone()
    yield made
    stop(made)


@pytest.fixture
def bundle(engine: Engine, image: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As `bin/bundle build --image` makes it, but for the Python packages, which test_offline.py has."""
    for name in ("DOCKER_HOST", "PATH"):
        monkeypatch.setenv(name, engine.environ[name])
    monkeypatch.setattr(make, "wheels", lambda home: (home / "tika" / make.PACKAGED).mkdir())
    keys.make(tmp_path / "tika.pem")
    return make.make(tmp_path / "tika.tar", keys.load(tmp_path / "tika.pem"), [image])


def offline(*arguments: str) -> str:
    command = [*OFFLINE, str(ROOT / "bin/bundle"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_site_loads_the_very_image_that_was_built_and_runs_it(
    engine: Engine, image: str, bundle: Path, site: Engine, tmp_path: Path
) -> None:
    key = ["--key", str(tmp_path / "tika.pub")]
    (listed,) = verify.verify(bundle, verify.read_key(tmp_path / "tika.pub"))["images"]
    assert (listed["name"], listed["id"]) == (image, engine.inspect(image, "{{.Id}}"))
    assert "1 images" in offline("verify", str(bundle), *key)
    said = offline("install", str(bundle), *key, "--to", str(tmp_path / "site"))
    (line,) = [line for line in said.splitlines() if "docker load" in line]
    assert f"# {image}, {listed['id']}" in line
    assert site.docker("image", "ls", "--quiet").stdout == ""
    site.docker(*shlex.split(line, comments=True)[1:])
    for form in ("{{.Id}}", "{{json .RootFS.Layers}}", "{{json .Config}}"):
        assert site.inspect(image, form) == engine.inspect(image, form)
    flags = ["--rm", "--network=none", "--read-only", "--cap-drop=ALL"]
    assert "no issues" in site.docker("run", *flags, image, "check", "--fail-level", "WARNING").stdout
    script = "from tika.env import VERSION, env; print(VERSION, env.str('TIKA_COMMIT'))"
    assert site.docker("run", *flags, "--entrypoint=python", image, "-c", script).stdout == f"{VERSION} c0ffee\n"


def test_an_image_that_is_replaced_while_it_is_saved_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = iter(["sha256:" + "a" * 64, "", "sha256:" + "b" * 64])
    monkeypatch.setattr(make, "run", lambda *_: next(ids))
    with pytest.raises(Refusal, match="became another image"):
        make.save(tmp_path, "tika:1", 1)
