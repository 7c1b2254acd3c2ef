-- Search inside words of any language, without an extension: each ticket has one document whose characters and
-- character pairs, hashed with the tenant, stand in a GIN index. (DESIGN: Korean inside words; measured against ILIKE.)

CREATE FUNCTION boards_fold(the_text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(normalize(the_text, NFKC))
$$;

-- Hashes of the single characters and of the pairs. Written for speed: it is most of what creating a ticket costs.
CREATE FUNCTION boards_grams(tenant uuid, folded text) RETURNS integer[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    seed bigint := hashtextextended(tenant::text, 0);
    chars text[] := string_to_array(regexp_replace(folded, '\s+', ' ', 'g'), NULL);
BEGIN
    RETURN (SELECT coalesce(array_agg(hash), '{}') FROM (SELECT DISTINCT hash FROM (
        SELECT unnest(CASE WHEN two <> ' '
            THEN ARRAY[hashint8(hashtextextended(one, seed)), hashint8(hashtextextended(one || two, seed))]
            ELSE ARRAY[hashint8(hashtextextended(one, seed))] END) AS hash
        FROM unnest(chars, chars[2:]) AS pairs (one, two) WHERE one <> ' ') hashes) known);
END $$;

CREATE FUNCTION boards_index_tickets(tenant uuid, tickets uuid[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO boards_searchdocument (id, tenant_id, board_id, ticket_id, title, body, grams, updated_at)
    SELECT tika_uuid7(), d.tenant_id, d.board_id, d.id, d.title, d.body,
           boards_grams(d.tenant_id, d.title || ' ' || d.body), now()
    FROM (
        SELECT t.tenant_id, t.board_id, t.id, boards_fold(t.title) AS title, boards_fold(concat_ws(E'\n', t.description,
            (SELECT string_agg(c.body, E'\n') FROM boards_comment c WHERE c.tenant_id = t.tenant_id AND c.ticket_id = t.id),
            (SELECT string_agg(l.name, E'\n') FROM boards_checklist l WHERE l.tenant_id = t.tenant_id AND l.ticket_id = t.id),
            (SELECT string_agg(i.text, E'\n') FROM boards_checklistitem i
             WHERE i.tenant_id = t.tenant_id AND i.ticket_id = t.id),
            (SELECT string_agg(a.name, E'\n') FROM boards_attachment a
             WHERE a.tenant_id = t.tenant_id AND a.ticket_id = t.id))) AS body
        FROM boards_ticket t WHERE t.tenant_id = tenant AND t.id = ANY (tickets)
    ) d
    ON CONFLICT (tenant_id, ticket_id) DO UPDATE
    SET title = excluded.title, body = excluded.body, grams = excluded.grams, updated_at = excluded.updated_at
    WHERE (boards_searchdocument.title, boards_searchdocument.body) IS DISTINCT FROM (excluded.title, excluded.body)
$$;

-- A new ticket has nothing but its own text yet: no look at the other tables.
CREATE FUNCTION boards_index_created() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO boards_searchdocument (id, tenant_id, board_id, ticket_id, title, body, grams, updated_at)
    SELECT tika_uuid7(), tenant_id, board_id, id, boards_fold(title), boards_fold(description),
           boards_grams(tenant_id, boards_fold(title || ' ' || description)), now()
    FROM new_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER tika_index_insert AFTER INSERT ON boards_ticket REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION boards_index_created();

CREATE FUNCTION boards_index_edited() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    touched record;
BEGIN
    FOR touched IN
        SELECT n.tenant_id, array_agg(n.id) AS tickets FROM old_rows o JOIN new_rows n ON n.id = o.id
        WHERE (n.title, n.description) IS DISTINCT FROM (o.title, o.description) GROUP BY n.tenant_id
    LOOP
        PERFORM boards_index_tickets(touched.tenant_id, touched.tickets);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER tika_index_update AFTER UPDATE ON boards_ticket
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION boards_index_edited();

CREATE FUNCTION boards_index_part() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    touched record;
BEGIN
    FOR touched IN SELECT tenant_id, array_agg(DISTINCT ticket_id) AS tickets FROM rows GROUP BY tenant_id LOOP
        PERFORM boards_index_tickets(touched.tenant_id, touched.tickets);
    END LOOP;
    RETURN NULL;
END $$;
DO $$
DECLARE
    the_table text;
    event text;
BEGIN
    FOREACH the_table IN ARRAY ARRAY['comment', 'checklist', 'checklistitem', 'attachment'] LOOP
        FOREACH event IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
            EXECUTE format('CREATE TRIGGER tika_index_%s AFTER %s ON boards_%s REFERENCING %s TABLE AS rows'
                           ' FOR EACH STATEMENT EXECUTE FUNCTION boards_index_part()',
                           lower(event), event, the_table, CASE event WHEN 'DELETE' THEN 'OLD' ELSE 'NEW' END);
        END LOOP;
    END LOOP;
END $$;

-- The tickets of the present tenant whose document holds every word, best first: words in the title before words in
-- the body, then the latest. Owned by a role the wall does not name, so that the index is used; the tenant is taken
-- from the transaction, never from the caller. `boards` are those the reader may see.
CREATE FUNCTION boards_search(words text[], boards uuid[], lim integer, skip integer)
RETURNS TABLE (ticket_id uuid, score integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
    folded text[] := ARRAY(SELECT boards_fold(w) FROM unnest(words) w);
    wanted integer[] := ARRAY(SELECT DISTINCT g FROM unnest(folded) f CROSS JOIN LATERAL unnest(boards_grams(tenant, f)) g);
BEGIN
    IF tenant IS NULL OR wanted = '{}' THEN RETURN; END IF;
    RETURN QUERY
    SELECT d.ticket_id,
           (SELECT sum(CASE WHEN strpos(d.title, f) = 1 THEN 4 WHEN strpos(d.title, f) > 0 THEN 3 ELSE 1 END)::integer
            FROM unnest(folded) f) AS score
    FROM boards_searchdocument d
    WHERE d.tenant_id = tenant AND d.board_id = ANY (boards) AND d.grams @> wanted
      AND NOT EXISTS (SELECT FROM unnest(folded) f WHERE strpos(d.title, f) = 0 AND strpos(d.body, f) = 0)
    ORDER BY score DESC, d.updated_at DESC, d.ticket_id LIMIT lim OFFSET skip;
END $$;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['boards_index_created()', 'boards_index_edited()', 'boards_index_part()',
                             'boards_search(text[], uuid[], integer, integer)'] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO tika_definer', f);
        SET LOCAL ROLE tika_definer;
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO tika_owner', f);
        SET LOCAL ROLE tika_owner;
    END LOOP;
    SET LOCAL ROLE tika_definer;
    GRANT EXECUTE ON FUNCTION boards_search(text[], uuid[], integer, integer) TO tika_app, tika_worker;
    SET LOCAL ROLE tika_owner;
END $$;
