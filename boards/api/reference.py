"""The OpenAPI document as a page for people reads it: by subject, with examples as text."""

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_noop

Json = dict[str, Any]
CODE = re.compile("`([^`]+)`")
SUBJECTS = {
    "boards": gettext_noop("Boards"),
    "columns and labels": gettext_noop("Columns and labels"),
    "tickets": gettext_noop("Tickets"),
    "comments and history": gettext_noop("Comments and history"),
    "checklists": gettext_noop("Checklists"),
    "attachments": gettext_noop("Attachments"),
    "members": gettext_noop("Members"),
    "search": gettext_noop("Search"),
    "health": gettext_noop("Health"),
}


@dataclass(frozen=True)
class Example:
    """`label` says what it is an example of: a media type or a status."""

    label: str
    text: str


@dataclass(frozen=True)
class Reference:
    method: str
    path: str
    summary: str
    description: SafeString
    parameters: list[Json]
    bodies: list[Example]
    answers: list[Example]
    refusals: list[str]


def subjects(document: Json) -> dict[str, list[Reference]]:
    """{heading: its operations}, in the document's order."""
    found: dict[str, list[Reference]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            heading = translation.gettext(SUBJECTS[operation["tags"][0]])
            found.setdefault(heading, []).append(reference(method.upper(), path, operation, document))
    return found


def reference(method: str, path: str, operation: Json, document: Json) -> Reference:
    parameters = [resolved(parameter, document) for parameter in operation.get("parameters", [])]
    parameters = [{**each, "description": with_code(each.get("description", ""))} for each in parameters]
    answers = operation["responses"].items()
    return Reference(
        method=method,
        path=path,
        summary=operation["summary"],
        description=with_code(operation.get("description", "")),
        parameters=parameters,
        bodies=[
            Example(kind, shown(media)) for kind, media in operation.get("requestBody", {}).get("content", {}).items()
        ],
        answers=[example for status, answer in answers if int(status) < 300 for example in examples(status, answer)],
        refusals=[f"{status} {HTTPStatus(int(status)).phrase}" for status, _ in answers if int(status) >= 400],
    )


def with_code(text: str) -> SafeString:
    """Escaped, and what stands between backticks as code."""
    return mark_safe(CODE.sub(r"<code>\1</code>", escape(text)))  # noqa: S308


def resolved(part: Json, document: Json) -> Json:
    name = part.get("$ref", "").rpartition("/")[2]
    return document["components"]["parameters"][name] if name else part


def examples(status: str, answer: Json) -> list[Example]:
    label = f"{status} {HTTPStatus(int(status)).phrase}"
    return [Example(label, shown(media)) for media in answer.get("content", {}).values()] or [Example(label, "")]


def shown(media: Json) -> str:
    example = media["example"]
    return example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)
