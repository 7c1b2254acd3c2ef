CREATE TABLE audit_entry (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT tika_uuid7(),
    at timestamptz NOT NULL,
    actor_type varchar(10) NOT NULL,
    actor_id varchar(64) NOT NULL,
    action varchar(6) NOT NULL CHECK (action IN ('CREATE', 'UPDATE', 'DELETE')),
    resource varchar(50) NOT NULL,
    resource_id uuid NOT NULL,
    subject_id uuid,
    changes jsonb NOT NULL,
    reason text NOT NULL DEFAULT '',
    ip inet,
    user_agent varchar(512) NOT NULL DEFAULT '',
    request_id varchar(64) NOT NULL DEFAULT '',
    board_id uuid,
    board_version bigint,
    PRIMARY KEY (tenant_id, at, id)
) PARTITION BY RANGE (at);
CREATE INDEX audit_entry_feed ON audit_entry (tenant_id, board_id, board_version);
CREATE INDEX audit_entry_subject ON audit_entry (tenant_id, subject_id, at);

-- What an import brings from before Tika, and a month nobody made ahead.
CREATE TABLE audit_entry_default PARTITION OF audit_entry DEFAULT;

ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_entry_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_entry_default FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON audit_entry AS RESTRICTIVE FOR ALL TO tika_app, tika_worker
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY app_rows ON audit_entry FOR SELECT TO tika_app, tika_worker USING (true);
CREATE POLICY definer_rows ON audit_entry FOR ALL TO tika_definer USING (true) WITH CHECK (true);
REVOKE ALL ON audit_entry, audit_entry_default FROM PUBLIC;
GRANT SELECT ON audit_entry TO tika_app, tika_worker, tika_backup;
GRANT SELECT, INSERT ON audit_entry TO tika_definer;

-- Append-only for everybody, the owner included. Rows leave with their partition.
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_entry is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_entry_default
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- Makes this month's partition and the next ones; the worker may call it, though it may not make tables.
-- Returns how many were missing.
CREATE FUNCTION audit_make_partitions(ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    made integer := 0;
    month date;
    name text;
BEGIN
    FOR step IN 0..least(ahead, 24) LOOP
        month := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => step))::date;
        name := 'audit_entry_' || to_char(month, 'YYYYMM');
        CONTINUE WHEN to_regclass('public.' || name) IS NOT NULL;
        EXECUTE format('CREATE TABLE public.%I (LIKE public.audit_entry INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', name);
        EXECUTE format('ALTER TABLE public.audit_entry ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', name,
                       month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
        EXECUTE format('CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT'
                       ' EXECUTE FUNCTION public.audit_refuse()', name);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION audit_make_partitions(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_make_partitions(integer) TO tika_worker;
SELECT audit_make_partitions(3);
