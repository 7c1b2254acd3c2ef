#!/bin/sh
# bin/upgrade --compose IMAGE: an installation by docker-compose.production.yml becomes IMAGE, or stays what it is.
#
#   --check                          only looks
#   --watch SECONDS                  how long it must be well (30)
#   --without-proven-backup REASON   goes on without a proven restore; the reason is logged
#
# Ends as bin/upgrade does: 0 done, 1 refused (nothing was changed), 2 not understood, 3 the old image was put back,
# 4 it could not be put back.
set -eu
umask 077
cd "$(dirname "$0")/../.."
# shellcheck source=deploy/install/words.sh
. deploy/install/words.sh
# shellcheck source=deploy/install/settings.sh
. deploy/install/settings.sh

PARTS="app live worker exporter backup"
new=
only_check=
watch=30
reason=
while [ $# -gt 0 ]; do
    case $1 in
    --check) only_check=yes ;;
    --watch) watch=$2 && shift ;;
    --without-proven-backup) reason=$2 && shift ;;
    -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0" && exit 0 ;;
    -*) printf '%s\n' "bin/upgrade --compose doesn't know $1: --help says what it knows." >&2 && exit 2 ;;
    *) new=$1 ;;
    esac
    shift
done
[ -n "$new" ] || { printf 'Which image? bin/upgrade --compose IMAGE\n' >&2 && exit 2; }
[ -f .env ] || stop "There is no .env here: bin/install makes an installation."
read_settings ""
old=$TIKA_IMAGE
[ "$new" != "$old" ] || stop "$new runs already."

# with IMAGE COMMAND...: compose, told another image.
with() { image=$1 && shift && TIKA_IMAGE=$image compose "$@"; }
once() { image=$1 && shift && with "$image" run --rm --no-deps -T "$@"; }
note() { compose exec -T app tika note_upgrade --name "$1" --detail "$2" >/dev/null; }
use() {
    { grep -v '^TIKA_IMAGE=' .env; printf 'TIKA_IMAGE=%s\n' "$1"; } >.env.new && mv .env.new .env
    TIKA_IMAGE=$1
    # shellcheck disable=SC2086 # words
    compose up -d --no-deps $PARTS
}

# What must hold: the image answers, and is ready, for so many seconds on end.
well() {
    left=60
    until compose exec -T app tika health web --ready >/dev/null 2>&1; do
        left=$((left - 1)) && [ "$left" -gt 0 ] || { printf 'it is not ready after two minutes' && return 1; }
        sleep 2
    done
    left=$watch
    bad=0
    while [ "$left" -gt 0 ]; do
        if compose exec -T app tika health web --ready >/dev/null 2>&1; then bad=0; else bad=$((bad + 1)); fi
        [ "$bad" -lt 3 ] || { printf '3 bad answers in a row' && return 1; }
        left=$((left - 1))
        sleep 1
    done
}

say "$old -> $new"
facts=$(once "$new" app upgrade_facts) || stop "The new image cannot look at the data: $facts"
printf '  ok    what is to be done: %s\n' "$facts"
# shellcheck disable=SC2154 # read_settings finds $compose
case $facts in
*'"fresh": true'*) ;;
*) [ -n "$reason" ] || stop "No restore was proven lately: $compose exec backup tika restore_drill proves one. Or give a reason with --without-proven-backup." ;;
esac
[ -z "$only_check" ] || { say "Nothing stands against it." && exit 0; }

[ -n "$reason" ] || step "backup" compose exec -T backup tika backup --kind base
step "roles" once "$new" roles
step "tables, while $old serves" once "$new" migrate
note "$new: upgrade from $old began" "$reason"
printf '  ...   parts replaced, and %s s of health\n' "$watch"
said="its parts could not be started"
if use "$new" >/dev/null && said=$(well); then
    note "$new: upgraded from $old" ""
    say "$new runs."
    exit 0
fi
printf '  FAIL  %s is not well: %s\n' "$new" "$said" >&2
use "$old" >/dev/null 2>&1 || true
watch=1
if well >/dev/null; then
    note "$new: put back to $old" "$said" || true
    say "$old was put back; the tables stay, which it knows how to use."
    exit 3
fi
printf '%s could not be put back: somebody must look (%s logs app).\n' "$old" "$compose" >&2
exit 4
