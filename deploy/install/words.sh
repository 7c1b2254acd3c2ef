# shellcheck shell=sh
# What bin/install says, and what it counts.
failed=0
warned=0

say() { printf '\n%s\n' "$*"; }

stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

pass() { printf '  pass  %s\n' "$1"; }

# warn WHAT FIX: it goes on, but somebody should know.
warn() {
    warned=$((warned + 1))
    printf '  warn  %s\n        fix: %s\n' "$1" "$2"
}

# fail WHAT FIX: nothing is installed.
fail() {
    failed=$((failed + 1))
    printf '  FAIL  %s\n        fix: %s\n' "$1" "$2"
}

summary() {
    printf '  %s failed, %s to look at\n' "$failed" "$warned"
    [ "$failed" -eq 0 ] || stop "Nothing was installed: mend what failed, then run bin/install again."
}

# step WHAT COMMAND...: a line when it is done; what it said when it failed.
step() {
    what=$1
    shift
    if said=$("$@" 2>&1); then
        printf '  ok    %s\n' "$what"
    else
        printf '  FAIL  %s\n%s\n' "$what" "$said" >&2
        exit 1
    fi
}

next_steps() {
    port=
    [ "$HTTPS_PORT" = 443 ] || port=:$HTTPS_PORT
    say "Tika is ready: https://$TIKA_DOMAIN$port/"
    printf '  %s\n' "$1"
    say "What next"
    if [ "$TIKA_TLS" = internal ]; then
        printf '  - Let browsers trust certs/caddy-root.crt, the authority of this installation (docs/installing.md).\n'
    fi
    cat <<WORDS
  - Mail: put its server into secrets/email_url (smtp+tls://user:password@host:587), then run bin/install again.
  - Keep a copy of .env and secrets/ somewhere else: without them a backup cannot be used.
  - The operators' console is at https://$TIKA_DOMAIN$port/ops/; docs/operating.md says what to look after.
WORDS
    if has_profile observability; then
        printf '  - Grafana is at http://127.0.0.1:3001 of this machine: admin, with the password in secrets/grafana_admin_password.\n'
    fi
    cat <<WORDS
  - Stop: $compose stop    Logs: $compose logs -f app    A command: $compose exec app tika --help
WORDS
}
