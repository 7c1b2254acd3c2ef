-- Identifiers made in the database, in the same order as tenancy.ids.uuid7 makes them (RFC 9562).
CREATE FUNCTION tika_uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT encode(
        set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
            PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
            FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- What the log triggers of tenancy.wall.Log call; the audit app's first migration gives it its body.
CREATE FUNCTION tika_log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;

-- Shared by all processes: rate limits of sign-in (django.core.cache.backends.db).
CREATE TABLE tika_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX tika_cache_expires ON tika_cache (expires);
