"""The operators' plane: who may look after the installation (DESIGN, "Access"). It opens no workspace's content.

`@operator("viewer")` stands on every view below `/ops/` that is not a page of the operators' own workspace. Nobody
signed in is sent to the sign-in page, a person without a grant finds nothing (404), a level that is too low is refused
(403). The view finds the grant in `request.operator`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

from audit.models.operator import Operator, rank_of
from tenancy.errors import Forbidden, NotFound, NotSignedIn, Refusal, refusal_response
from tenancy.identity import Member
from tenancy.middleware import csrf_refusal
from tenancy.operators import OPERATORS_ID

View = TypeVar("View", bound=Callable[..., Any])


def operator_of(member: Member | None) -> Operator | None:
    """The grant in force of somebody whom the operators' workspace knows; a token speaks for its person."""
    if member is None or member.tenant_id != OPERATORS_ID:
        return None
    mine = Operator.objects.filter(tenant_id=OPERATORS_ID, user_id=member.user_id, revoked_at=None)
    return mine.select_related("user").first()


def require_operator(member: Member | None, user_id: Any, level: str) -> Operator:
    """Raises NotSignedIn, NotFound, Forbidden. A token with scope "read" is a viewer at most."""
    found = operator_of(member)
    if found is None:
        raise NotFound if user_id else NotSignedIn
    assert member is not None
    if not found.may(level) or (member.scope == "read" and rank_of(level) > 0):
        raise Forbidden
    return found


def operator(level: str) -> Callable[[View], View]:
    """For pages."""
    rank_of(level)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            request.operator = require_operator(request.member, request.user_id, level)
            return view(request, *args, **kwargs)

        guarded.permission = f"operator:{level}"  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def operator_api(level: str) -> Callable[[View], View]:
    """For addresses that scripts use, too: refusals are JSON, and a token needs no X-CSRFToken."""
    rank_of(level)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                request.operator = require_operator(request.member, request.user_id, level)
                refuse_forged(request)
                response: HttpResponse = view(request, *args, **kwargs)
            except Refusal as refusal:
                # 400 and above: the middleware rolls the transaction back.
                return refusal_response(request, refusal)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        guarded.permission = f"operator:{level}"  # type: ignore[attr-defined]
        guarded.csrf_exempt = True  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def refuse_forged(request: HttpRequest) -> None:
    if refusal := csrf_refusal(request):
        raise refusal
