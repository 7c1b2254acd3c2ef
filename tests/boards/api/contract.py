"""The OpenAPI document as a checker of answers, and its examples as requests to a workspace that is really there."""

import json
from typing import Any

from jsonschema.protocols import Validator
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from boards.api.document import document
from boards.api.examples import IDS
from boards.api.urls import urlpatterns  # noqa: F401 - adds the routers

Json = dict[str, Any]
DOCUMENT: Json = json.loads(json.dumps(document()))
METHODS = ("get", "post", "put", "patch", "delete")
OPERATIONS: dict[str, tuple[str, str, Json]] = {
    f"{method.upper()} {path}": (method, path, operations[method])
    for path, operations in DOCUMENT["paths"].items()
    for method in METHODS
    if method in operations
}


def validator_of(schema: Json) -> Validator:
    made: Validator = OAS31Validator(
        {**schema, "components": DOCUMENT["components"]}, format_checker=oas31_format_checker
    )
    return made


def faults(value: Any, schema: Json) -> list[str]:
    return [f"{list(error.absolute_path)}: {error.message}" for error in validator_of(schema).iter_errors(value)]


def response_of(operation: Json, status: int) -> Json:
    found: Json = operation["responses"][str(status)]
    name = found.get("$ref", "").rpartition("/")[2]
    refusals: Json = DOCUMENT["components"]["responses"]
    return refusals[name] if name else found


def answer_faults(operation: Json, answer: Any) -> list[str]:
    """What of an answer is not as documented: its status, type, headers or body."""
    if str(answer.status_code) not in operation["responses"]:
        return [f"status {answer.status_code} is not documented"]
    documented = response_of(operation, answer.status_code)
    missing = [f"no header {name}" for name in documented.get("headers", {}) if name not in answer.headers]
    content = documented.get("content", {})
    if not content:
        return missing + (["a body where none is documented"] if answer.content else [])
    media = answer.headers["Content-Type"].partition(";")[0]
    if media not in content:
        return [*missing, f"{media} is not documented"]
    if media != "application/json":
        return missing
    return missing + faults(answer.json(), content[media]["schema"])


def about(value: Any, ids: dict[str, Any]) -> Any:
    """An example with the ids of things that are there in the place of its own."""
    text = json.dumps(value)
    for name, example in IDS.items():
        text = text.replace(example, str(ids.get(name, example)))
    return json.loads(text)
