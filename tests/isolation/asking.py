"""Asks every route of the API. They are read from the API itself: a new one is tried without being listed here."""

import re
import uuid
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import resolve
from ninja.operation import Operation

from tests.cast import Api
from tests.isolation.estate import Estate
from tika.route_guard import operations

IN_PATH = re.compile(r"\{\w+:(\w+)\}")
WAYS = ("token", "session")
# A place named by a ticket that is gone is resolved to the nearest survivor: not refused, whoever's it was.
ANCHORS = {"after", "before"}
BODIES: dict[str, dict[str, Any]] = {
    "TicketIn": {"title": "x", "column": "column"},
    "TicketPatch": {"title": "x"},
    "PositionIn": {"column": "column"},
    "RestoreIn": {},
    "BoardIn": {"name": "x"},
    "BoardPatch": {"name": "x"},
    "AccessIn": {"member": "member"},
    "ColumnIn": {"board": "board", "name": "x"},
    "ColumnPatch": {"name": "x"},
    "ColumnPosition": {},
    "LabelIn": {"board": "board", "name": "x"},
    "LabelPatch": {"name": "x"},
    "CommentIn": {"body": "x"},
    "ChecklistIn": {"name": "x"},
    "ItemIn": {"text": "x"},
    "ItemPatch": {"text": "x"},
    "MemberPatch": {"name": "x"},
}


# What lists are ordered by before the id: a cursor has it too.
ORDERS: dict[str, list[Any]] = {
    "/columns": ["board", "a0"],
    "/labels": ["board", 1],
    "/comments": ["2026-11-23T09:30:00+00:00"],
    "/attachments": ["2026-11-23T09:30:00+00:00"],
    "/history": ["2026-11-23T09:30:00+00:00"],
    "/checklists": ["a0"],
}


# What a route needs in its query before it looks anything up.
QUERIES = {"since": "0", "q": "pay"}


def name_of(operation: Operation) -> str:
    return f"{operation.methods[0]} {operation.path}"


def label(value: Any) -> str:
    return value if isinstance(value, str) else name_of(value)


ROUTES = sorted(operations(), key=name_of)
WITH_PATH_ID = [operation for operation in ROUTES if IN_PATH.search(operation.path)]


def payload_of(operation: Operation) -> Any:
    """The class of the JSON body; None where there is none."""
    for model in operation.models:
        if model.__ninja_param_source__ == "body":
            (field,) = model.model_fields.values()
            return next(iter(getattr(field.annotation, "__args__", ())), field.annotation)
    return None


def id_fields(model: Any) -> list[str]:
    return [name for name, field in model.model_fields.items() if "UUID" in repr(field.annotation)]


BODY_IDS = [
    (operation, field)
    for operation in ROUTES
    if (model := payload_of(operation)) is not None
    for field in id_fields(model)
]


def api_of(estate: Estate, way: str) -> Api:
    return estate.owner.api if way == "token" else estate.owner.session_api


def path_for(operation: Operation, ids: dict[str, uuid.UUID]) -> str:
    path = "/api" + IN_PATH.sub(lambda found: str(ids[found[1].removesuffix("_id")]), operation.path)
    needed = {name: QUERIES.get(name) or str(ids[name]) for name in query_of(operation, required=True)}
    return f"{path}?{urlencode(needed)}" if needed else path


def query_of(operation: Operation, *, required: bool = False) -> list[str]:
    models = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    return [
        name
        for model in models
        for name, way in model.__ninja_flatten_map__.items()
        if not required or (len(way) == 1 and model.model_fields[way[0]].is_required())
    ]


def body_for(operation: Operation, ids: dict[str, uuid.UUID]) -> dict[str, Any] | None:
    model = payload_of(operation)
    if model is None:
        return None
    given = BODIES[model.__name__]
    return {name: str(ids[value]) if value in ids else value for name, value in given.items()}


def send(api: Api, operation: Operation, path: str, body: Any) -> Any:
    resolve(path.partition("?")[0])  # a path that no route has would be a 404 that proves nothing
    if any(model.__ninja_param_source__ == "file" for model in operation.models):
        return api.upload(path, SimpleUploadedFile("x.txt", b"x"))
    return api.call(operation.methods[0].lower(), path, body)


def told(answer: Any, *ids: uuid.UUID) -> str:
    """The answer's body without what differs between any two requests."""
    text = answer.content.decode()
    for number, one in enumerate(ids):
        text = text.replace(str(one), f"<id {number}>")
    text = re.sub(r'"request_id": ?"[^"]*"', "", text)
    return re.sub(r"[0-9a-f-]{36}|\d{4}-\d\d-\d\dT[0-9:.+]+|\"(number|version|rank|key)\"\s?:\s?[^,}]+", "", text)
