"""Who may see a board, as SQL, for the statements that do not go through the ORM (`Board.objects.visible_to`)."""

from typing import Any

from boards.models.board import SEES_ALL
from tenancy.identity import Member

# On the board's row `b`; needs %(sees_all)s and %(member)s.
VISIBLE = """b.trashed_at IS NULL AND (%(sees_all)s OR NOT b.is_private OR EXISTS (
    SELECT FROM boards_boardaccess a
    WHERE a.tenant_id = b.tenant_id AND a.board_id = b.id AND a.membership_id = %(member)s))"""


def reader_of(member: Member) -> dict[str, Any]:
    """The parameters of `VISIBLE`, and the tenant that stands in every statement beside the wall."""
    return {"tenant": member.tenant_id, "member": member.id, "sees_all": member.role in SEES_ALL}
