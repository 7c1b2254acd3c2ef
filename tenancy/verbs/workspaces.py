"""Making workspaces and changing them."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from tenancy.context import Actor, tenant_context
from tenancy.errors import Invalid
from tenancy.identity import Member
from tenancy.models import Membership, Role, Tenant, User
from tenancy.models.tenant import RESERVED_SLUGS
from tenancy.operators import OPERATORS_ID, OPERATORS_SLUG
from tenancy.origin import NOWHERE, Origin
from tenancy.verbs.members import as_member
from tenancy.verbs.users import shown_name


def create(name: str, slug: str = "", *, by: User, actor: Actor | None = None, origin: Origin = NOWHERE) -> Member:
    """A workspace with `by` as its owner. Raises Invalid where the slug is taken, reserved or malformed.

    `actor` is for who makes it on somebody's behalf. Tells the transaction the new tenant: afterwards, within an outer
    one, that is whose rows are seen.
    """
    tenant = Tenant(name=name.strip(), slug=slug.strip() or free_slug(name), member_count=1)
    check(tenant)
    owner = Membership(tenant=tenant, user=by, number=1, name=shown_name(by), role=Role.OWNER)
    with tenant_context(tenant.id, actor=actor or Actor("user", str(owner.id)), **origin):
        with taken_slug_is_refused():
            tenant.save(force_insert=True)
        owner.save(force_insert=True)
    return as_member(owner, tenant=tenant, user=by)


def change(*, name: str, slug: str, by: Member) -> None:
    """Raises Invalid as `create` does; the operators' workspace keeps its address."""
    if by.tenant_id == OPERATORS_ID and slug != OPERATORS_SLUG:
        raise Invalid.field("slug", _("The operators’ workspace keeps its address."))
    check(Tenant(id=by.tenant_id, name=name, slug=slug))
    with taken_slug_is_refused():
        Tenant.objects.filter(pk=by.tenant_id).exclude(name=name, slug=slug).update(name=name, slug=slug)


def check(tenant: Tenant) -> None:
    try:
        tenant.clean_fields(exclude=["id"])
    except ValidationError as error:
        details = [{"field": name, "message": texts[0]} for name, texts in error.message_dict.items()]
        raise Invalid(details[0]["message"], details=details) from error
    if tenant.slug in RESERVED_SLUGS and tenant.id != OPERATORS_ID:
        raise Invalid.field("slug", _("“%(slug)s” is reserved. Choose another address.") % {"slug": tenant.slug})


def free_slug(name: str) -> str:
    """An address for the name; `workspace` for a name without Latin letters, and a number where it is taken."""
    stem = slugify(name)[:40].strip("-") or "workspace"
    number = 1
    while True:
        slug = stem if number == 1 else f"{stem}-{number}"
        if slug not in RESERVED_SLUGS and id_of(slug) is None:
            return slug
        number += 1


def id_of(slug: str) -> uuid.UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenancy_id_of(%s)", [slug])
        found: uuid.UUID | None = cursor.fetchone()[0]
    return found


class taken_slug_is_refused(transaction.Atomic):
    """A savepoint in which the unique key's refusal becomes the sentence for the field."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        super().__exit__(kind, error, trace)
        if isinstance(error, IntegrityError) and "slug" in str(error):
            raise Invalid.field("slug", _("Another workspace has this address.")) from error
