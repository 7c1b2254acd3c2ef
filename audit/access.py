"""`allowed` answers who may; `@allow` and its kin stand on every view."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from audit.permissions import GRANTED_BY, READ_ONLY, role_has
from tenancy.errors import Forbidden, NotFound, NotSignedIn
from tenancy.identity import Member

View = TypeVar("View", bound=Callable[..., Any])


def allowed(member: Member, permission: str) -> bool:
    """Whether the person, with the token that speaks for them, may; which rows is the querysets' `visible_to`."""
    if member.scope == "read" and permission not in READ_ONLY:
        return False
    return role_has(member.role, permission)


def require(member: Member | None, user_id: Any, permission: str) -> Member:
    """Raises NotSignedIn for nobody, NotFound for a stranger to the workspace, Forbidden for a member who may not."""
    if member is None:
        raise NotFound if user_id else NotSignedIn
    if not allowed(member, permission):
        raise Forbidden
    return member


def allow(permission: str) -> Callable[[View], View]:
    assert permission in GRANTED_BY, f"{permission} is not in audit.permissions"

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            require(request.member, request.user_id, permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def allow_anonymous(view: View) -> View:
    """For what anybody may see: sign-in, health, documentation."""
    view.permission = "anonymous"  # type: ignore[attr-defined]
    return view


def allow_signed_in(view: View) -> View:
    """For a person's own pages outside any workspace."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated:
            raise NotSignedIn
        return view(request, *args, **kwargs)

    guarded.permission = "signed-in"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]
