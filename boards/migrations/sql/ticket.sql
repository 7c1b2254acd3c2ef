-- What a ticket's row repeats of other tables, and its version. Statement triggers, so that no road to the data forgets.

-- A ticket's version counts the changes of what a person edits, not of the counts.
CREATE FUNCTION boards_ticket_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER tika_version BEFORE UPDATE ON boards_ticket FOR EACH ROW
WHEN ((OLD.column_id, OLD.rank, OLD.title, OLD.description, OLD.priority, OLD.start_on, OLD.due_on, OLD.estimate,
       OLD.label_numbers, OLD.assignee_numbers, OLD.archived_at, OLD.trashed_at)
      IS DISTINCT FROM
      (NEW.column_id, NEW.rank, NEW.title, NEW.description, NEW.priority, NEW.start_on, NEW.due_on, NEW.estimate,
       NEW.label_numbers, NEW.assignee_numbers, NEW.archived_at, NEW.trashed_at))
EXECUTE FUNCTION boards_ticket_version();

CREATE FUNCTION boards_repeat_labels() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE boards_ticket t SET label_numbers = ARRAY(
        SELECT l.number FROM boards_ticketlabel tl JOIN boards_label l ON l.tenant_id = tl.tenant_id AND l.id = tl.label_id
        WHERE tl.tenant_id = t.tenant_id AND tl.ticket_id = t.id ORDER BY l.number)
    FROM (SELECT DISTINCT tenant_id, ticket_id FROM rows) touched
    WHERE t.tenant_id = touched.tenant_id AND t.id = touched.ticket_id;
    RETURN NULL;
END $$;
CREATE TRIGGER tika_repeat_insert AFTER INSERT ON boards_ticketlabel REFERENCING NEW TABLE AS rows
    FOR EACH STATEMENT EXECUTE FUNCTION boards_repeat_labels();
CREATE TRIGGER tika_repeat_delete AFTER DELETE ON boards_ticketlabel REFERENCING OLD TABLE AS rows
    FOR EACH STATEMENT EXECUTE FUNCTION boards_repeat_labels();

CREATE FUNCTION boards_repeat_assignees() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE boards_ticket t SET assignee_numbers = ARRAY(
        SELECT m.number FROM boards_ticketassignee ta
        JOIN tenancy_membership m ON m.tenant_id = ta.tenant_id AND m.id = ta.membership_id
        WHERE ta.tenant_id = t.tenant_id AND ta.ticket_id = t.id ORDER BY m.number)
    FROM (SELECT DISTINCT tenant_id, ticket_id FROM rows) touched
    WHERE t.tenant_id = touched.tenant_id AND t.id = touched.ticket_id;
    RETURN NULL;
END $$;
CREATE TRIGGER tika_repeat_insert AFTER INSERT ON boards_ticketassignee REFERENCING NEW TABLE AS rows
    FOR EACH STATEMENT EXECUTE FUNCTION boards_repeat_assignees();
CREATE TRIGGER tika_repeat_delete AFTER DELETE ON boards_ticketassignee REFERENCING OLD TABLE AS rows
    FOR EACH STATEMENT EXECUTE FUNCTION boards_repeat_assignees();

-- The counts on a card. TG_ARGV[0] is which of them.
CREATE FUNCTION boards_count() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_ARGV[0] = 'comments' THEN
        UPDATE boards_ticket t SET comment_count = (
            SELECT count(*) FROM boards_comment c WHERE c.tenant_id = t.tenant_id AND c.ticket_id = t.id)
        FROM (SELECT DISTINCT tenant_id, ticket_id FROM rows) touched
        WHERE t.tenant_id = touched.tenant_id AND t.id = touched.ticket_id;
    ELSIF TG_ARGV[0] = 'attachments' THEN
        UPDATE boards_ticket t SET attachment_count = (
            SELECT count(*) FROM boards_attachment a WHERE a.tenant_id = t.tenant_id AND a.ticket_id = t.id)
        FROM (SELECT DISTINCT tenant_id, ticket_id FROM rows) touched
        WHERE t.tenant_id = touched.tenant_id AND t.id = touched.ticket_id;
    ELSE
        UPDATE boards_ticket t SET (checklist_total, checklist_done) = (
            SELECT count(*), count(*) FILTER (WHERE i.is_done)
            FROM boards_checklistitem i WHERE i.tenant_id = t.tenant_id AND i.ticket_id = t.id)
        FROM (SELECT DISTINCT tenant_id, ticket_id FROM rows) touched
        WHERE t.tenant_id = touched.tenant_id AND t.id = touched.ticket_id;
    END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE
    the_table text;
    what text;
