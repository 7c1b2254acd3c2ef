"""Who may have which board's stream: the same identity and the same rules as in `web`."""

import uuid
from collections.abc import Mapping

from audit.access import require
from boards.queries.visible import VISIBLE, reader_of
from tenancy.context import SYSTEM, TELL_SQL
from tenancy.errors import NotFound, Refusal
from tenancy.identity import IDENTIFY_SQL, Credentials, Member, identify_parameters, parse_identity
from tika.live.database import Cursor

VISIBLE_SQL = f"""
SELECT FROM boards_board b WHERE b.tenant_id = %(tenant)s AND b.id = %(board)s AND {VISIBLE}
""".encode()
THERE_SQL = b"SELECT FROM boards_board WHERE tenant_id = %s AND id = %s AND trashed_at IS NULL"


async def admit(
    cursor: Cursor, who: Credentials, board_id: uuid.UUID, *, origin: Mapping[str, str] | None = None
) -> Member:
    """The reader, who may see the board. Tells the transaction the tenant; raises Refusal.

    `origin` is request_id, ip and user_agent.
    """
    await cursor.execute(IDENTIFY_SQL.encode(), identify_parameters(who, **(origin or {})))
    found, user_id = parse_identity(await cursor.fetchone())
    try:
        member = require(found, user_id, "ticket:read")
        await cursor.execute(VISIBLE_SQL, {**reader_of(member), "board": board_id})
        if not cursor.rowcount:
            raise NotFound
    except Refusal as refusal:
        refusal.language = found.language if found else ""
        raise
    return member


async def is_there(cursor: Cursor, tenant_id: uuid.UUID, board_id: uuid.UUID) -> bool:
    """Whether the board is there at all, for whomever."""
    await tell(cursor, tenant_id)
    await cursor.execute(THERE_SQL, [tenant_id, board_id])
    return bool(cursor.rowcount)


async def tell(cursor: Cursor, tenant_id: uuid.UUID) -> None:
    """Tells the transaction its tenant, on behalf of nobody."""
    await cursor.execute(TELL_SQL.encode(), [str(tenant_id), str(SYSTEM), "", "", "", ""])
