-- Looks over the wall for sign-in only: by a secret the caller must hold, or by a user's id for the list of workspaces.
-- Takes no tenant from a setting and shows nothing of any other tenant.
CREATE FUNCTION tenancy_identify(the_session text, the_digest bytea, the_tenant text)
RETURNS TABLE (
    user_id uuid, email text, password text, session_data text, language text, timezone text, theme text,
    tenant_id uuid, tenant_slug text, tenant_name text, member_id uuid, number integer, name text, role text,
    token_id uuid, scope text, token_expires_at timestamptz, token_used_at timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF the_digest IS NOT NULL THEN
        RETURN QUERY
        SELECT u.id, u.email::text, NULL::text, NULL::text, u.language::text, u.timezone::text, u.theme::text,
               t.id, t.slug::text, t.name::text, m.id, m.number, m.name::text, m.role::text,
               a.id, a.scope::text, a.expires_at, a.last_used_at
        FROM tenancy_apitoken a
        JOIN tenancy_membership m ON m.tenant_id = a.tenant_id AND m.id = a.membership_id AND m.is_active
        JOIN tenancy_tenant t ON t.id = a.tenant_id
        JOIN tenancy_user u ON u.id = m.user_id AND u.is_active
        WHERE a.digest = the_digest AND a.revoked_at IS NULL AND (a.expires_at IS NULL OR a.expires_at > now())
          AND (the_tenant = '' OR the_tenant IN (t.slug, t.id::text));
    ELSE
        RETURN QUERY
        SELECT u.id, u.email::text, u.password::text, s.session_data, u.language::text, u.timezone::text, u.theme::text,
               t.id, t.slug::text, t.name::text, m.id, m.number, m.name::text, m.role::text,
               NULL::uuid, NULL::text, NULL::timestamptz, NULL::timestamptz
        FROM tenancy_session s
        JOIN tenancy_user u ON u.id = s.user_id AND u.is_active
        LEFT JOIN (tenancy_tenant t JOIN tenancy_membership m ON m.tenant_id = t.id AND m.is_active)
               ON m.user_id = u.id AND (the_tenant IN (t.slug, t.id::text)
                    -- Nothing named, and only one to choose.
                    OR the_tenant = '' AND 1 = (SELECT count(*) FROM tenancy_membership o
                                                WHERE o.user_id = u.id AND o.is_active))
        WHERE s.session_key = the_session AND s.expire_date > now();
    END IF;
END $$;

CREATE FUNCTION tenancy_workspaces_of(the_user uuid)
RETURNS TABLE (tenant_id uuid, slug text, name text, role text, member_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 5 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT t.id, t.slug::text, t.name::text, m.role::text, m.id
    FROM tenancy_membership m JOIN tenancy_tenant t ON t.id = m.tenant_id
    WHERE m.user_id = the_user AND m.is_active ORDER BY t.name, t.id
$$;

-- The one workspace an invitation's secret opens.
CREATE FUNCTION tenancy_invitation(the_digest bytea)
RETURNS TABLE (id uuid, tenant_id uuid, tenant_slug text, tenant_name text, role text, email text, invited_by text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.id, t.id, t.slug::text, t.name::text, i.role::text, i.email::text, m.name::text
    FROM tenancy_invitation i JOIN tenancy_tenant t ON t.id = i.tenant_id
    JOIN tenancy_membership m ON m.tenant_id = i.tenant_id AND m.id = i.created_by_id
    WHERE i.digest = the_digest AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()
$$;

-- Is this installation still without a workspace? (bin/run, first visitor); and which id has this slug (commands).
CREATE FUNCTION tenancy_is_empty() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT FROM tenancy_tenant)
$$;
CREATE FUNCTION tenancy_id_of(the_slug text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id FROM tenancy_tenant WHERE slug = the_slug
$$;
-- The worker's rounds go through all tenants, one transaction each.
CREATE FUNCTION tenancy_all_ids() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id FROM tenancy_tenant ORDER BY id
$$;

-- Someone's right may have changed: `live` looks again at the streams this names.
CREATE FUNCTION tenancy_access_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'tenancy_membership' THEN
        PERFORM pg_notify('tika_access', OLD.tenant_id || '//' || OLD.id);
    ELSIF TG_TABLE_NAME = 'tenancy_apitoken' THEN
        PERFORM pg_notify('tika_access', OLD.tenant_id || '//' || OLD.membership_id);
    ELSIF OLD.user_id IS NOT NULL THEN
        PERFORM pg_notify('tika_access', 'user/' || OLD.user_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tika_access AFTER UPDATE OF role, is_active, user_id OR DELETE ON tenancy_membership
    FOR EACH ROW EXECUTE FUNCTION tenancy_access_changed();
CREATE TRIGGER tika_access AFTER UPDATE OF revoked_at, expires_at, scope OR DELETE ON tenancy_apitoken
    FOR EACH ROW EXECUTE FUNCTION tenancy_access_changed();
CREATE TRIGGER tika_access AFTER DELETE ON tenancy_session
    FOR EACH ROW EXECUTE FUNCTION tenancy_access_changed();

GRANT SELECT ON tenancy_user, tenancy_session TO tika_definer;
ALTER FUNCTION tenancy_identify(text, bytea, text) OWNER TO tika_definer;
ALTER FUNCTION tenancy_workspaces_of(uuid) OWNER TO tika_definer;
ALTER FUNCTION tenancy_invitation(bytea) OWNER TO tika_definer;
ALTER FUNCTION tenancy_is_empty() OWNER TO tika_definer;
ALTER FUNCTION tenancy_id_of(text) OWNER TO tika_definer;
ALTER FUNCTION tenancy_all_ids() OWNER TO tika_definer;
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['tenancy_identify(text, bytea, text)', 'tenancy_workspaces_of(uuid)',
        'tenancy_invitation(bytea)', 'tenancy_is_empty()', 'tenancy_id_of(text)', 'tenancy_all_ids()'] LOOP
        EXECUTE format('SET LOCAL ROLE tika_definer');
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO tika_app, tika_worker', f);
    END LOOP;
    SET LOCAL ROLE tika_owner;
END $$;
