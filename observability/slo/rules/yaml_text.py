"""YAML of plain mappings, lists, texts and numbers: what a rule file needs, without a library in production."""

import json
from collections.abc import Iterator
from typing import Any

WIDTH = 2


def yaml_text(value: Any) -> str:
    return "\n".join(lines(value)) + "\n"


def lines(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from named(f"{key}:", inner)
    else:
        for inner in value:
            first, *rest = lines(inner) if isinstance(inner, dict | list) else [scalar(inner)]
            yield f"- {first}"
            yield from (" " * WIDTH + line for line in rest)


def named(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        yield name
        yield from (" " * WIDTH + line for line in lines(value))
    else:
        yield f"{name} {scalar(value)}"


def scalar(value: Any) -> str:
    """Texts are quoted, so that none is taken for something else; YAML reads what JSON writes."""
    if isinstance(value, str) and '"' in value and "'" not in value:
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False)
