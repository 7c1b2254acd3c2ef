#!/bin/sh
# Runs the tests in one combination: test.sh [pytest's arguments]
#
#   POSTGRESQL        16 or 18 (from the wheel), or 17 with
#   TIKA_TEST_SERVER  the address of a superuser of a server that is there for these tests alone
#   THROUGH           direct or pgbouncer
#   TIKA_PYTHON       the Python that .venv is made of
set -eu

case ${1-} in
-h | --help)
    sed -n '2,7s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
cd "$(dirname "$0")/../.."
postgresql=${POSTGRESQL:-18}
if [ -z "${TIKA_TEST_SERVER-}" ]; then
    unset TIKA_TEST_SERVER
    TIKA_TEST_POSTGRESQL=$postgresql
    export TIKA_TEST_POSTGRESQL
fi
case ${THROUGH:-direct} in
direct) ;;
pgbouncer) set -- --pgbouncer "$@" ;;
*)
    echo "THROUGH is '$THROUGH'; it must be direct or pgbouncer." >&2
    exit 2
    ;;
esac
exec bin/test "$@"
