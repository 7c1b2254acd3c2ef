"""The JSON that scripts send."""

import json
from typing import Any

from django.utils.translation import gettext as _

from tenancy.errors import Invalid, Refusal

LARGEST = 10**6


def asked(body: bytes, **kinds: type) -> dict[str, Any]:
    """`asked(request.body, logger=str, ttl=int)`. Raises Refusal, Invalid."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refusal(_("The body is not valid JSON.")) from error
    if not isinstance(found, dict):
        raise Refusal(_("The body must be one JSON object."))
    for name, kind in kinds.items():
        if type(found.get(name)) is not kind or (kind is int and abs(found[name]) > LARGEST):
            raise Invalid.field(name, _("This field is missing or has another type than it should."))
    return found
