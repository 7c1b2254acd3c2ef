# shellcheck shell=sh
# Does what it is told fit together? Name, address, certificate, mail, and what an earlier installation left.

check_site() {
    check_domain
    check_email
    check_name_resolves
    check_certificate
    check_authority
}

check_domain() {
    case $TIKA_DOMAIN in
    "") fail "TIKA_DOMAIN: not given" "name it in .env, or in the environment of bin/install" ;;
    *://* | *[!A-Za-z0-9.-]* | .* | -* | *..*) fail "TIKA_DOMAIN: '$TIKA_DOMAIN' is no host name" "write only the name, for example board.example.com" ;;
    *) pass "TIKA_DOMAIN: $TIKA_DOMAIN" ;;
    esac
}

check_email() {
    case $TIKA_ADMIN_EMAIL in
    *[!A-Za-z0-9.@_+%-]* | *@*@* | @* | *@) fail "TIKA_ADMIN_EMAIL: '$TIKA_ADMIN_EMAIL' is no e-mail address" "for example you@example.com" ;;
    *@*.*) pass "TIKA_ADMIN_EMAIL: $TIKA_ADMIN_EMAIL" ;;
    "") fail "TIKA_ADMIN_EMAIL: not given" "name it in .env, or in the environment of bin/install" ;;
    *) fail "TIKA_ADMIN_EMAIL: '$TIKA_ADMIN_EMAIL' is no e-mail address" "for example you@example.com" ;;
    esac
}

check_name_resolves() {
    [ -n "$TIKA_DOMAIN" ] || return 0
    address=$(getent ahosts "$TIKA_DOMAIN" 2>/dev/null | awk 'NR == 1 {print $1}')
    fix="add $TIKA_DOMAIN with this machine's address to your DNS, or to /etc/hosts of those who try it"
    if [ -n "$address" ]; then
        pass "DNS: $TIKA_DOMAIN is $address"
    elif [ "${TIKA_TLS#*@}" != "$TIKA_TLS" ]; then
        fail "DNS: $TIKA_DOMAIN is not known, and a public certificate needs that" "$fix"
    else
        warn "DNS: $TIKA_DOMAIN is not known from here" "$fix"
    fi
}

check_certificate() {
    case $TIKA_TLS in
    internal) warn "certificate: of this installation's own authority" "let browsers trust certs/caddy-root.crt, or set TIKA_TLS in .env" ;;
    /certs/*) check_own_certificate ;;
    *@*) pass "certificate: by ACME for $TIKA_TLS; port 80 or 443 must be reachable from the internet" ;;
    *) fail "TIKA_TLS: '$TIKA_TLS' is none of its forms" "internal, an e-mail address, or /certs/site.pem /certs/site.key" ;;
    esac
}

check_own_certificate() {
    for path in $TIKA_TLS; do
        if [ ! -r ".$path" ]; then
            fail "certificate: .$path is not there or not readable" "put it there; TIKA_TLS names the certificate, then its key"
            return
        fi
    done
    pem=.${TIKA_TLS%% *}
    if ! command -v openssl >/dev/null 2>&1; then
        pass "certificate: $pem is there"
    elif ! openssl x509 -in "$pem" -noout -checkend 604800 >/dev/null 2>&1; then
        fail "certificate: $pem ends within a week, or is none" "renew it"
    elif ! openssl x509 -in "$pem" -noout -checkhost "$TIKA_DOMAIN" | grep -q 'does match'; then
        fail "certificate: $pem is not for $TIKA_DOMAIN" "use one whose names include it"
    else
        pass "certificate: $pem is for $TIKA_DOMAIN"
    fi
}

check_authority() {
    [ -e certs/ca.pem ] || return 0
    if grep -q 'BEGIN CERTIFICATE' certs/ca.pem; then
        pass "certs/ca.pem: is trusted for what goes out"
    else
        fail "certs/ca.pem: holds no certificate" "put the authority's certificate there as PEM, or remove the file"
    fi
}

# Secrets and database belong together: one without the other is an installation half lost.
check_earlier() {
    missing=
    found=
    for name in $SECRETS; do
        if [ -e "secrets/$name" ]; then found=$name; else missing="$missing $name"; fi
    done
    project=$(basename "$PWD" | tr '[:upper:]' '[:lower:]' | LC_ALL=C tr -dc 'a-z0-9_-')
    volume=$(docker volume ls -q --filter "name=^${COMPOSE_PROJECT_NAME:-$project}_pgdata\$")
    if [ -n "$volume" ] && [ -n "$missing" ]; then
        fail "an earlier installation: its database $volume is there, but not its secrets:$missing" "put secrets/ back from where you keep its copy; or remove the volume with everything in it"
    elif [ -n "$volume" ]; then
        pass "an earlier installation: its database and secrets are there and stay"
        check_upgrade
    elif [ -n "$found" ] && [ -n "$missing" ]; then
        fail "secrets/: these are missing:$missing" "put them back, or remove the folder to have new ones made"
    else
        pass "an earlier installation: none"
    fi
}

label() { docker image inspect --format '{{index .Config.Labels "org.opencontainers.image.version"}}' "$1" 2>/dev/null; }

check_upgrade() {
    running=$(docker inspect --format '{{.Image}}' "$(compose ps -q app 2>/dev/null)" 2>/dev/null) || running=
    old=$(label "$running")
    new=$(label "$TIKA_IMAGE")
    [ -n "$old" ] && [ -n "$new" ] || return 0
    newest=$(printf '%s\n%s\n' "$old" "$new" | sort -t. -k1,1n -k2,2n -k3,3n | tail -n 1)
    if [ "$newest" = "$new" ]; then
        pass "version: from $old to $new"
    else
        fail "version: $new is older than $old, which runs here" "an older version cannot use the newer tables: restore a backup of that time instead"
    fi
}

# What needs Python, or the networks of docker.
check_from_inside() {
    check_mail
    check_database_version
}

check_database_version() {
    [ -n "$volume" ] || return 0
    major=$(docker run --rm --user 0 --network none --volume "$volume:/p:ro" --entrypoint find "$TIKA_IMAGE" \
        /p -mindepth 2 -maxdepth 3 -name PG_VERSION | sed -n 's|^/p/\([0-9]*\)/.*|\1|p' | sort -n | tail -n 1)
    case $major in
    "" | 18) pass "PostgreSQL: version 18, in the volume and in the image" ;;
    *) fail "PostgreSQL: the volume is of version $major, the image has 18" "restore a backup into a new volume, or use pg_upgrade (docs/installing.md)" ;;
    esac
}

check_mail() {
    size=$(docker run --rm --user 0 --network none --volume "$PWD/secrets:/s:ro" --entrypoint stat "$TIKA_IMAGE" -c %s /s/email_url)
    if [ "$size" = 0 ]; then
        warn "mail: no server is named, so mail is written to the log" "put smtp+tls://user:password@host:587 into secrets/email_url"
    elif said=$(compose run --rm --no-deps -T app check_mail 2>&1); then
        pass "mail: $(printf '%s' "$said" | tail -n 1)"
    else
        fail "mail: $(printf '%s' "$said" | tail -n 1)" "look at secrets/email_url: smtp+tls://user:password@host:587"
    fi
}
