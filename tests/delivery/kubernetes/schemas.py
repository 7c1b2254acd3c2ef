"""Kubernetes' own schemas, of which kubernetes-validate holds those of each version."""

import json
from functools import cache

import kubernetes_validate

from tests.delivery.kubernetes.found import Object

# The first that Chart.yaml lets in, and the last that the schemas are of.
ENDS = ("1.30", "1.37")
NONE = "no schema"


def faults(objects: list[Object], version: str = "1.32") -> tuple[list[str], set[str]]:
    """(what is wrong, the kinds of which nothing is known there)."""
    found = [(one, fault(json.dumps(one), version)) for one in objects]
    wrong = [f"{one['kind']} {one['metadata']['name']}: {said}" for one, said in found if said not in {"", NONE}]
    return wrong, {one["kind"] for one, said in found if said == NONE}


@cache
def fault(one: str, version: str) -> str:
    """Most installations have most objects in common, and each takes a fifth of a second."""
    try:
        kubernetes_validate.validate(json.loads(one), version, strict=True)
    except kubernetes_validate.SchemaNotFoundError:
        return NONE
    except kubernetes_validate.ValidationError as error:
        return f"{'.'.join(str(part) for part in error.path)}: {error.message}"
    return ""
