-- A token used for another workspace than its own is its person's, who is a stranger there: 404, as by session.
DO $$ BEGIN SET LOCAL ROLE tika_definer; END $$;
CREATE OR REPLACE FUNCTION tenancy_identify(the_session text, the_digest bytea, the_tenant text)
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
               t.id, t.slug::text, t.name::text, CASE WHEN t.id IS NOT NULL THEN m.id END, m.number, m.name::text,
               m.role::text, a.id, a.scope::text, a.expires_at, a.last_used_at
        FROM tenancy_apitoken a
        JOIN tenancy_membership m ON m.tenant_id = a.tenant_id AND m.id = a.membership_id AND m.is_active
        JOIN tenancy_user u ON u.id = m.user_id AND u.is_active
        LEFT JOIN tenancy_tenant t ON t.id = a.tenant_id AND (the_tenant = '' OR the_tenant IN (t.slug, t.id::text))
        WHERE a.digest = the_digest AND a.revoked_at IS NULL AND (a.expires_at IS NULL OR a.expires_at > now());
    ELSE
        RETURN QUERY
        SELECT u.id, u.email::text, u.password::text, s.session_data, u.language::text, u.timezone::text, u.theme::text,
               t.id, t.slug::text, t.name::text, m.id, m.number, m.name::text, m.role::text,
               NULL::uuid, NULL::text, NULL::timestamptz, NULL::timestamptz
        FROM tenancy_session s
        JOIN tenancy_user u ON u.id = s.user_id AND u.is_active
        LEFT JOIN (tenancy_tenant t JOIN tenancy_membership m ON m.tenant_id = t.id AND m.is_active)
               ON m.user_id = u.id AND the_tenant IN (t.slug, t.id::text)
        WHERE s.session_key = the_session AND s.expire_date > now();
    END IF;
END $$;
DO $$ BEGIN SET LOCAL ROLE tika_owner; END $$;
