#!/bin/sh
# Sets the rules of a repository at GitHub: protect.sh OWNER/REPOSITORY [--dry-run] [--reviewer TEAM]
#
#   --dry-run        shows each request and sends none
#   --reviewer TEAM  the organisation's team that approves a deployment to production; without it nobody must approve, and it says so
#
# main: no push without a pull request, one approval by a code owner, all checks green on the newest state, no force, no deletion.
# Environments (also those that only plan) are for main alone; production waits for the team, who may not approve their own.
# Actions: only by a commit, read-only tokens, no approval by a workflow. Secrets are looked for in pushes.
# Needs the gh command, signed in as an administrator of the repository. It may be run again. With TIKA_URL and TIKA_REPORT_TOKEN
# in the environment it tells that Tika's doctor.
set -eu

usage() { sed -n '2,11s/^# \{0,1\}//p' "$0"; }
repository='' team='' dry=
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) usage && exit 0 ;;
    --dry-run) dry=yes ;;
    --reviewer)
        team=${2-}
        [ -n "$team" ] || { usage >&2 && exit 2; }
        shift
        ;;
    -*) usage >&2 && exit 2 ;;
    *) repository=$1 ;;
    esac
    shift
done
case $repository in
*/*/* | */ | /* | '') usage >&2 && exit 2 ;;
*/*) ;;
*) usage >&2 && exit 2 ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
[ -n "$dry" ] || command -v gh >/dev/null || { echo "The gh command is not here: https://cli.github.com" >&2 && exit 2; }

send() { # method path; the body comes on standard input
    if [ -n "$dry" ]; then
        printf '%s /%s\n' "$1" "$2"
        sed 's/^/    /'
    else
        gh api --method "$1" "$2" --input - >/dev/null
    fi
}

ask() { # path filter fallback; what a dry run says instead of asking
    if [ -n "$dry" ]; then echo "$3"; else gh api "$1" --jq "$2"; fi
}

known=$(ask "repos/$repository/rulesets" '[.[] | select(.name == "main") | .id][0] // ""' '')
if [ -n "$known" ]; then
    send PUT "repos/$repository/rulesets/$known" <"$here/main.json"
else
    send POST "repos/$repository/rulesets" <"$here/main.json"
fi

reviewers='[]'
if [ -n "$team" ]; then
    id=$(ask "orgs/${repository%/*}/teams/$team" .id 0)
    reviewers="[{\"type\": \"Team\", \"id\": $id}]"
else
    echo "Nobody must approve a deployment to production: name a team with --reviewer." >&2
fi
# Branches by name: whether a branch is "protected" does not count rulesets everywhere.
policy='"deployment_branch_policy": {"protected_branches": false, "custom_branch_policies": true}'
for environment in staging gate production staging-plan production-plan; do
    path=repos/$repository/environments/$environment
    rules=$policy
    if [ $environment = production ]; then
        rules="\"reviewers\": $reviewers, \"prevent_self_review\": true, $policy"
    fi
    echo "{$rules}" | send PUT "$path"
    known=$(ask "$path/deployment-branch-policies" '[.branch_policies[] | select(.name == "main") | .id][0] // ""' '')
    [ -n "$known" ] || echo '{"name": "main", "type": "branch"}' | send POST "$path/deployment-branch-policies"
done

echo '{"enabled": true, "allowed_actions": "all", "sha_pinning_required": true}' |
    send PUT "repos/$repository/actions/permissions"
echo '{"default_workflow_permissions": "read", "can_approve_pull_request_reviews": false}' |
    send PUT "repos/$repository/actions/permissions/workflow"
echo '{"security_and_analysis": {"secret_scanning": {"status": "enabled"},
 "secret_scanning_push_protection": {"status": "enabled"}}}' | send PATCH "repos/$repository"
printf '' | send PUT "repos/$repository/vulnerability-alerts"

if [ -z "$dry" ] && [ -n "${TIKA_URL-}" ]; then
    python3 "$here/../pipeline/report.py" steps --commit "$(git -C "$here" rev-parse HEAD)" branch-protection=passed
fi
