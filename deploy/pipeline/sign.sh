#!/bin/sh
# Signs an image by its digest with cosign: sign.sh NAME@sha256:DIGEST
#
# In GitHub Actions without a key: the workflow's identity signs, and the signature is in the public log.
#   COSIGN_KEY       elsewhere: a file or a KMS address of a key
#   COSIGN_PASSWORD  the password of such a file
set -eu

usage() { sed -n '2,6s/^# \{0,1\}//p' "$0"; }
case ${1-} in
-h | --help) usage && exit 0 ;;
*@sha256:????????????????????????????????????????????????????????????????) ;;
*)
    echo "A tag may be moved after it was signed: name the image by its digest." >&2
    usage >&2
    exit 2
    ;;
esac
command -v cosign >/dev/null || { echo "cosign is not here, so nothing was signed." >&2 && exit 2; }
if [ -n "${COSIGN_KEY-}" ]; then
    exec cosign sign --yes --key "$COSIGN_KEY" "$1"
fi
[ -n "${ACTIONS_ID_TOKEN_REQUEST_URL-}" ] || {
    echo "There is neither COSIGN_KEY nor an identity of GitHub Actions (permissions: id-token: write)." >&2
    exit 2
}
exec cosign sign --yes "$1"
