#!/usr/bin/env bash
# One night's work, the same for the workflow, cron and compose: refresh, check, keep the verdicts, tell what changed.
#
#   hosting/nightly.sh [REPORT] [options of `refresh`, such as --only fred]
#
# REPORT is a folder for what the commands said (without one: a temporary folder). In it summary.md tells
# what the night brought, and alarm.md is there only where somebody has to look.
# Exit status 0: all in order. 1: done, with problems that the summary names. 2: the work was not done.
#
# PYTHON              the interpreter (.venv/bin/python, or python3)
# FLOWCHECK_SNAPSHOT  the snapshot's folder (evidence/snapshot)
# FLOWCHECK_FEED      the Atom feed of changes (static/changes.atom); a night without news leaves it as it is
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2

report=${1:-$(mktemp -d)}
[ $# -eq 0 ] || shift
mkdir -p "$report" || exit 2
rm -f "$report"/{refresh.json,check.json,register.json,night.atom,summary.md,alarm.md}

# what somebody has brought to this machine is nobody else's to read
export FLOWCHECK_PRIVATE=off

python=${PYTHON:-.venv/bin/python}
command -v "$python" >/dev/null || python=python3
snapshot=${FLOWCHECK_SNAPSHOT:-evidence/snapshot}
feed=${FLOWCHECK_FEED:-static/changes.atom}

"$python" -m evidence refresh --snapshot "$snapshot" --json "$@" \
  >"$report/refresh.json" 2>"$report/refresh.log"
"$python" -m evidence check --snapshot "$snapshot" --json \
  >"$report/check.json" 2>"$report/check.log"

# the numbers before and after; the same one where nothing is new, none where the refresh did not end
numbers=$("$python" hosting/night.py numbers "$report") || numbers=
if [ -n "$numbers" ] && [ "${numbers% *}" != "${numbers#* }" ]; then
  # shellcheck disable=SC2086  # two numbers, two arguments
  "$python" -m evidence diff $numbers --snapshot "$snapshot" --format atom \
    >"$report/night.atom" 2>"$report/diff.log" || rm -f "$report/night.atom"
fi

# the verdicts on the newest data, in the same change as the data: what a frozen link may have to show again
if [ -n "$numbers" ]; then
  "$python" -m evidence register --snapshot "$snapshot" --json \
    >"$report/register.json" 2>"$report/register.log"
fi

"$python" hosting/night.py tell "$report" "$feed"
status=$?
cat "$report/summary.md"
exit "$status"
