"""What can be allowed, and which roles have it: the guide's section 9.2, string by string.

Finer permissions than the guide's five say which of them grants it, so that the map of roles stays the guide's.
"""

from typing import Final

ROLES: Final[dict[str, tuple[str, ...]]] = {
    "VIEWER": ("ticket:read",),
    "MEMBER": ("ticket:read", "ticket:create", "ticket:update"),
    "ADMIN": ("ticket:read", "ticket:create", "ticket:update", "ticket:delete", "settings:manage"),
    "OWNER": ("*",),
}
GRANTED_BY: Final[dict[str, str]] = {
    "ticket:read": "ticket:read",
    "ticket:create": "ticket:create",
    "ticket:update": "ticket:update",
    "ticket:delete": "ticket:delete",
    "settings:manage": "settings:manage",
    "member:read": "ticket:read",
    "member:manage": "settings:manage",
    "board:manage": "settings:manage",
    "token:manage": "ticket:read",
}
# What a token of scope "read" may do.
READ_ONLY: Final = frozenset({"ticket:read", "member:read"})


def role_has(role: str, permission: str) -> bool:
    """Raises KeyError for a permission that is not registered here."""
    granted = ROLES[role]
    return GRANTED_BY[permission] in granted or "*" in granted
