DO $$ BEGIN SET LOCAL ROLE tika_definer; END $$;
-- Days from their minutes, of all tenants, in one statement: from `since`, or from the last day that was rolled up and the
-- one before, whose last counts may have come late, and from what was decided about maintenance an hour ago. As often as one likes: a day is worked out anew, not added to.
CREATE OR REPLACE FUNCTION slo_roll_up(since date DEFAULT NULL) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH beginning AS (
        SELECT coalesce(since, least((SELECT max(d.day) - 1 FROM slo_sliday d), (
            SELECT min(w.starts_at AT TIME ZONE 'UTC')::date FROM slo_maintenancewindow w
            WHERE w.reclassified_at > now() - interval '1 hour'
        )), '-infinity') AS day
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
DO $$ BEGIN SET LOCAL ROLE tika_owner; END $$;

-- For the operators: how many of each workspace's requests were served well. Answers in their workspace alone.
CREATE FUNCTION slo_agreements(since date, until date)
RETURNS TABLE (slug text, good float8, valid float8, planned_good float8, planned_valid float8)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT t.slug::text, sum(d.good)::float8, sum(d.valid)::float8, sum(d.planned_good)::float8, sum(d.planned_valid)::float8
    FROM slo_sliday d JOIN tenancy_tenant t ON t.id = d.tenant_id
    WHERE current_setting('app.tenant_id', true) = '00000000-0000-7000-8000-000000000001'
      AND d.tenant_id <> '00000000-0000-7000-8000-000000000001'
      AND d.sli = 'availability' AND d.day >= since AND d.day < until
    GROUP BY t.id
$$;
ALTER FUNCTION slo_agreements(date, date) OWNER TO tika_definer;
DO $$ BEGIN
    SET LOCAL ROLE tika_definer;
    REVOKE ALL ON FUNCTION slo_agreements(date, date) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION slo_agreements(date, date) TO tika_app, tika_worker;
    SET LOCAL ROLE tika_owner;
END $$;
