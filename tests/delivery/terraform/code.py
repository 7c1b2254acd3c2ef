"""deploy/terraform as data, and Terraform itself where there is one."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hcl2

from tests.delivery.unchecked import could_not_check
from tika.cli.environment import ROOT

FOLDER = ROOT / "deploy" / "terraform"
FILES = sorted(FOLDER.glob("*.tf"))
# Where a folder of providers usually is; one of these spares the registry.
MIRRORS = ("~/.terraform.d/plugins", "/usr/share/terraform/plugins", "/usr/local/share/terraform/plugins", "/opt/*")
Block = dict[str, Any]


def plain(value: Any) -> Any:
    """Without the parser's quotation marks and notes."""
    if isinstance(value, dict):
        return {plain(name): plain(one) for name, one in value.items() if not str(name).startswith("__")}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value[1:-1] if isinstance(value, str) and value[:1] == value[-1:] == '"' else value


def read(path: Path) -> Block:
    found: Block = plain(hcl2.loads(path.read_text()))
    return found


def blocks(kind: str) -> Iterator[tuple[str, str, Block]]:
    """(type, name, body) of each `resource` or `data`."""
    for path in FILES:
        for block in read(path).get(kind, []):
            for type_, named in block.items():
                for name, body in named.items():
                    yield type_, name, body


def terraform() -> str:
    """Its path; the test ends here, and says so, where nothing carries it."""
    found = shutil.which("terraform") or shutil.which("tofu")
    if found is None:
        could_not_check("deploy/terraform with Terraform", "neither terraform nor tofu is installed here")
    return found


def mirror() -> Path | None:
    for place in MIRRORS:
        at = Path(place).expanduser()
        for found in sorted(at.parent.glob(at.name)):
            if (found / "registry.terraform.io" / "hashicorp" / "aws").is_dir():
                return found
    return None


def environment(folder: Path) -> dict[str, str]:
    """Nothing of the account of whoever runs it, and the mirror if there is one."""
    settings = "disable_checkpoint = true\n"
    if found := mirror():
        settings += f"provider_installation {{\n  filesystem_mirror {{\n    path = {json.dumps(str(found))}\n  }}\n}}\n"
    (folder / "tfrc").write_text(settings)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TF_CLI_CONFIG_FILE": str(folder / "tfrc"),
        "TF_IN_AUTOMATION": "1",
    }


def copied(folder: Path) -> Path:
    """A copy to work in: Terraform leaves its providers behind."""
    made = folder / "terraform"
    shutil.copytree(FOLDER, made, ignore=shutil.ignore_patterns(".terraform", "__pycache__", "settings"))
    return made


def run(*command: str, at: Path, environ: dict[str, str], seconds: float = 180) -> tuple[int, str]:
    done = subprocess.run(command, cwd=at, env=environ, capture_output=True, text=True, timeout=seconds)
    return done.returncode, done.stdout + done.stderr


def initialised(at: Path, environ: dict[str, str]) -> None:
    code, said = run(terraform(), "init", "-backend=false", "-input=false", "-no-color", at=at, environ=environ)
    if code and mirror() is None:
        could_not_check("deploy/terraform with Terraform", "its provider cannot be fetched and no mirror is here")
    assert code == 0, said
