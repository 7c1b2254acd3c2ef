-- `boards_search` looked at every match to rank it: a word that two tickets of three have cost a hundred times what a
-- rare one does. Words as common as that are looked for from the newest ticket on, until enough are found to rank. And
-- the single characters of a longer word are not looked up beside its pairs, which hold them.
DO $$ BEGIN SET LOCAL ROLE tika_definer; END $$;
CREATE OR REPLACE FUNCTION boards_search(words text[], boards uuid[], lim integer, skip integer)
RETURNS TABLE (ticket_id uuid, score integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    enough constant integer := 500;
    probed constant integer := 200;  -- the newest tickets: how many of them have the words?
    tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
    folded text[] := ARRAY(SELECT boards_fold(w) FROM unnest(words) w WHERE boards_fold(w) <> '');
    patterns text[] := ARRAY(SELECT '%' || regexp_replace(f, '([\\%_])', '\\\1', 'g') || '%' FROM unnest(folded) f);
    wanted integer[];
    found uuid[];
    is_common boolean;
BEGIN
    IF tenant IS NULL OR folded = '{}' THEN RETURN; END IF;
    SELECT count(*) FILTER (WHERE d.title || E'\n' || d.body LIKE ALL (patterns)) > probed / 8 INTO is_common
    FROM (SELECT s.title, s.body FROM boards_searchdocument s
          WHERE s.tenant_id = tenant ORDER BY s.ticket_id DESC LIMIT probed) d;
    IF is_common THEN
        found := ARRAY(
            SELECT d.ticket_id
            FROM (SELECT * FROM boards_searchdocument s WHERE s.tenant_id = tenant
                  ORDER BY s.ticket_id DESC LIMIT 20 * enough) d
            WHERE d.board_id = ANY (boards) AND d.title || E'\n' || d.body LIKE ALL (patterns) LIMIT enough);
    ELSE
        wanted := ARRAY(
            SELECT DISTINCT hashint8(hashtextextended(substr(f, at, 2), hashtextextended(tenant::text, 0)))
            FROM unnest(folded) f, generate_series(1, greatest(char_length(f) - 1, 1)) at);
        found := ARRAY(
            SELECT d.ticket_id FROM boards_searchdocument d
            WHERE d.tenant_id = tenant AND d.board_id = ANY (boards) AND d.grams @> wanted
              AND d.title || E'\n' || d.body LIKE ALL (patterns));
    END IF;
    RETURN QUERY
    SELECT d.ticket_id,
           (SELECT sum(CASE WHEN strpos(d.title, f) = 1 THEN 4 WHEN strpos(d.title, f) > 0 THEN 3 ELSE 1 END)::integer
            FROM unnest(folded) f) AS score
    FROM boards_searchdocument d WHERE d.tenant_id = tenant AND d.ticket_id = ANY (found)
    ORDER BY score DESC, d.updated_at DESC, d.ticket_id LIMIT lim OFFSET skip;
END $$;
DO $$ BEGIN SET LOCAL ROLE tika_owner; END $$;
