#!/bin/sh
# Tests what is delivered with the real tools: delivery.sh [pytest's arguments]
#
# With those that take minutes, unless DELIVERY_LONG is empty.
# As root, or with sudo that asks for no password: the tests install their tools from Debian and start a Docker of their own.
set -eu

case ${1-} in
-h | --help)
    sed -n '2,5s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
cd "$(dirname "$0")/../.."
export DELIVERY_LONG="${DELIVERY_LONG-1}"
if [ "$(id -u)" = 0 ]; then
    exec bin/test --delivery "$@"
fi
exec sudo -n env "PATH=$PATH" "HOME=$HOME" "DELIVERY_LONG=$DELIVERY_LONG" ${TIKA_PYTHON:+"TIKA_PYTHON=$TIKA_PYTHON"} bin/test --delivery "$@"
