#!/usr/bin/env bash
# upsert-comment.sh NUMBER FILE: edits the comment of ours on an issue or pull request that begins as FILE does, or makes one. The first
# line of FILE is a hidden marker.
set -euo pipefail
number=$1 file=$2
MARKER=$(sed -n 1p "$file")
AUTHOR=${COMMENT_AUTHOR:-github-actions[bot]}
export MARKER AUTHOR
if [[ $MARKER != '<!-- testnet-'*' -->' ]]; then
  echo "$file does not begin with a marker" >&2
  exit 1
fi
# Only what we wrote ourselves: anybody may copy a marker.
id=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$number/comments?per_page=100" \
  --jq '.[] | select(.user.login == env.AUTHOR) | select(.body | startswith(env.MARKER)) | .id' | sed -n 1p)
if [[ -n $id ]]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$file" --jq .html_url
else
  gh api --method POST "repos/$GITHUB_REPOSITORY/issues/$number/comments" --field "body=@$file" --jq .html_url
fi
