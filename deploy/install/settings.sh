# shellcheck shell=sh
# Settings and secrets of bin/install, and the steps that start what they describe.
TIKA_UID=10001
GRAFANA_UID=472
SECRETS="secret_key email_url postgres_password database_url database_url_worker database_url_migrator database_url_backup database_url_superuser"
KEYS="TIKA_DOMAIN TIKA_ADMIN_EMAIL TIKA_TLS TIKA_IMAGE TIKA_SIGNUP TIKA_FROM_EMAIL HTTP_PORT HTTPS_PORT COMPOSE_FILE COMPOSE_PROFILES"

known() { [ ! -f .env ] || sed -n "s/^$1=//p" .env | tail -n 1; }

# chosen NAME DEFAULT: the environment, then .env, then the default.
chosen() {
    eval "given=\${$1:-}"
    [ -n "$given" ] || given=$(known "$1")
    printf '%s' "${given:-$2}"
}

question() {
    printf '%s' "$1 " >&2
    read -r answer || answer=
    printf '%s' "$answer"
}

# read_settings ASK: ASK is empty where nobody is there to answer.
read_settings() {
    TIKA_DOMAIN=$(chosen TIKA_DOMAIN "")
    TIKA_ADMIN_EMAIL=$(chosen TIKA_ADMIN_EMAIL "")
    if [ -n "$1" ]; then
        [ -n "$TIKA_DOMAIN" ] || TIKA_DOMAIN=$(question "Under which name will people reach it (board.example.com, board.internal)?")
        [ -n "$TIKA_ADMIN_EMAIL" ] || TIKA_ADMIN_EMAIL=$(question "Your e-mail address, as its first owner and operator?")
    fi
    TIKA_TLS=$(chosen TIKA_TLS "$(usual_tls)")
    TIKA_IMAGE=$(chosen TIKA_IMAGE "tika:$(sed -n 's/^ARG TIKA_VERSION=//p' Dockerfile 2>/dev/null | head -n 1)")
    TIKA_SIGNUP=$(chosen TIKA_SIGNUP invited)
    TIKA_FROM_EMAIL=$(chosen TIKA_FROM_EMAIL "tika@$TIKA_DOMAIN")
    HTTP_PORT=$(chosen HTTP_PORT 80)
    HTTPS_PORT=$(chosen HTTPS_PORT 443)
    COMPOSE_FILE=$(chosen COMPOSE_FILE docker-compose.production.yml)
    COMPOSE_PROFILES=$(chosen COMPOSE_PROFILES "")
    export TIKA_DOMAIN TIKA_ADMIN_EMAIL TIKA_TLS TIKA_IMAGE TIKA_SIGNUP TIKA_FROM_EMAIL HTTP_PORT HTTPS_PORT
    export COMPOSE_FILE COMPOSE_PROFILES
    compose=
    if docker compose version >/dev/null 2>&1; then
        compose="docker compose"
    elif docker-compose version >/dev/null 2>&1; then
        compose=docker-compose
    fi
}

# A name that no public authority can confirm gets a certificate of Caddy's own.
usual_tls() {
    case $TIKA_DOMAIN in
    *.internal | *.local | *.lan | *.test | *.localhost | localhost | *.home.arpa | *[0-9].*[0-9].*[0-9].*[0-9]) printf internal ;;
    *) printf '%s' "$TIKA_ADMIN_EMAIL" ;;
    esac
}

# What stands there stays, except for what was chosen anew.
write_settings() {
    mkdir -p secrets caddy certs
    # Proxy, Tika and PostgreSQL look into these as other accounts, however strictly they were unpacked.
    chmod a+rx caddy certs deploy deploy/postgres
    chmod a+r Caddyfile deploy/postgres/pg_hba.conf
    if has_profile observability; then
        for name in alertmanager compose grafana loki otel prometheus tempo; do chmod -R a+rX "deploy/$name"; done
    fi
    touch .env
    for key in $KEYS; do
        eval "value=\$$key"
        grep -q "^$key=" .env && [ "$(known "$key")" = "$value" ] && continue
        { grep -v "^$key=" .env || true; printf '%s=%s\n' "$key" "$value"; } >.env.new
        mv .env.new .env
    done
}

random() { head -c 256 /dev/urandom | LC_ALL=C tr -dc 'A-Za-z0-9' | head -c "$1"; }

# keep NAME VALUE: written once; a second run finds it.
keep() { [ -e "secrets/$1" ] || printf '%s\n' "$2" >"secrets/$1"; }

make_secrets() {
    keep secret_key "$(random 64)"
    for name in email_url s3_credentials; do [ -e "secrets/$name" ] || : >"secrets/$name"; done
    password=$(random 40)
    if [ ! -e secrets/postgres_password ]; then
        keep postgres_password "$password"
        keep database_url_superuser "postgres://postgres:$password@db:5432/postgres"
    fi
    keep database_url "postgres://tika_app:$(random 40)@db:5432/tika"
    for role in worker migrator backup; do
        keep "database_url_$role" "postgres://tika_$role:$(random 40)@db:5432/tika"
    done
    # Without Grafana too: docker-compose 1.29 complains with each command of a file that is not there.
    keep grafana_admin_password "$(chosen GRAFANA_ADMIN_PASSWORD "$(random 24)")"
}

has_profile() { case ",$COMPOSE_PROFILES," in *",$1,"*) ;; *) return 1 ;; esac; }

# Files of compose are seen in a container with the owner they have outside.
own_secrets() {
    docker run --rm --user 0 --network none --volume "$PWD/secrets:/secrets" --entrypoint find "$TIKA_IMAGE" \
        /secrets -type f -exec chmod 600 {} + \
        \( -name 'grafana_*' -exec chown "$GRAFANA_UID" {} + -o -exec chown "$TIKA_UID:$TIKA_UID" {} + \)
}

compose() { $compose "$@"; }

make_image() {
    docker image inspect "$TIKA_IMAGE" >/dev/null 2>&1 && return 0
    DOCKER_BUILDKIT=1 docker build --tag "$TIKA_IMAGE" --build-arg TIKA_COMMIT="$(git rev-parse HEAD 2>/dev/null)" .
}

# insist COMMAND...: a part that was slow to answer for a moment is no reason to give up.
insist() {
    tries=6
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 10
    done
}

migrate() {
    insist compose up -d migrate || return 1
    container=$(compose ps -aq migrate)
    [ "$(docker wait "$container")" = 0 ] || { docker logs "$container" && return 1; }
}

verify() {
    tries=40
    until compose exec -T app tika probe "https://$TIKA_DOMAIN:$HTTPS_PORT/readyz" --at "caddy:$HTTPS_PORT"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 3
    done
    [ "$TIKA_TLS" = internal ] || return 0
    docker cp "$(compose ps -q caddy):/data/caddy/pki/authorities/local/root.crt" certs/caddy-root.crt
    chmod a+r certs/caddy-root.crt
}
