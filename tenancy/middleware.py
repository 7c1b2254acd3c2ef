"""Finds who asks and in which workspace, and gives the request one transaction that PostgreSQL was told about."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InternalError, OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy import body, rate_limit
from tenancy.errors import Forbidden, NotSignedIn, Refusal, TooLarge, refusal_response
from tenancy.idempotency import once
from tenancy.identity import IDENTIFY_SQL, Credentials, Member, identify_parameters, parse_identity
from tenancy.language import activate_for
from tenancy.operators import OPERATORS_SLUG
from tenancy.origin import credentials, named_workspace, origin_of, split_workspace

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
USE_SHOWN_EVERY = timedelta(minutes=1)
# One of many requests notes the use; the others do not wait for it.
NOTE_USE_SQL = """
UPDATE tenancy_apitoken SET last_used_at = now() WHERE tenant_id = %s AND id =
    (SELECT id FROM tenancy_apitoken WHERE tenant_id = %s AND id = %s FOR UPDATE SKIP LOCKED)
"""


class CsrfCheck(CsrfViewMiddleware):
    """Answers the reason instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


check_csrf = CsrfCheck(lambda request: HttpResponse())


def csrf_refusal(request: Any) -> Forbidden | None:
    """Why a change is refused to a browser's session; a token is nothing that another site's page could send."""
    member: Member | None = request.member
    if member is None or member.token_id or request.method in SAFE_METHODS:
        return None
    if check_csrf.process_view(request, HttpResponse, (), {}):
        return Forbidden(_("The page is out of date: reload it, or send X-CSRFToken."))
    return None


class TenantTransaction:
    """Sets `request.member` (None for a stranger), `request.user_id`, `request.workspace` and, for `/<slug>/api/...`,
    takes the slug off the path. A response of 400 or above rolls the transaction back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.member = request.user_id = None
        in_path, rest = split_workspace(request.path_info)
        if rest.startswith("/api/"):
            request.path_info = rest
        request.is_api = request.path_info.startswith("/api/")
        request.workspace = named_workspace(request, in_path) if request.is_api or in_path else ""
        takes_tokens = request.is_api or in_path == OPERATORS_SLUG
        who = credentials(request, request.workspace, tokens=takes_tokens)
        if not who or not (request.is_api or in_path):
            return self.get_response(request)
        if body.is_large(request) and self.is_known(request, who):
            body.take_in(request)
        with ExitStack() as stack:
            self.begin(stack, request, who)
            response = self.within_limit(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response

    def is_known(self, request: Any, who: Credentials) -> bool:
        """In a transaction of its own: nobody else's large body is read."""
        with ExitStack() as stack:
            self.begin(stack, request, who)
            return request.member is not None

    def within_limit(self, request: Any) -> HttpResponse:
        """429 where the caller has asked too often; each answer says how much is left."""
        allowance = rate_limit.count(request.member) if request.is_api and request.member else None
        if allowance is None:
            return self.answer(request)
        refused = allowance.wait > 0
        response = refusal_response(request, rate_limit.refusal(allowance)) if refused else self.answer(request)
        allowance.write_on(response)
        return response

    def answer(self, request: Any) -> HttpResponse:
        if request.is_api and request.member and request.method not in SAFE_METHODS:
            try:
                return once(request, self.get_response)
            except RequestDataTooBig:
                return refusal_response(request, TooLarge())
        return self.get_response(request)

    def begin(self, stack: ExitStack, request: Any, who: Credentials) -> None:
        """A connection that died since the last request is replaced here, where nothing has been done yet.

        psycopg has an InternalError for one that ended just after its BEGIN was answered.
        """
        try:
            self.identify(stack, request, who)
        except (OperationalError, InternalError):
            connection.close()
            self.identify(stack, request, who)

    def identify(self, stack: ExitStack, request: Any, who: Credentials) -> None:
        with ExitStack() as inner:
            inner.enter_context(transaction.atomic())
            with connection.cursor() as cursor:
                cursor.execute(IDENTIFY_SQL, identify_parameters(who, **origin_of(request)))
                request.member, request.user_id = parse_identity(cursor.fetchone())
            if request.member:
                activate_for(request.member)
                note_use(request.member)
            stack.push(inner.pop_all())

    def process_view(self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        kwargs.pop("workspace", None)
        refusal = csrf_refusal(request) if request.is_api else None
        return refusal_response(request, refusal) if refusal else None

    def process_exception(self, request: Any, error: Exception) -> HttpResponse | None:
        """What a page's view refuses; the API answers its refusals itself."""
        if not isinstance(error, Refusal):
            return None
        transaction_open = connection.in_atomic_block
        if transaction_open:
            transaction.set_rollback(True)
        if request.is_api:
            return refusal_response(request, error)
        if isinstance(error, NotSignedIn):
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?next={quote(request.get_full_path())}")
        if error.status == 404:
            raise Http404(str(error.message))
        if error.status == 403:
            raise PermissionDenied(str(error.message))
        return None


def note_use(member: Member) -> None:
    seen = member.token_used_at
    if member.token_id and (seen is None or timezone.now() - seen > USE_SHOWN_EVERY):
        with connection.cursor() as cursor:
            cursor.execute(NOTE_USE_SQL, [member.tenant_id, member.tenant_id, member.token_id])
