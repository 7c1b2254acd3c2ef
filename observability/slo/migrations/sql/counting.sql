-- Element by element; a null is no counts at all.
CREATE FUNCTION slo_add(a bigint[], b bigint[]) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE WHEN a IS NULL THEN b WHEN b IS NULL THEN a ELSE
        ARRAY(SELECT coalesce(x, 0) + coalesce(y, 0) FROM unnest(a, b) WITH ORDINALITY AS pair (x, y, place) ORDER BY place)
    END
$$;
CREATE AGGREGATE slo_sum(bigint[]) (SFUNC = slo_add, STYPE = bigint[], PARALLEL = SAFE);

-- When the service was away on purpose, and what failed costs no budget: announced a day before, or reclassified since.
-- Times only: what is on the status page anyway.
CREATE FUNCTION slo_planned() RETURNS TABLE (starts_at timestamptz, ends_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT w.starts_at, w.ends_at FROM slo_maintenancewindow w
    WHERE w.tenant_id = '00000000-0000-7000-8000-000000000001' AND w.cancelled_at IS NULL
      AND (w.announced_at <= w.starts_at - interval '24 hours' OR w.reclassified_at IS NOT NULL)
$$;

-- What a process counted since it last told: {"minutes": [{"tenant", "sli", "age", "good", "valid", "synthetic", "sum_ms",
-- "hist"}], "routes": [{"route", "method", "age", "failed", "sum_ms", "hist"}]}. `age` is in seconds: one clock says which
-- minute it is, the database's, and no process can put its counts into a minute to come. Without a tenant it is the
-- installation's; a tenant that is gone counts no more. In one order, so that two processes never wait for each other.
CREATE FUNCTION slo_count(counts jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    operators constant uuid := '00000000-0000-7000-8000-000000000001';
    told record;
BEGIN
    FOR told IN
        SELECT t.id AS tenant, m.sli, m.good, m.valid, m.synthetic, m.sum_ms, m.hist,
               date_trunc('minute', now() - make_interval(secs => greatest(m.age, 0))) AS minute
        FROM jsonb_to_recordset(counts -> 'minutes') AS m (tenant uuid, sli text, age float8, good bigint, valid bigint,
                                                           synthetic bigint, sum_ms float8, hist bigint[])
        JOIN tenancy_tenant t ON t.id = coalesce(m.tenant, operators)
        ORDER BY 1, 2, 8
    LOOP
        INSERT INTO slo_sliminute AS s (id, tenant_id, sli, minute, good, valid, synthetic, sum_ms, hist)
        VALUES (gen_random_uuid(), told.tenant, told.sli, told.minute, told.good, told.valid, told.synthetic, told.sum_ms,
                told.hist)
        ON CONFLICT (tenant_id, sli, minute) DO UPDATE
        SET good = s.good + excluded.good, valid = s.valid + excluded.valid, synthetic = s.synthetic + excluded.synthetic,
            sum_ms = s.sum_ms + excluded.sum_ms, hist = slo_add(s.hist, excluded.hist);
    END LOOP;
    FOR told IN
        SELECT r.route, r.method, r.failed, r.sum_ms, r.hist,
               date_trunc('minute', now() - make_interval(secs => greatest(r.age, 0))) AS minute
        FROM jsonb_to_recordset(counts -> 'routes') AS r (route text, method text, age float8, failed bigint, sum_ms float8,
                                                          hist bigint[])
        ORDER BY 6, 1, 2
    LOOP
        INSERT INTO slo_routeminute AS s (id, tenant_id, route, method, minute, failed, sum_ms, hist)
        VALUES (gen_random_uuid(), operators, told.route, told.method, told.minute, told.failed, told.sum_ms, told.hist)
        ON CONFLICT (tenant_id, minute, route, method) DO UPDATE
        SET failed = s.failed + excluded.failed, sum_ms = s.sum_ms + excluded.sum_ms, hist = slo_add(s.hist, excluded.hist);
    END LOOP;
END $$;

-- Days from their minutes, of all tenants, in one statement: from `since`, or from the last day that was rolled up and the
-- one before, whose last counts may have come late. As often as one likes: a day is worked out anew, not added to.
CREATE FUNCTION slo_roll_up(since date DEFAULT NULL) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH beginning AS (
        SELECT coalesce(since, (SELECT max(d.day) - 1 FROM slo_sliday d), '-infinity') AS day
    ), written AS (
        INSERT INTO slo_sliday AS s (id, tenant_id, sli, day, good, valid, planned_good, planned_valid, sum_ms, hist)
        SELECT gen_random_uuid(), m.tenant_id, m.sli, (m.minute AT TIME ZONE 'UTC')::date, sum(m.good), sum(m.valid),
               coalesce(sum(m.good) FILTER (WHERE p.is_planned), 0), coalesce(sum(m.valid) FILTER (WHERE p.is_planned), 0),
               sum(m.sum_ms), slo_sum(m.hist)
        FROM slo_sliminute m
        CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM slo_planned() w
                                           WHERE m.minute >= w.starts_at AND m.minute < w.ends_at) AS is_planned) p
        WHERE m.minute >= (SELECT day FROM beginning)::timestamp AT TIME ZONE 'UTC'
        GROUP BY 2, 3, 4
        ON CONFLICT (tenant_id, sli, day) DO UPDATE
        SET good = excluded.good, valid = excluded.valid, planned_good = excluded.planned_good,
            planned_valid = excluded.planned_valid, sum_ms = excluded.sum_ms, hist = excluded.hist
        RETURNING 1
    )
    SELECT count(*) FROM written
$$;

ALTER FUNCTION slo_planned() OWNER TO tika_definer;
ALTER FUNCTION slo_count(jsonb) OWNER TO tika_definer;
ALTER FUNCTION slo_roll_up(date) OWNER TO tika_definer;
DO $$ BEGIN
    SET LOCAL ROLE tika_definer;
    REVOKE ALL ON FUNCTION slo_planned(), slo_count(jsonb), slo_roll_up(date) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION slo_planned(), slo_count(jsonb) TO tika_app, tika_worker;
    GRANT EXECUTE ON FUNCTION slo_roll_up(date) TO tika_worker, tika_app;
    SET LOCAL ROLE tika_owner;
END $$;
