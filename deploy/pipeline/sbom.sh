#!/bin/sh
# Writes what software an image is made of: sbom.sh IMAGE FOLDER
#
# FOLDER/sbom.cdx.json (CycloneDX) and FOLDER/sbom.spdx.json (SPDX), by Syft; SYFT names one that is not on PATH.
# An SBOM that names no Django is refused: it would be one of something else.
set -eu

usage() { sed -n '2,5s/^# \{0,1\}//p' "$0"; }
case ${1-} in
-h | --help) usage && exit 0 ;;
'' | -*) usage >&2 && exit 2 ;;
esac
[ $# = 2 ] || { usage >&2 && exit 2; }
found=$(command -v "${SYFT:-syft}") || {
    echo "Syft is not here, so there is no SBOM: install it, or name it with SYFT." >&2
    exit 2
}
mkdir -p "$2"
"$found" "$1" --output "cyclonedx-json=$2/sbom.cdx.json" --output "spdx-json=$2/sbom.spdx.json"
for file in "$2/sbom.cdx.json" "$2/sbom.spdx.json"; do
    grep -qi '"name": *"django"' "$file" || { echo "$file does not name Django." >&2 && exit 1; }
done
