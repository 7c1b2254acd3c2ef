"""`GET /ops/deploy-gate?change=feature|fix|security|rollback`: may it be deployed?"""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.operators import operator_api
from observability.slo.gate import CHANGES
from observability.slo.queries.gate import decision_on
from tenancy.errors import Invalid


@operator_api("viewer")
@require_safe
def show(request: Any) -> HttpResponse:
    """`{"decision", "remaining", "slo", "reasons", "expires_at"}`; by session, or a token of the operators."""
    change = request.GET.get("change", "")
    if change not in CHANGES:
        raise Invalid.field("change", _("Say which change it is: %(changes)s.") % {"changes": ", ".join(CHANGES)})
    return JsonResponse(decision_on(change).as_json(), json_dumps_params={"ensure_ascii": False})
