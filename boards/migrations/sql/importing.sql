-- Imports of all workspaces that wait for a worker: never taken, or taken by one that gave no sign of life for a while;
-- and those ready for a week, whose files must not lie about longer. Tells ids only.
CREATE FUNCTION boards_imports_waiting(patience interval) RETURNS TABLE (tenant_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.tenant_id, i.id FROM boards_import i
    WHERE i.state IN ('uploaded', 'analysing', 'started', 'running', 'undoing')
      AND (i.beat_at IS NULL OR i.beat_at < now() - patience)
       OR i.state = 'ready' AND i.created_at < now() - interval '7 days'
    ORDER BY i.created_at
$$;
CREATE INDEX boards_import_waiting ON boards_import (created_at)
    WHERE state IN ('uploaded', 'analysing', 'ready', 'started', 'running', 'undoing');

ALTER FUNCTION boards_imports_waiting(interval) OWNER TO tika_definer;
DO $$ BEGIN
    SET LOCAL ROLE tika_definer;
    REVOKE ALL ON FUNCTION boards_imports_waiting(interval) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION boards_imports_waiting(interval) TO tika_worker, tika_app;
    SET LOCAL ROLE tika_owner;
END $$;
