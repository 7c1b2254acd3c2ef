-- For the exporter: how many tickets are on the boards of all workspaces, by what their column means. Tells counts only.
CREATE FUNCTION boards_tickets_by_category() RETURNS TABLE (category text, count bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT known.category, coalesce(sum(found.count), 0)::bigint
    FROM unnest(ARRAY['backlog', 'todo', 'in_progress', 'done']) AS known (category)
    LEFT JOIN (SELECT c.category, t.count FROM boards_column c JOIN (
            SELECT tenant_id, column_id, count(*) AS count FROM boards_ticket
            WHERE archived_at IS NULL AND trashed_at IS NULL GROUP BY 1, 2) t
        ON t.tenant_id = c.tenant_id AND t.column_id = c.id) found ON found.category = known.category
    GROUP BY 1
$$;

ALTER FUNCTION boards_tickets_by_category() OWNER TO tika_definer;
DO $$ BEGIN
    SET LOCAL ROLE tika_definer;
    REVOKE ALL ON FUNCTION boards_tickets_by_category() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION boards_tickets_by_category() TO tika_worker, tika_app;
    SET LOCAL ROLE tika_owner;
END $$;
