#!/bin/sh
# Attacks a running Tika, as a stranger and as somebody who has signed in: dast.sh https://staging.example.com [FOLDER]
#
#   TIKA_DAST_EMAIL          somebody who is there for this alone: a member, in a workspace without anything that anybody needs
#   TIKA_DAST_PASSWORD_FILE  a file with the password, or
#   TIKA_DAST_PASSWORD       the password itself
#   TIKA_DAST_MINUTES        how long the attacks may take, in all (20)
#
# Writes FOLDER/stranger.json and FOLDER/member.json (dast without a FOLDER). Leaves with 0, with 1 on a finding of medium severity
# and above, or with 2 where the scan could not be done: an address that does not answer, a password that does not let in.
# The scanner (Wapiti) is fetched once into var/dast, each package checked by its hash.
set -eu

case ${1-} in
-h | --help)
    sed -n '2,12s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
venv=${TIKA_DAST_VENV:-$here/../../var/dast}
stamp=$(cksum <"$here/dast.lock")
if [ "$(cat "$venv/stamp" 2>/dev/null)" != "$stamp" ]; then
    "${TIKA_PYTHON:-python3}" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$here/dast.lock"
    echo "$stamp" >"$venv/stamp"
fi
exec "$venv/bin/python" "$here/dast.py" "$@"
