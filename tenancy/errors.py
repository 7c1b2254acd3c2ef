"""Refusals, each with the code and the status it has in the API (DESIGN: one error shape)."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """A request that cannot be granted: `details` is a list of {"field", "message"} or a mapping the code defines.

    `language` is the reader's own, for who answers without having met the reader; `retry_after` is in seconds, where
    waiting helps.
    """

    status = 400
    code = "BAD_REQUEST"
    language = ""
    sentence: Any = _("The request cannot be understood.")
    retry_after: int | None = None

    def __init__(self, message: Any = None, *, details: Any = None) -> None:
        self.message = message if message is not None else self.sentence
        self.details = details if details is not None else []
        super().__init__(str(self.message))


class NotSignedIn(Refusal):
    status, code = 401, "UNAUTHENTICATED"
    sentence = _("Sign in, or send a token in the Authorization header.")


class Forbidden(Refusal):
    status, code = 403, "FORBIDDEN"
    sentence = _("Your role does not allow this. Ask an admin of the workspace.")


class NotFound(Refusal):
    status, code = 404, "NOT_FOUND"
    sentence = _("There is nothing here, or you may not see it.")


class Conflict(Refusal):
    status, code = 409, "CONFLICT"
    sentence = _("Someone else has changed this in the meantime.")


class Stale(Refusal):
    status, code = 412, "STALE"
    sentence = _("If-Match names no version of this. Load it again.")


class TooLarge(Refusal):
    status, code = 413, "PAYLOAD_TOO_LARGE"
    sentence = _("The request is too large.")


class Invalid(Refusal):
    status, code = 422, "VALIDATION"
    sentence = _("Some fields are not valid.")

    @classmethod
    def field(cls, name: str, message: Any) -> "Invalid":
        return cls(message, details=[{"field": name, "message": str(message)}])


class RateLimited(Refusal):
    status, code = 429, "RATE_LIMITED"
    sentence = _("Too many requests. Wait a moment.")

    def __init__(self, message: Any = None, *, details: Any = None, retry_after: int = 2) -> None:
        super().__init__(message, details=details)
        self.retry_after = retry_after


class Unavailable(Refusal):
    status, code = 503, "UNAVAILABLE"
    sentence = _("This is not available right now. Please try again in a moment.")
    retry_after = 2


def refusal_response(request: HttpRequest, refusal: Refusal) -> JsonResponse:
    error = {
        "code": refusal.code,
        "message": str(refusal.message),
        "details": refusal.details,
        "request_id": getattr(request, "id", ""),
    }
    response = JsonResponse({"error": error}, status=refusal.status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    if refusal.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="tika"'
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response
