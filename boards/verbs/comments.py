"""Comments, and whom they name."""

import re
import uuid

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.access import allowed
from boards.models import Comment, Mention
from boards.verbs.locking import lock_board_of
from tenancy.errors import Forbidden
from tenancy.identity import Member
from tenancy.models import Membership

# "@Ann Lee" is found by trying the longest names of the workspace first.
AT = re.compile(r"(?<![\w@])@(?=\w)")


def mentioned(body: str, tenant_id: uuid.UUID) -> set[uuid.UUID]:
    """The members whose names follow an @; where two have the same name, both."""
    if not AT.search(body):
        return set()
    people = list(Membership.objects.filter(tenant_id=tenant_id, is_active=True).values_list("id", "name"))
    people.sort(key=lambda person: -len(person[1]))
    found: set[uuid.UUID] = set()
    folded = body.casefold()
    for match in AT.finditer(folded):
        rest = folded[match.end() :]
        name = next((name.casefold() for _, name in people if name and rest.startswith(name.casefold())), None)
        found |= {pk for pk, other in people if name is not None and other.casefold() == name}
    return found


def create(ticket_id: uuid.UUID, body: str, *, by: Member) -> Comment:
    board = lock_board_of("ticket", ticket_id, by=by)
    comment = Comment.objects.create(
        tenant_id=by.tenant_id,
        board_id=board.id,
        ticket_id=ticket_id,
        author_id=by.id,
        body=body,
        created_at=timezone.now(),
    )
    name_people(comment)
    return comment


def edit(comment: Comment, body: str, *, by: Member) -> None:
    """Only its author may. Raises Forbidden."""
    lock_board_of("comment", comment.pk, by=by)
    if comment.author_id != by.id:
        raise Forbidden(_("Only its author may edit a comment."))
    if body == comment.body:
        return
    comment.body, comment.edited_at = body, timezone.now()
    comment.save(update_fields=["body", "edited_at"])
    Mention.objects.filter(tenant_id=by.tenant_id, comment_id=comment.pk).delete()
    name_people(comment)


def delete(comment: Comment, *, by: Member) -> None:
    """Its author may, and whoever may delete tickets. Raises Forbidden."""
    lock_board_of("comment", comment.pk, by=by)
    if comment.author_id != by.id and not allowed(by, "ticket:delete"):
        raise Forbidden(_("Only its author or an admin may delete a comment."))
    Comment.objects.filter(tenant_id=by.tenant_id, pk=comment.pk).delete()


def name_people(comment: Comment) -> None:
    named = mentioned(comment.body, comment.tenant_id)
    if named:
        own = {"tenant_id": comment.tenant_id, "board_id": comment.board_id, "comment_id": comment.pk}
        Mention.objects.bulk_create([Mention(**own, membership_id=pk) for pk in sorted(named)])
