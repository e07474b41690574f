#!/usr/bin/env bash
# comment-previews.sh DIRECTORY: posts every preview-STACK/ in it to the pull request that it names, if the commit is still its newest.
# What is in there may come from a stranger: it is read as data, and checked.
set -euo pipefail
shopt -s nullglob
for directory in "$1"/preview-*/; do
  stack=$(basename "$directory")
  stack=${stack#preview-}
  number=$(head -c 20 "$directory/pull-request")
  if [[ ! $number =~ ^[1-9][0-9]*$ ]]; then
    echo "::error::the record of $stack names no pull request"
    exit 1
  fi
  head=$(gh api "repos/$GITHUB_REPOSITORY/pulls/$number" --jq .head.sha)
  if [[ $head != "$HEAD_SHA" ]]; then
    echo "pull request $number is at $head by now: nothing to say of $HEAD_SHA"
    continue
  fi
  node cli/testnet.js comment "$stack" --record "$directory/record.json" \
    --commit "$HEAD_SHA" --run-url "$RUN_URL" > "$directory/comment.md"
  "$(dirname "$0")/upsert-comment.sh" "$number" "$directory/comment.md"
done
