"""Which file holds what."""

from pathlib import Path

from observability.slo.objective import Objectives
from observability.slo.rules.exports import openslo, sloth
from observability.slo.rules.prometheus import rules_of
from observability.slo.rules.yaml_text import yaml_text

HEAD = "# Generated from observability/slo/objectives.toml by `manage.py slo_rules`: change that, and generate again.\n"


def generated(found: Objectives) -> dict[Path, str]:
    """{path below the project: text}"""
    documents = "---\n".join(yaml_text(document) for document in openslo(found))
    return {
        Path("deploy/prometheus/rules/slo.yaml"): HEAD + yaml_text(rules_of(found)),
        Path("deploy/slo/sloth.yaml"): HEAD + yaml_text(sloth(found)),
        Path("deploy/slo/openslo.yaml"): HEAD + documents,
    }
