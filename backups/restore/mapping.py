"""New ids for rows that are brought back beside those that are there."""

import hashlib
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from backups.restore.tables import Model, keys

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
Row = dict[str, Any]
Renamed = Callable[[str], str]


def renamed(salt: uuid.UUID) -> Renamed:
    """The same new id each time for the same old one, in the same order of time."""

    def rename(old: str) -> str:
        was = uuid.UUID(old)
        rest = bytearray(hashlib.sha256(salt.bytes + was.bytes).digest()[:10])
        rest[0] = 0x70 | (rest[0] & 0x0F)
        rest[2] = 0x80 | (rest[2] & 0x3F)
        return str(uuid.UUID(bytes=was.bytes[:6] + bytes(rest)))

    return rename


def columns_to_rename(model: Model, copied: set[Model]) -> set[str]:
    """Of a row: its own id, its keys to rows that are copied too, and ids that stand in it without a key."""
    found = {"id"} | {field.column for field in keys(model) if field.related_model in copied}
    for field in model._meta.local_fields:
        plain = isinstance(field, models.UUIDField) and not field.primary_key
        in_list = isinstance(field, ArrayField) and isinstance(field.base_field, models.UUIDField)
        if plain or in_list:
            found.add(field.column)
    return found


def rename_in(row: Row, columns: set[str], rename: Renamed) -> None:
    for column in columns:
        value = row.get(column)
        if isinstance(value, list):
            row[column] = [rename(one) for one in value]
        elif value is not None:
            row[column] = rename(value)


def rename_everywhere(value: Any, rename: Renamed, spare: frozenset[str] = frozenset({"user_id"})) -> Any:
    """In an entry of the log, whose columns may be of any table."""
    if isinstance(value, Mapping):
        return {key: found if key in spare else rename_everywhere(found, rename, spare) for key, found in value.items()}
    if isinstance(value, list):
        return [rename_everywhere(one, rename, spare) for one in value]
    if isinstance(value, str) and UUID.fullmatch(value):
        return rename(value)
    return value
