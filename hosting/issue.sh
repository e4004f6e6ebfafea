#!/usr/bin/env bash
# One open issue for as long as something is wrong: opened, kept up to date, closed when all is well again.
#
#   hosting/issue.sh REPORT      REPORT as nightly.sh left it; needs `gh` and GH_TOKEN
set -euo pipefail

report=$1
label=nightly
open=$(gh issue list --label "$label" --state open --limit 1 --json number --jq '.[0].number // empty')
if [ -s "$report/alarm.md" ]; then
  if [ -n "$open" ]; then
    gh issue edit "$open" --body-file "$report/alarm.md"
  else
    gh label create "$label" --force --description "Opened and closed by the nightly refresh"
    gh issue create --title "The nightly refresh needs somebody" --label "$label" \
      --body-file "$report/alarm.md"
  fi
elif [ -n "$open" ]; then
  gh issue close "$open" --comment "In order again: $(head -n 1 "$report/summary.md")."
fi
