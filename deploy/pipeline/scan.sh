#!/bin/sh
# Looks for known vulnerabilities in an image: scan.sh IMAGE [REPORT.sarif]
#
# Fails on HIGH and CRITICAL ones that a newer version mends; those that nobody can mend yet are in the report.
# Uses Grype, or Trivy where there is no Grype; GRYPE and TRIVY name programs that are not on PATH.
set -eu

usage() { sed -n '2,5s/^# \{0,1\}//p' "$0"; }
case ${1-} in
-h | --help) usage && exit 0 ;;
'' | -*) usage >&2 && exit 2 ;;
esac
image=$1
report=${2-}
if found=$(command -v "${GRYPE:-grype}"); then
    "$found" "$image" --only-fixed --fail-on high ${report:+--output table --output "sarif=$report"}
elif found=$(command -v "${TRIVY:-trivy}"); then
    if [ -n "$report" ]; then
        "$found" image --quiet --format sarif --output "$report" "$image"
    fi
    "$found" image --quiet --scanners vuln --ignore-unfixed --severity HIGH,CRITICAL --exit-code 1 "$image"
else
    echo "Neither Grype nor Trivy is here, so nothing was scanned: install one, or name it with GRYPE or TRIVY." >&2
    exit 2
fi
