-- The workspace of the installation's operators (tenancy.operators): nobody's until the first grant.
SELECT set_config('app.actor', 'system:tika', true);
SET LOCAL ROLE tika_definer;
INSERT INTO tenancy_tenant (id, slug, name, created_at)
VALUES ('00000000-0000-7000-8000-000000000001', 'ops', 'Operations', now());
-- An installation with no other workspace is still without one.
CREATE OR REPLACE FUNCTION tenancy_is_empty() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT FROM tenancy_tenant WHERE id <> '00000000-0000-7000-8000-000000000001')
$$;
SET LOCAL ROLE tika_owner;
SELECT set_config('app.actor', '', true);
