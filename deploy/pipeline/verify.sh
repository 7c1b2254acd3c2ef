#!/bin/sh
# Checks who signed an image before it is deployed: verify.sh NAME@sha256:DIGEST
#
#   TIKA_SIGNED_BY  the workflow that may sign, as a regular expression over its whole address, for example
#                   ^https://github\.com/example/tika/\.github/workflows/image\.yml@refs/heads/main$
#   COSIGN_KEY      instead of it: the public key
set -eu

usage() { sed -n '2,6s/^# \{0,1\}//p' "$0"; }
case ${1-} in
-h | --help) usage && exit 0 ;;
*@sha256:????????????????????????????????????????????????????????????????) ;;
*)
    echo "Name the image by its digest: what was verified is what runs." >&2
    usage >&2
    exit 2
    ;;
esac
command -v cosign >/dev/null || { echo "cosign is not here, so nothing was verified." >&2 && exit 2; }
if [ -n "${COSIGN_KEY-}" ]; then
    exec cosign verify --output text --key "$COSIGN_KEY" "$1"
fi
case ${TIKA_SIGNED_BY-} in
'^https://'*'$') ;;
*)
    echo "TIKA_SIGNED_BY must be a whole address between ^ and \$: a part of one fits too many." >&2
    exit 2
    ;;
esac
exec cosign verify --output text --certificate-oidc-issuer https://token.actions.githubusercontent.com \
    --certificate-identity-regexp "$TIKA_SIGNED_BY" "$1"
