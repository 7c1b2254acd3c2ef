#!/bin/sh
# Plans the change of an environment and judges it: plan.sh staging|production FILE.plan [--allow FILE]
#
# Reads ENVIRONMENT.tfvars and ENVIRONMENT.s3.tfbackend from TIKA_TERRAFORM_SETTINGS (this folder's `settings`). Leaves with 0, 20
# where the plan would lose data, or what Terraform left with. `terraform apply FILE.plan` then does exactly that.
set -eu

usage() { sed -n '2,5s/^# \{0,1\}//p' "$0"; }
case ${1-} in
-h | --help) usage && exit 0 ;;
staging | production) ;;
*) usage >&2 && exit 2 ;;
esac
[ $# -ge 2 ] || { usage >&2 && exit 2; }
environment=$1
case $2 in /*) plan=$2 ;; *) plan=$PWD/$2 ;; esac
shift 2
cd "$(dirname "$0")"
settings=${TIKA_TERRAFORM_SETTINGS:-settings}
for file in "$settings/$environment.tfvars" "$settings/$environment.s3.tfbackend"; do
    [ -r "$file" ] || { echo "$file is not there: copy it from examples/ and fill it in." >&2 && exit 2; }
done
terraform=${TERRAFORM:-terraform}
"$terraform" init -input=false -reconfigure -backend-config="$settings/$environment.s3.tfbackend"
# Without a lock: whoever plans may only look, and what is applied is this very plan or nothing.
"$terraform" plan -input=false -lock=false -var-file="$settings/$environment.tfvars" -out="$plan"
"$terraform" show -json "$plan" | python3 plan_gate.py - "$@"
