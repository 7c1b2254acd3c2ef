#!/bin/sh
# Asks Tika whether a change may be deployed: ask.sh feature|fix|security|rollback.
#
#   TIKA_URL              where Tika is: https://tika.example.com
#   TIKA_GATE_TOKEN       a personal token of the operators' workspace, or
#   TIKA_GATE_TOKEN_FILE  a file that holds one
#   TIKA_GATE_STATE       optional: a file for the last answer about a feature
#
# Says one sentence and leaves with 0 (deploy), 10 (deploy, but look), 20 (wait) or 2 (no such kind of change).
# Where nobody answers, a feature goes on for an hour on the last answer and waits from then on. The way back is open.
set -eu

HOUR=3600
NEWLINE='
'
change=${1-}
url=${TIKA_URL-}
url=${url%/}
state=${TIKA_GATE_STATE-}

leave() { # allow|warn|block sentence
    printf 'Deploy gate, %s: %s. %s\n' "$change" "$1" "$2"
    case $1 in
    allow) exit 0 ;;
    warn) exit 10 ;;
    *) exit 20 ;;
    esac
}

# The header comes on standard input: arguments are there for everybody on the machine to read.
# Prints the body, then the status on a line of its own. Follows no redirect: the token is for one address.
fetch() { # address
    if command -v curl >/dev/null; then
        curl --disable --silent --show-error --max-time 20 --header @- --write-out '\n%{http_code}' --url "$1"
    else
        python3 -c '
import http.client, sys, urllib.parse
at = urllib.parse.urlsplit(sys.argv[1])
kind = http.client.HTTPSConnection if at.scheme == "https" else http.client.HTTPConnection
name, _, value = sys.stdin.readline().strip().partition(": ")
try:
    asked = kind(at.netloc, timeout=20)
    asked.request("GET", f"{at.path}?{at.query}", headers={name: value})
    answer = asked.getresponse()
    sys.stdout.buffer.write(answer.read() + b"\n%d" % answer.status)
except (OSError, http.client.HTTPException) as error:
    sys.exit(f"{sys.argv[1]}: {error}")' "$1"
    fi
}

# Good for the one object the gate answers: inside its strings every quotation mark is escaped.
decision_in() {
    printf '%s' "$1" | sed -n 's/.*"decision" *: *"\([a-z]*\)".*/\1/p'
}

reasons_in() {
    printf '%s' "$1" | sed -n 's/.*"reasons" *: *\["\(.*\)"\], *"expires_at".*/\1/p' |
        sed 's/", *"/ /g; s/\\\(["\\]\)/\1/g'
}

keep() { # decision
    if [ -n "$state" ] && [ "$change" = feature ]; then
        (umask 077 && printf '%s %s %s\n' "$(date +%s)" "$1" "$url" >"$state.new" && mv "$state.new" "$state") ||
            echo "The answer could not be kept in $state." >&2
    fi
}

# Sets `last` and `minutes`; fails where nothing is kept, or nothing that is younger than an hour and of this Tika.
recall() {
    [ -n "$state" ] && [ -r "$state" ] && read -r at last where <"$state" || return 1
    case $at in '' | 0* | *[!0-9]*) return 1 ;; esac
    age=$(($(date +%s) - at))
    minutes=$((age / 60))
    [ "$where" = "$url" ] && [ "$age" -ge 0 ] && [ "$age" -lt "$HOUR" ]
}

unanswered() { # sentence
    [ "$change" = feature ] || leave warn "$1 Fixes, security and rollbacks pass all the same."
    recall || leave block "$1 No answer of the last hour is known: features wait."
    case $last in
    allow | warn) leave warn "$1 The answer of $minutes minutes ago was $last: features go on for an hour." ;;
    *) leave block "$1 The answer of $minutes minutes ago was block." ;;
    esac
}

refused() { # sentence; somebody has to put it right, and an hour would not do it
    [ "$change" = feature ] || leave warn "$1 Fixes, security and rollbacks pass all the same."
    leave block "$1 Features wait."
}

case $change in
feature | fix | security | rollback) ;;
*)
    echo "usage: ask.sh feature|fix|security|rollback" >&2
    exit 2
    ;;
esac

token=${TIKA_GATE_TOKEN-}
if [ -z "$token" ] && [ -r "${TIKA_GATE_TOKEN_FILE-}" ]; then
    token=$(cat "$TIKA_GATE_TOKEN_FILE")
fi
token=$(printf '%s' "$token" | tr -d '[:space:]')
[ -n "$url" ] || refused "TIKA_URL is not set."
[ -n "$token" ] || refused "There is no token: set TIKA_GATE_TOKEN or TIKA_GATE_TOKEN_FILE."

answer=$(printf 'Authorization: Bearer %s\n' "$token" | fetch "$url/ops/deploy-gate?change=$change") ||
    unanswered "$url cannot be reached."
status=${answer##*"$NEWLINE"}
body=${answer%"$NEWLINE"*}
case $status in
200) ;;
401 | 403 | 404) refused "$url answers $status: the token must be one of an operator." ;;
*) unanswered "$url answers $status." ;;
esac
decision=$(decision_in "$body")
case $decision in
allow | warn | block) ;;
*) unanswered "$url answers something else than a decision." ;;
esac
keep "$decision"
leave "$decision" "$(reasons_in "$body")"
