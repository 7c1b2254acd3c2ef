"""The strings that code and templates mark for translation, found without GNU gettext."""

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

from tika.cli.environment import ROOT

APPS = ("tika", "tenancy", "audit", "boards", "backups", "observability")
FORMS = {"gettext": "s", "ngettext": "sp", "pgettext": "cs", "npgettext": "csp"}  # context, singular, plural
STRING = r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL = re.compile(rf"\b(\w*gettext|_)\(\s*{STRING}(?:\s*,\s*{STRING})?(?:\s*,\s*{STRING})?")


class Marked(NamedTuple):
    context: str | None
    singular: str
    plural: str


def everything() -> set[Marked]:
    return set(chain.from_iterable(map(in_code, sources("*.py")))) | set(
        chain.from_iterable(map(in_template, [*sources("*.html"), *sources("*.txt")]))
    )


def sources(pattern: str) -> list[Path]:
    return sorted(path for app in APPS for path in (ROOT / app).rglob(pattern))


def in_code(path: Path) -> Iterator[Marked]:
    tree = ast.parse(path.read_text())
    names = {
        alias.asname or alias.name: alias.name.removesuffix("_lazy").removesuffix("_noop")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            form = FORMS.get(names.get(node.func.id, ""))
            if form:
                yield marked(form, [written_out(argument, path) for argument in node.args[: len(form)]])


def written_out(argument: ast.expr, path: Path) -> str:
    """xgettext reads what stands there and runs nothing."""
    assert isinstance(argument, ast.Constant), f"{path}:{argument.lineno} marks what is not a plain string"
    return str(argument.value)


def in_template(path: Path) -> Iterator[Marked]:
    for call in CALL.finditer(templatize(path.read_text())):
        name, *strings = call.groups()
        form = "s" if name == "_" else FORMS[name]
        yield marked(form, [ast.literal_eval(text) for text in strings[: len(form)]])


def marked(form: str, strings: list[str]) -> Marked:
    found = dict(zip(form, strings, strict=True))
    return Marked(found.get("c"), found["s"], found.get("p", ""))
