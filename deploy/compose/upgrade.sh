#!/bin/sh
# bin/upgrade --compose IMAGE: an installation by docker-compose.production.yml becomes IMAGE, or stays what it is.
#
#   --check                          only looks
#   --watch SECONDS                  how long it must be well (30)
#   --without-proven-backup REASON   goes on without a proven restore; the reason is logged
#   --older REASON                   goes back to the release before; the reason is logged
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

# What people's requests reach; the others are replaced where they stand.
SERVING="app live"
PARTS="$SERVING worker exporter backup"
new=
only_check=
watch=30
reason=
older=
while [ $# -gt 0 ]; do
    case $1 in
    --check) only_check=yes ;;
    --watch) watch=$2 && shift ;;
    --without-proven-backup) reason=$2 && shift ;;
    --older) older=$2 && shift ;;
    -h | --help) sed -n '2,10s/^# \{0,1\}//p' "$0" && exit 0 ;;
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
ok() { printf '  ok    %s\n' "$1"; }

# How many of each stand behind the proxy, as compose is told.
scale() {
    for part in $SERVING; do
        number=$(compose ps -q "$part" | grep -c .) || number=1
        printf -- '--scale %s=%s ' "$part" "$number"
    done
}

# is_ready CONTAINER: within two minutes; at once not, when it has ended.
is_ready() {
    left=60
    until docker exec "$1" tika health --ready >/dev/null 2>&1; do
        [ "$(docker inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ] || return 1
        left=$((left - 1)) && [ "$left" -gt 0 ] || return 1
        sleep 2
    done
}

# stand_in IMAGE: of each part that people reach one container more, which the proxy is told of when all are ready. So nobody
# meets an image that never is, nor a closed door while the parts are replaced.
stand_in() {
    stand_ins=
    for part in $SERVING; do
        name=$(with "$1" run -d -T --no-deps "$part") || return 1
        stand_ins="$stand_ins $part=$name"
    done
    for pair in $stand_ins; do is_ready "${pair#*=}" || return 1; done
    networks=$(docker inspect --format '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}' "$(compose ps -q caddy)")
    for pair in $stand_ins; do
        for network in $networks; do
            docker network disconnect "$network" "${pair#*=}"
            docker network connect --alias "${pair%%=*}" "$network" "${pair#*=}"
        done
    done
}

# leave PART=CONTAINER...
leave() {
    for pair; do
        docker stop -t 20 "${pair#*=}" >/dev/null 2>&1 || true
        docker rm -f "${pair#*=}" >/dev/null 2>&1 || true
    done
}

# use IMAGE: every part where it stands.
use() {
    { grep -v '^TIKA_IMAGE=' .env; printf 'TIKA_IMAGE=%s\n' "$1"; } >.env.new && mv .env.new .env
    TIKA_IMAGE=$1
    # shellcheck disable=SC2086 # words
    compose up -d --no-deps $scale $PARTS >/dev/null || return 1
    for part in $SERVING; do
        for container in $(compose ps -q "$part"); do is_ready "$container" || return 1; done
    done
}

# What must hold: the image is ready for so many seconds on end.
stays_well() {
    container=$(compose ps -q app | head -n 1)
    left=$watch
    bad=0
    while [ "$left" -gt 0 ]; do
        if docker exec "$container" tika health --ready >/dev/null 2>&1; then bad=0; else bad=$((bad + 1)); fi
        [ "$bad" -lt 3 ] || return 1
        left=$((left - 1))
        sleep 1
    done
}

# replace IMAGE: says each step; 1 and $why where one fails.
replace() {
    why="app and live do not become ready"
    stand_in "$1" || return 1
    ok "app and live of $1 are ready, where nobody reached them"
    touched=yes
    why="its parts do not become ready"
    use "$1" || return 1
    # shellcheck disable=SC2086 # words
    leave $stand_ins
    ok "parts replaced by those of $1"
    why="3 bad answers in a row"
    stays_well || return 1
    ok "well for $watch s"
}

# Those of the new image serve until the old one's are ready. Where none can be started, people wait for some seconds.
# shellcheck disable=SC2086 # words
put_back() {
    before=$stand_ins
    stand_in "$old" || leave $stand_ins
    leave $before
    use "$old" || return 1
    leave $stand_ins
    watch=1
    stays_well
}

say "$old -> $new"
stand_ins=
touched=
scale=$(scale)
facts=$(once "$new" app upgrade_facts) || stop "The new image cannot look at the data: $facts"
ok "what is to be done: $facts"
# shellcheck disable=SC2154 # read_settings finds $compose
case $facts in
*'"unknown": []'*) ;;
*) [ -n "$older" ] || stop "$new is older than the data: it does not know what stands above under \"unknown\". The release directly before the one that made them works on these tables: say --older REASON. One older still does not: restore a backup of its time instead (docs/installing.md)." ;;
esac
case $facts in
*'"fresh": true'*) ;;
*) [ -n "$reason" ] || stop "No restore was proven lately: $compose exec backup tika restore_drill proves one. Or give a reason with --without-proven-backup." ;;
esac
[ -z "$only_check" ] || { say "Nothing stands against it." && exit 0; }

[ -n "$reason" ] || step "backup" compose exec -T backup tika backup --kind base
step "roles" once "$new" roles
step "tables, while $old serves" once "$new" migrate
note "$new: upgrade from $old began" "$reason${reason:+${older:+; }}$older"
# shellcheck disable=SC2086 # words
trap 'leave $stand_ins' EXIT
if replace "$new"; then
    note "$new: upgraded from $old" ""
    say "$new runs."
    exit 0
fi
printf '  FAIL  %s is not well: %s\n' "$new" "$why"
if [ -z "$touched" ]; then
    said="$old was never away"
elif put_back; then
    said="$old was put back"
else
    printf '%s could not be put back: somebody must look (%s logs app).\n' "$old" "$compose" >&2
    exit 4
fi
note "$new: put back to $old" "$why" || true
say "$said; the tables stay, which it knows how to use."
exit 3
