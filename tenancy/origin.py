"""Where a request comes from and which workspace it names."""

import ipaddress
import re
import uuid
from typing import Any, TypedDict

from django.conf import settings
from django.http import HttpRequest

from tenancy.identity import Credentials, bearer_digest
from tenancy.models.tenant import RESERVED_SLUGS
from tenancy.operators import OPERATORS_SLUG

SLUG_SEGMENT = re.compile(r"^/([a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?)(/.*)$")
# Nobody can take the operators' address, but they have it themselves.
NO_WORKSPACE = RESERVED_SLUGS - {OPERATORS_SLUG}
SESSION_KEY = re.compile(r"[a-z0-9]{32,40}")


def client_ip(meta: dict[str, Any]) -> str | None:
    """The address of the caller: the entry of X-Forwarded-For that the outermost trusted proxy wrote.

    Without trusted proxies the header is anybody's word and is not read (guide 9.2; research trap T16).
    """
    hops = [hop.strip() for hop in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    count = settings.TRUSTED_PROXIES
    address = hops[-count] if count and len(hops) >= count else meta.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


class Origin(TypedDict):
    """What the log notes of a request, as `tenant_context` takes it."""

    request_id: str
    ip: str | None
    user_agent: str


NOWHERE: Origin = {"request_id": "", "ip": None, "user_agent": ""}


def origin_of(request: HttpRequest) -> Origin:
    return {
        "request_id": getattr(request, "id", ""),
        "ip": client_ip(request.META),
        "user_agent": request.META.get("HTTP_USER_AGENT", "").replace("\x00", ""),
    }


def split_workspace(path: str) -> tuple[str, str]:
    """("acme", "/boards/OPS/") of "/acme/boards/OPS/"; ("", path) where the first segment is no workspace."""
    match = SLUG_SEGMENT.match(path)
    if match is None or match[1] in NO_WORKSPACE:
        return "", path
    return match[1], match[2]


def subdomain(host: str) -> str:
    domain = settings.TENANT_DOMAIN
    name = host.partition(":")[0].lower()
    return name.removesuffix("." + domain) if domain and name.endswith("." + domain) else ""


def named_workspace(request: HttpRequest, in_path: str) -> str:
    """DESIGN's order: X-Tenant-Id, subdomain, path. (A token's own workspace comes first, in `tenancy_identify`.)

    The operators' workspace is where its path is: neither a header nor a subdomain leads away from it."""
    if in_path == OPERATORS_SLUG:
        return in_path
    named = request.headers.get("X-Tenant-Id", "").strip().lower()
    if re.fullmatch(r"[0-9a-f]{32}", named):
        named = str(uuid.UUID(named))
    return (named or subdomain(request.get_host()) or in_path)[:64].replace("\x00", "")


def credentials(request: HttpRequest, workspace: str, *, tokens: bool) -> Credentials:
    authorization = request.headers.get("Authorization", "")
    if authorization and tokens:
        # A header that is no token of ours identifies nobody, even beside a good cookie.
        return Credentials(token_digest=bearer_digest(authorization) or b"", tenant=workspace)
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return Credentials(session_key=key if SESSION_KEY.fullmatch(key) else None, tenant=workspace)
