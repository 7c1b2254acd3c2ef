#!/bin/sh
# Builds the image of the commit that is checked out: build.sh NAME [--push] [--load]
#
#   NAME               ghcr.io/example/tika; capitals are made small, as registries want it
#   --push             to the registry; prints NAME@sha256:DIGEST, by which everything after it goes on
#   --load             into the local Docker, as NAME:COMMIT; this is what happens without --push
#   SOURCE_DATE_EPOCH  seconds; the commit's time, so that the same commit makes the same layers
#   TIKA_BUILD_ARGS    more arguments of docker buildx build, for example a --build-arg
set -eu

usage() { sed -n '2,8s/^# \{0,1\}//p' "$0"; }
where=--load name=
for argument in "$@"; do
    case $argument in
    -h | --help) usage && exit 0 ;;
    --push | --load) where=$argument ;;
    -*) usage >&2 && exit 2 ;;
    *) name=$argument ;;
    esac
done
[ -n "$name" ] || { usage >&2 && exit 2; }
case $name in *@*) echo "A digest is what comes out: name the image without one." >&2 && exit 2 ;; esac
cd "$(dirname "$0")/../.."
name=$(printf '%s' "$name" | tr '[:upper:]' '[:lower:]')
commit=$(git rev-parse HEAD)
if [ -n "$(git status --porcelain --untracked-files=no)" ]; then
    [ "$where" = --load ] || { echo "There are changes that no commit has: the image would be nobody's." >&2 && exit 1; }
    commit=$commit-changed
fi
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
made=$(mktemp)
trap 'rm -f "$made"' EXIT
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
# The registry's own attestations would make the digest one of an index; provenance is attested by image.yml.
# shellcheck disable=SC2086  # Several arguments, on purpose.
docker buildx build --file Dockerfile --tag "$name:$commit" "$where" --metadata-file "$made" \
    --build-arg "TIKA_COMMIT=$commit" --build-arg "TIKA_VERSION=$version" \
    --build-arg "TIKA_CREATED=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" \
    --provenance=false --sbom=false ${TIKA_BUILD_ARGS-} . >&2
if [ "$where" = --load ]; then
    echo "$name:$commit"
    exit 0
fi
digest=$(sed -n 's/.*"containerimage.digest": *"\(sha256:[0-9a-f]*\)".*/\1/p' "$made")
[ -n "$digest" ] || { echo "The builder named no digest." >&2 && exit 1; }
echo "$name@$digest"
