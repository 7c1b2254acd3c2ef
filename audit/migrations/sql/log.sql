-- The log's trigger: once per statement, however many rows. Adds one to the version of each board it touches, writes the
-- entries, and tells `live`. Runs as tika_definer, so that the app can neither forge nor skip an entry.
-- Arguments: resource, subject column, board column, hidden columns (tenancy.wall.Log).
CREATE OR REPLACE FUNCTION tika_log() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    resource text := TG_ARGV[0];
    subject text := TG_ARGV[1];
    board text := TG_ARGV[2];
    hidden text[] := TG_ARGV[3]::text[];
    -- "user:0192..." as tenancy.context tells it; whoever comes by another road is named by the role.
    actor text := coalesce(nullif(current_setting('app.actor', true), ''), 'system:' || session_user);
    action text := CASE TG_OP WHEN 'INSERT' THEN 'CREATE' ELSE TG_OP END;
    changed jsonb[];  -- {"row": all columns, "changes": {"before", "after"}}
    versions jsonb := '{}';
    bumped record;
BEGIN
    -- The bump below, and the one for a changed person, are updates of the board too: no news of their own.
    IF resource = 'board' AND TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN RETURN NULL; END IF;

    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(jsonb_build_object('row', r.n, 'changes', jsonb_build_object('after', r.n - hidden)))
        INTO changed FROM (SELECT to_jsonb(n) AS n FROM new_rows n) r;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(jsonb_build_object('row', r.o, 'changes', jsonb_build_object('before', r.o - hidden)))
        INTO changed FROM (SELECT to_jsonb(o) AS o FROM old_rows o) r;
    ELSE
        SELECT array_agg(jsonb_build_object('row', pair.n, 'changes', diff.changes)) INTO changed
        FROM (SELECT to_jsonb(o) AS o, to_jsonb(n) AS n FROM old_rows o JOIN new_rows n ON n.id = o.id
              WHERE n IS DISTINCT FROM o) pair
        CROSS JOIN LATERAL (
            SELECT jsonb_build_object('before', jsonb_object_agg(field.key, pair.o -> field.key),
                                      'after', jsonb_object_agg(field.key, field.value)) AS changes
            FROM jsonb_each(pair.n) field
            WHERE field.value IS DISTINCT FROM pair.o -> field.key AND field.key <> ALL (hidden)
            HAVING count(*) > 0
        ) diff;
    END IF;
    IF changed IS NULL THEN RETURN NULL; END IF;

    IF board <> '' THEN
        FOR bumped IN
            UPDATE boards_board b SET version = b.version + 1
            FROM (SELECT DISTINCT (c -> 'row' ->> 'tenant_id')::uuid AS tenant_id, (c -> 'row' ->> board)::uuid AS id
                  FROM unnest(changed) c) touched
            WHERE b.tenant_id = touched.tenant_id AND b.id = touched.id
            RETURNING b.tenant_id, b.id, b.version
        LOOP
            versions := versions || jsonb_build_object(bumped.id, bumped.version);
            PERFORM pg_notify('tika_board', bumped.tenant_id || '/' || bumped.id || '/' || bumped.version);
        END LOOP;
    END IF;

    INSERT INTO audit_entry (tenant_id, at, actor_type, actor_id, action, resource, resource_id, subject_id, changes,
                             reason, ip, user_agent, request_id, board_id, board_version)
    SELECT coalesce(c -> 'row' ->> 'tenant_id', c -> 'row' ->> 'id')::uuid, clock_timestamp(),
           split_part(actor, ':', 1), left(substr(actor, strpos(actor, ':') + 1), 64), action, resource,
           (c -> 'row' ->> 'id')::uuid, (c -> 'row' ->> subject)::uuid, c -> 'changes',
           coalesce(current_setting('app.reason', true), ''),
           nullif(current_setting('app.ip', true), '')::inet,
           coalesce(current_setting('app.user_agent', true), ''),
           coalesce(current_setting('app.request_id', true), ''),
           (c -> 'row' ->> nullif(board, ''))::uuid, (versions ->> (c -> 'row' ->> nullif(board, '')))::bigint
    FROM unnest(changed) c;
    RETURN NULL;
END $$;
ALTER FUNCTION tika_log() OWNER TO tika_definer;

-- What an import knows from before Tika: [{"at", "actor_id", "action", "resource", "resource_id", "subject_id",
-- "board_id", "changes"}]. Always of the present tenant and always marked as imported. Returns how many.
CREATE FUNCTION audit_record_imported(entries jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
    written integer;
BEGIN
    IF tenant IS NULL THEN RAISE EXCEPTION 'no tenant was told'; END IF;
    INSERT INTO audit_entry (tenant_id, at, actor_type, actor_id, action, resource, resource_id, subject_id, changes,
                             board_id, request_id)
    SELECT tenant, e.at, 'import', coalesce(e.actor_id, ''), e.action, e.resource, e.resource_id, e.subject_id, e.changes,
           e.board_id, coalesce(current_setting('app.request_id', true), '')
    FROM jsonb_to_recordset(entries) AS e (at timestamptz, actor_id text, action text, resource text, resource_id uuid,
                                           subject_id uuid, board_id uuid, changes jsonb)
    WHERE e.at <= now();
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END $$;
ALTER FUNCTION audit_record_imported(jsonb) OWNER TO tika_definer;
DO $$ BEGIN
    SET LOCAL ROLE tika_definer;
    REVOKE ALL ON FUNCTION tika_log() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION tika_log() TO tika_owner;
    REVOKE ALL ON FUNCTION audit_record_imported(jsonb) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION audit_record_imported(jsonb) TO tika_app, tika_worker;
    SET LOCAL ROLE tika_owner;
END $$;
