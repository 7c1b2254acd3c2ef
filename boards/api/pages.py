"""Pages of rows: each begins after the values that the last one ended with, whatever was added or deleted meanwhile."""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import orjson
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Schema
from pydantic import Field

from boards.api.answers import answer, chosen_fields, picked
from boards.api.schemas import Payload
from tenancy.errors import Invalid

LIMIT, MOST = 50, 500


class Paging(Payload):
    limit: Annotated[int, Field(ge=1, le=MOST, description=gettext_noop("How many at most."))] = LIMIT
    cursor: Annotated[str, Field(max_length=400, description=gettext_noop("The `next` of the page before."))] = ""
    fields: Annotated[
        str,
        Field(max_length=1000, description=gettext_noop("Names, with commas between them: the answer has only these.")),
    ] = ""


def cursor_of(*key: Any) -> str:
    """`key` is what the last row is ordered by, its id at the end."""
    return base64.urlsafe_b64encode(orjson.dumps(key, default=str)).decode().rstrip("=")


def after_cursor(given: str, model: type[Model], order: tuple[str, ...] = ("id",)) -> dict[str, Any]:
    """{name of the order: value}. Raises Invalid for a cursor that no answer gave."""
    names = [name.removeprefix("-") for name in order]
    try:
        key = orjson.loads(base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True))
        if not isinstance(key, list) or len(key) != len(names) or any(part is None for part in key):
            raise ValueError(given)
        fields = [model._meta.get_field(name.removesuffix("_id") or name) for name in names]
        found = [field.to_python(part) for field, part in zip(fields, key, strict=True)]  # type: ignore[union-attr]
    except (ValueError, TypeError, binascii.Error, ValidationError):
        raise Invalid.field("cursor", _("Use the `next` of the answer before.")) from None
    return dict(zip(names, found, strict=True))


def later(key: Mapping[str, Any], order: tuple[str, ...]) -> Q:
    """The rows that come after `key` in the order."""
    wanted, same = Q(), Q()
    for name in order:
        plain = name.removeprefix("-")
        wanted |= same & Q(**{f"{plain}__{'lt' if name != plain else 'gt'}": key[plain]})
        same &= Q(**{plain: key[plain]})
    return wanted


def keyset_page(rows: QuerySet[Any], page: Paging, order: tuple[str, ...] = ("id",)) -> tuple[list[Any], str | None]:
    """(rows, cursor of the next page); `order` ends with the id."""
    if page.cursor:
        rows = rows.filter(later(after_cursor(page.cursor, rows.model, order), order))
    found = list(rows.order_by(*order)[: page.limit + 1])
    if len(found) <= page.limit:
        return found, None
    found.pop()
    return found, cursor_of(*(getattr(found[-1], name.removeprefix("-")) for name in order))


def paged(
    request: HttpRequest,
    rows: QuerySet[Any],
    page: Paging,
    as_dict: Callable[[Any], dict[str, Any]],
    shape: type[Schema],
    *,
    order: tuple[str, ...] = ("id",),
) -> HttpResponse:
    """A page of `rows` as `shape` describes them: {"items": [...], "next": cursor or null}."""
    fields = chosen_fields(page.fields, list(shape.model_fields))
    found, following = keyset_page(rows, page, order)
    return answer(request, {"items": [picked(as_dict(row), fields) for row in found], "next": following})
