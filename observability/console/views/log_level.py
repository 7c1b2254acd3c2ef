"""POST /ops/log-level: one logger says more, or less, for a while."""

import json
from datetime import timedelta
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from observability.console.access import operator_api
from observability.console.verbs.log_level import set_level
from tenancy.errors import Invalid, Refusal


@operator_api("responder")
@require_POST
def change(request: Any) -> HttpResponse:
    """`{"logger", "level", "ttl"}`, ttl in seconds; answers them with `until`."""
    asked = read(request.body)
    row = set_level(asked["logger"], asked["level"], timedelta(seconds=asked["ttl"]), by=request.operator)
    return JsonResponse({"logger": row.logger, "level": row.level, "until": row.until.isoformat()})


def read(body: bytes) -> dict[str, Any]:
    """Raises Refusal, Invalid."""
    try:
        asked = json.loads(body)
    except ValueError as error:
        raise Refusal(_("The body is not valid JSON.")) from error
    if not isinstance(asked, dict):
        raise Refusal(_("The body must be one JSON object."))
    for name, kind in (("logger", str), ("level", str), ("ttl", int)):
        if type(asked.get(name)) is not kind or (kind is int and abs(asked[name]) > 10**6):
            raise Invalid.field(name, _("This field is missing or has another type than it should."))
    return asked
