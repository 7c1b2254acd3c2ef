#!/bin/sh
# Puts back what ran before a deployment: rollback.sh CLUSTER BEFORE.json COMMIT [--anyway]
#
#   BEFORE.json  what `release.py current` printed before the deployment
#   COMMIT       what was deployed, and is not well
#   --anyway     also where a migration in between has taken away what the older code needs
#
# The tables stay as they are: migrations go forward only. Leaves with 20 where going back would break the older code,
# and nothing is changed then; the way out is a fix forward, or a restore.
set -eu

usage() { sed -n '2,9s/^# \{0,1\}//p' "$0"; }
case ${1-} in
-h | --help) usage && exit 0 ;;
esac
if [ $# -lt 3 ] || [ $# -gt 4 ] || [ "${4:---anyway}" != --anyway ]; then
    usage >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
[ -s "$2" ] || { echo "$2 is not there: nobody noted what ran before." >&2 && exit 2; }
commit=$(sed -n 's/.*"commit": *"\([0-9a-f]*\)".*/\1/p' "$2")
if [ "${4-}" != --anyway ]; then
    [ -n "$commit" ] || {
        echo "$2 names no commit, so nobody can say what the migrations in between took away: --anyway goes back all the same." >&2
        exit 20
    }
    code=0
    taken=$(cd "$here/../.." && python3 deploy/pipeline/contract.py "$commit" "$3") || code=$?
    case $code in
    0) ;;
    20)
        echo "Not rolled back: what ran before needs what these have taken away. Fix forward, or restore." >&2
        echo "$taken" >&2
        exit 20
        ;;
    *) exit "$code" ;;
    esac
fi
exec python3 "$here/release.py" back --cluster "$1" "$2"
