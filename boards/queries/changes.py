"""What happened on a board since a version, as JSON: the present state of whatever was touched.

State rather than steps: a client that applies it is right whatever it missed, and applying it twice does no harm.
"""

import uuid

from django.db import connection

from boards.queries.snapshot import BOARD, COLUMNS, FIELDS_JSON, LABELS, OPEN, PEOPLE, SNAPSHOT, TICKET_ROW
from boards.rank import NUMBERED_BY

# Past this a snapshot is about as short, and quicker to apply.
MANY = 400
ENTRIES_TOLD = 50

CHANGES_SQL = f"""
WITH b AS (SELECT * FROM boards_board WHERE tenant_id = %(tenant)s AND id = %(board)s),
touched AS MATERIALIZED (
    SELECT e.board_version, e.actor_type, e.actor_id, e.action, e.resource, e.resource_id, e.subject_id,
           coalesce(ARRAY(SELECT jsonb_object_keys(e.changes -> 'after')), '{{}}') AS fields
    FROM audit_entry e
    WHERE e.tenant_id = %(tenant)s AND e.board_id = %(board)s AND e.board_version > %(since)s
),
ticket_ids AS MATERIALIZED (
    SELECT subject_id AS id FROM touched
    WHERE resource IN ('ticket', 'comment', 'checklist', 'checklist_item', 'attachment')
    UNION
    SELECT t.id FROM boards_ticket t JOIN touched ON touched.resource = 'column' AND touched.resource_id = t.column_id
    WHERE t.tenant_id = %(tenant)s AND t.board_id = %(board)s
      AND (touched.action = 'DELETE' OR 'archived_at' = ANY (touched.fields) AND touched.action = 'UPDATE')
),
now_open AS MATERIALIZED (
    SELECT t.id, {TICKET_ROW} AS json, c.rank AS column_rank, t.rank
    FROM boards_ticket t JOIN boards_column c
      ON c.tenant_id = t.tenant_id AND c.board_id = t.board_id AND c.id = t.column_id
    WHERE t.tenant_id = %(tenant)s AND t.board_id = %(board)s AND t.id IN (SELECT id FROM ticket_ids) AND {OPEN}
)
SELECT b.version, CASE WHEN %(since)s > b.version OR %(since)s < 0 OR (SELECT count(*) FROM ticket_ids) > {MANY}
THEN concat('{{"version":', b.version, ',"snapshot":', {SNAPSHOT}, '}}')
ELSE concat('{{"version":', b.version, ',"since":', %(since)s::bigint,
    ',"board":', CASE WHEN EXISTS (SELECT FROM touched WHERE resource = 'board') THEN {BOARD}::text ELSE 'null' END,
    ',"columns":', CASE WHEN EXISTS (SELECT FROM touched WHERE resource = 'column')
        THEN {COLUMNS}::text ELSE 'null' END,
    ',"labels":', CASE WHEN EXISTS (SELECT FROM touched WHERE resource = 'label')
        THEN {LABELS}::text ELSE 'null' END,
    ',"people":', CASE WHEN b.people_version > %(since)s THEN {PEOPLE}::text ELSE 'null' END,
    ',"fields":{FIELDS_JSON},"tickets":[',
    (SELECT string_agg(json, ',' ORDER BY column_rank, rank) FROM now_open),
    '],"removed":', (SELECT coalesce(json_agg(id), '[]') FROM ticket_ids WHERE id NOT IN (SELECT id FROM now_open)),
    ',"entries":', (SELECT coalesce(json_agg(json_build_object('version', board_version,
        'actor', json_build_object('type', actor_type, 'id', actor_id), 'action', action, 'resource', resource,
        'id', resource_id, 'ticket', CASE WHEN resource NOT IN ('board', 'column', 'label') THEN subject_id END,
        'fields', fields)), '[]')
        FROM (SELECT * FROM touched WHERE (actor_type, actor_id) <> {NUMBERED_BY}
              ORDER BY board_version DESC LIMIT {ENTRIES_TOLD}) latest),
    '}}') END
FROM b
"""  # noqa: S608 - constants of this module


def changes(tenant_id: uuid.UUID, board_id: uuid.UUID, since: int) -> tuple[int, bytes]:
    """(version, JSON). Raises LookupError where there is no such board; who may see it is asked before."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGES_SQL, {"tenant": tenant_id, "board": board_id, "since": since})
        row = cursor.fetchone()
    if row is None:
        raise LookupError(board_id)
    return row[0], row[1].encode()
