#!/bin/sh
# Looks at the Terraform code without any cloud: check.sh
#
# Form, validity and `terraform test` with made-up answers. TERRAFORM names the program: terraform (the default) or tofu.
set -eu

case ${1-} in
-h | --help)
    sed -n '2,4s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
cd "$(dirname "$0")"
terraform=${TERRAFORM:-terraform}
command -v "$terraform" >/dev/null || { echo "$terraform is not here, so nothing was looked at." >&2 && exit 2; }
"$terraform" fmt -check -recursive -diff
"$terraform" init -backend=false -input=false -lockfile=readonly >/dev/null
"$terraform" validate
"$terraform" test
