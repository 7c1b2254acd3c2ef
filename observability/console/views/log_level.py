"""POST /ops/log-level: one logger says more, or less, for a while."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from observability.console.access import operator_api
from observability.console.verbs.log_level import set_level
from observability.console.views.asked import asked


@operator_api("responder")
@require_POST
def change(request: Any) -> HttpResponse:
    """`{"logger", "level", "ttl"}`, ttl in seconds; answers them with `until`."""
    told = asked(request.body, logger=str, level=str, ttl=int)
    row = set_level(told["logger"], told["level"], timedelta(seconds=told["ttl"]), by=request.operator)
    return JsonResponse({"logger": row.logger, "level": row.level, "until": row.until.isoformat()})
