#!/bin/sh
# Measures which lines and branches of the product its tests run through: coverage.sh [pytest's arguments]
#
#   COVERAGE_FLOOR   per cent below which it fails with 2; that of pyproject.toml without arguments, none with them
#   COVERAGE_FOLDER  where html, coverage.xml and report.txt go (coverage)
#
# Processes that the tests start are measured, too. Without arguments it runs all tests but those that take the time: being
# measured is slow. Tests that fail are told by their own code.
set -eu

case ${1-} in
-h | --help)
    sed -n '2,9s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
cd "$(dirname "$0")/../.."
floor=${COVERAGE_FLOOR-}
if [ $# -gt 0 ]; then
    floor=${floor:-0}
else
    set -- --ignore=tests/bench --ignore=tests/chaos
fi
lock=requirements-delivery.lock
folder=${COVERAGE_FOLDER:-$PWD/coverage}
rm -rf "$folder/html"
mkdir -p "$folder"
COVERAGE_FILE=$folder/data
export COVERAGE_FILE
code=0
bin/with-python $lock -m coverage run -m tests.run "$@" || code=$?
bin/with-python $lock -m coverage combine --quiet
bin/with-python $lock -m coverage html --quiet --directory="$folder/html" --fail-under=0
bin/with-python $lock -m coverage xml --quiet -o "$folder/coverage.xml" --fail-under=0
reached=0
bin/with-python $lock -m coverage report ${floor:+"--fail-under=$floor"} >"$folder/report.txt" || reached=$?
grep '^TOTAL' "$folder/report.txt"
[ "$reached" = 0 ] || echo "That is less than the floor: coverage/html shows what no test runs through." >&2
[ "$code" = 0 ] || exit "$code"
exit "$reached"
