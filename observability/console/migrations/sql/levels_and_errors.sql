-- Loggers that differ now, and for how many seconds more: the database's clock says when it is over.
CREATE FUNCTION console_log_levels() RETURNS TABLE (logger text, level text, seconds float8)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.logger, l.level, extract(epoch FROM l.until - now())::float8 FROM console_loglevel l
    WHERE l.tenant_id = '00000000-0000-7000-8000-000000000001' AND l.until > now()
$$;

-- Exceptions of one process since it last told: [{"fingerprint", "type", "message", "traceback", "route", "service", "version",
-- "request_id", "count", "age"}], `age` in seconds. Ordered by the caller, so that two processes never wait for each other.
CREATE FUNCTION console_note_errors(errors jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO console_errorgroup AS g (id, tenant_id, fingerprint, type, message, traceback, route, service, version,
                                         request_id, count, first_seen_at, last_seen_at)
    SELECT gen_random_uuid(), '00000000-0000-7000-8000-000000000001', e.fingerprint, e.type, e.message, e.traceback, e.route,
           e.service, e.version, e.request_id, e.count, seen.at, seen.at
    FROM jsonb_to_recordset(errors) AS e (fingerprint text, type text, message text, traceback text, route text, service text,
                                          version text, request_id text, count bigint, age float8)
    CROSS JOIN LATERAL (SELECT now() - make_interval(secs => greatest(e.age, 0)) AS at) seen
    ON CONFLICT (tenant_id, fingerprint) DO UPDATE
    SET type = excluded.type, message = excluded.message, traceback = excluded.traceback, route = excluded.route,
        service = excluded.service, version = excluded.version, request_id = excluded.request_id,
        count = g.count + excluded.count, last_seen_at = greatest(g.last_seen_at, excluded.last_seen_at);
    DELETE FROM console_errorgroup WHERE tenant_id = '00000000-0000-7000-8000-000000000001' AND id IN (
        SELECT id FROM console_errorgroup WHERE tenant_id = '00000000-0000-7000-8000-000000000001'
        ORDER BY last_seen_at DESC, id DESC OFFSET 200)
$$;

GRANT DELETE ON console_errorgroup TO tika_definer;
ALTER FUNCTION console_log_levels() OWNER TO tika_definer;
ALTER FUNCTION console_note_errors(jsonb) OWNER TO tika_definer;
DO $$ BEGIN
    SET LOCAL ROLE tika_definer;
    REVOKE ALL ON FUNCTION console_log_levels(), console_note_errors(jsonb) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION console_log_levels(), console_note_errors(jsonb) TO tika_app, tika_worker;
    SET LOCAL ROLE tika_owner;
END $$;
