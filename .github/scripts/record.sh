#!/usr/bin/env bash
# record.sh STACK preview|rehearse: writes record/ for the comment on pull request $NUMBER, and fails as the command did.
set -uo pipefail
stack=$1 command=$2
mkdir -p record
echo "$NUMBER" > record/pull-request
node cli/testnet.js "$command" "$stack" --json > record/record.json
status=$?
# The text without a limit, for people; what is posted is made anew from the record.
node cli/testnet.js comment "$stack" --record record/record.json --full record/full.md >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
exit "$status"
