-- A new password ends the sessions made with the old one, a closed account all of them: `live` looks again.
CREATE FUNCTION tenancy_account_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('tika_access', 'user/' || OLD.id);
    RETURN NULL;
END $$;
CREATE TRIGGER tika_access AFTER UPDATE ON tenancy_user FOR EACH ROW
    WHEN ((OLD.password, OLD.is_active) IS DISTINCT FROM (NEW.password, NEW.is_active))
    EXECUTE FUNCTION tenancy_account_changed();