BEGIN
    FOREACH the_table IN ARRAY ARRAY['comment', 'attachment', 'checklistitem'] LOOP
        what := CASE the_table WHEN 'checklistitem' THEN 'checks' ELSE the_table || 's' END;
        EXECUTE format('CREATE TRIGGER tika_count_insert AFTER INSERT ON boards_%s REFERENCING NEW TABLE AS rows'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION boards_count(%L)', the_table, what);
        EXECUTE format('CREATE TRIGGER tika_count_delete AFTER DELETE ON boards_%s REFERENCING OLD TABLE AS rows'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION boards_count(%L)', the_table, what);
    END LOOP;
END $$;
CREATE TRIGGER tika_count_update AFTER UPDATE ON boards_checklistitem REFERENCING NEW TABLE AS rows
    FOR EACH STATEMENT EXECUTE FUNCTION boards_count('checks');

-- A person's name, role or presence is on every board of the workspace.
CREATE FUNCTION boards_people_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    bumped record;
BEGIN
    FOR bumped IN
        UPDATE boards_board b SET version = b.version + 1, people_version = b.version + 1
        WHERE b.tenant_id IN (SELECT tenant_id FROM rows) RETURNING b.tenant_id, b.id, b.version
    LOOP
        PERFORM pg_notify('tika_board', bumped.tenant_id || '/' || bumped.id || '/' || bumped.version);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER tika_people_insert AFTER INSERT ON tenancy_membership REFERENCING NEW TABLE AS rows
    FOR EACH STATEMENT EXECUTE FUNCTION boards_people_changed();
CREATE TRIGGER tika_people_update AFTER UPDATE ON tenancy_membership REFERENCING NEW TABLE AS rows
    FOR EACH STATEMENT EXECUTE FUNCTION boards_people_changed();
CREATE TRIGGER tika_people_delete AFTER DELETE ON tenancy_membership REFERENCING OLD TABLE AS rows
    FOR EACH STATEMENT EXECUTE FUNCTION boards_people_changed();

-- Who may see a board has changed: `live` looks again.
CREATE FUNCTION boards_access_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_row record := coalesce(OLD, NEW);
BEGIN
    PERFORM pg_notify('tika_access', the_row.tenant_id || '/' ||
                      CASE TG_TABLE_NAME WHEN 'boards_board' THEN to_jsonb(the_row) ->> 'id'
                                         ELSE to_jsonb(the_row) ->> 'board_id' END);
    RETURN NULL;
END $$;
CREATE TRIGGER tika_access AFTER UPDATE OF is_private, trashed_at OR DELETE ON boards_board
    FOR EACH ROW EXECUTE FUNCTION boards_access_changed();
CREATE TRIGGER tika_access AFTER INSERT OR DELETE ON boards_boardaccess
    FOR EACH ROW EXECUTE FUNCTION boards_access_changed();

-- Reading a column in order, and counting what is in it, without what is archived.
CREATE INDEX boards_ticket_open ON boards_ticket (tenant_id, board_id, column_id, rank)
    WHERE archived_at IS NULL AND trashed_at IS NULL;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['boards_repeat_labels()', 'boards_repeat_assignees()', 'boards_count()', 'boards_people_changed()'] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO tika_definer', f);
        SET LOCAL ROLE tika_definer;
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO tika_owner', f);
        SET LOCAL ROLE tika_owner;
    END LOOP;
END $$;
