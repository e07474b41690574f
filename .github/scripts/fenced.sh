#!/usr/bin/env bash
# fenced.sh MARKER-NAME TITLE FILE: the text of FILE as a comment that begins with a hidden marker, cut where it would be too long.
set -euo pipefail
name=$1 title=$2 file=$3
printf '<!-- testnet-%s -->\n### %s\n\n````text\n' "$name" "$title"
# Nothing in the text may end the block.
head -c 60000 "$file" | tr -d '`\r\000'
printf '\n````\n'
