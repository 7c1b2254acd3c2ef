#!/bin/sh
# Asks PyPI's advisories about every package of the locks: audit.sh [lock ...]
#
# --strict: a package that nobody could be asked about is a failure, not a silence.
# TIKA_AUDIT names another pip-audit than the one of requirements-delivery.lock.
set -eu

case ${1-} in
-h | --help)
    sed -n '2,5s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- requirements.lock requirements-local.lock requirements-dev.lock
for lock in "$@"; do
    [ -r "$lock" ] || {
        echo "There is no $lock." >&2
        exit 2
    }
done
audit=${TIKA_AUDIT:-$(command -v pip-audit || echo .venv-delivery/bin/pip-audit)}
for lock in "$@"; do
    echo "== $lock"
    "$audit" --strict --require-hashes --disable-pip --progress-spinner off --requirement "$lock"
done
