#!/bin/sh
# Installs what the tests need and pip does not bring, on a fresh Debian or Ubuntu: prepare.sh [package ...]
#
# As root, or with sudo that asks for no password. Without arguments: PgBouncer, Prometheus, Alertmanager, Redis, gettext and a
# Korean font. A browser is found or fetched by the tests themselves.
set -eu

case ${1-} in
-h | --help)
    sed -n '2,5s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
command -v apt-get >/dev/null || {
    echo "prepare.sh is for Debian and Ubuntu: here there is no apt-get." >&2
    exit 2
}
as_root=
if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || {
        echo "prepare.sh must be run as root: sudo sh deploy/pipeline/prepare.sh" >&2
        exit 2
    }
    as_root="sudo -n"
fi
[ $# -gt 0 ] || set -- pgbouncer prometheus prometheus-alertmanager redis-server gettext fonts-noto-cjk
$as_root apt-get update --quiet
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends "$@"
