#!/bin/bash
# What the official image's entrypoint does of what Tika uses: a secret as a file, the account, initdb, a password.
set -eu
if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then
    POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
    export POSTGRES_PASSWORD
    unset POSTGRES_PASSWORD_FILE
fi
if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA" /var/run/postgresql
    chown -R 70:70 /var/lib/postgresql /var/run/postgresql
    chmod 03775 /var/run/postgresql
    chmod 700 "$PGDATA"
    exec setpriv --reuid=70 --regid=70 --clear-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    initdb -D "$PGDATA" -U "${POSTGRES_USER:-postgres}" -E UTF8 --locale=C.UTF-8 --auth-local=trust \
        --auth-host=scram-sha-256 --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") ${POSTGRES_INITDB_ARGS:-} >/dev/null
    printf 'host all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
fi
unset POSTGRES_PASSWORD
[ "$1" != postgres ] || { shift; set -- postgres -c "listen_addresses=*" -c unix_socket_directories=/var/run/postgresql "$@"; }
exec "$@"
