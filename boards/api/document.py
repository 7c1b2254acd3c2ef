"""The OpenAPI document: django-ninja's, with what it cannot know: examples, refusals, headers and how one signs in."""

import copy
import functools
from typing import Any

from django.conf import settings
from django.utils import translation

from boards.api import around
from boards.api.examples import EXAMPLES, PARAMETERS
from boards.api.root import api

Json = dict[str, Any]
SCHEMAS = "#/components/schemas/"


def document() -> Json:
    """In the reader's language."""
    return _document(translation.get_language())


@functools.cache
def _document(language: str) -> Json:
    made = copy.deepcopy(dict(api.get_openapi_schema(path_prefix="/api/")))
    made["info"] |= {"description": translation.gettext(around.DESCRIPTION), "version": settings.VERSION}
    made["servers"] = around.SERVERS
    made["security"] = [{"token": []}, {"session": []}]
    components = made["components"]
    components["schemas"] |= around.schemas()
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            finish(operation, method, path, components["schemas"])
    components |= {
        "securitySchemes": around.SECURITY,
        "parameters": described(around.PARAMETERS),
        "headers": described(around.HEADERS),
        "responses": around.refusals(),
    }
    for name, example in EXAMPLES.items():
        components["schemas"][name]["examples"] = [example]
    made["paths"] |= around.paths()
    made["tags"] = [{"name": name} for name in dict.fromkeys(tags_of(made))]
    return made


def tags_of(made: Json) -> list[str]:
    return [tag for operations in made["paths"].values() for each in operations.values() for tag in each["tags"]]


def finish(operation: Json, method: str, path: str, schemas: Json) -> None:
    operation["summary"] = translation.gettext(operation["summary"])
    if "description" in operation:
        operation["description"] = translation.gettext(operation["description"])
    operation["operationId"] = operation["operationId"].removeprefix("boards_api_")
    for parameter in operation["parameters"]:
        finish_parameter(parameter)
    may_choose = any(parameter["name"] == "fields" for parameter in operation["parameters"])
    for media in contents(operation.get("requestBody", {})):
        media["example"] = example_of(media["schema"]) or {"file": "(the bytes of the file)"}
    around.finish_special(operation, path)
    for status, response in operation["responses"].items():
        for media in contents(response):
            if may_choose:
                allow_parts(media["schema"], schemas)
            media.setdefault("example", example_of(media.get("schema", {})))
        if method == "get" and "application/json" in response.get("content", {}):
            response["headers"] = around.refer("headers", "ETag")
        response.setdefault("headers", {}).update(around.headers_of(path))
        assert int(status) < 300
    operation["parameters"] += around.more_parameters(method, path)
    operation["responses"] |= around.refusals_of(method, path, has_body="requestBody" in operation)


def described(parts: Json) -> Json:
    return {name: {**part, "description": translation.gettext(part["description"])} for name, part in parts.items()}


def contents(part: Json) -> list[Json]:
    return list(part.get("content", {}).values())


def finish_parameter(parameter: Json) -> None:
    """A parameter is left out rather than null."""
    schema = parameter["schema"]
    kinds = [kind for kind in schema.pop("anyOf", []) if kind != {"type": "null"}]
    for kind in kinds:
        schema |= kind
    schema.pop("title", None)
    if parameter["in"] == "path":
        schema["format"] = "uuid"
    if "description" in schema:
        parameter["description"] = translation.gettext(schema.pop("description"))
    if parameter["name"] in PARAMETERS:
        parameter["example"] = PARAMETERS[parameter["name"]]


def example_of(schema: Json) -> Any:
    name = schema.get("$ref", "").removeprefix(SCHEMAS)
    if not name:
        kinds = [kind for kind in schema.get("anyOf", []) if "$ref" in kind]
        return example_of(kinds[0]) if kinds else None
    if name in EXAMPLES:
        return EXAMPLES[name]
    return {"items": [EXAMPLES[name.removesuffix("Page")]], "next": None}


def allow_parts(schema: Json, schemas: Json) -> None:
    """With `fields=` any of a row's fields may be missing."""
    page = schemas[schema["$ref"].removeprefix(SCHEMAS)]
    whole = page["properties"]["items"]["items"]["$ref"].removeprefix(SCHEMAS)
    if not whole.endswith("Part"):
        schemas[f"{whole}Part"] = {**schemas[whole], "title": f"{whole}Part", "required": []}
        page["properties"]["items"]["items"] = {"$ref": f"{SCHEMAS}{whole}Part"}
