#!/usr/bin/env bash
# nightly.sh at once and then each day at 23:30 UTC, for a container that has no cron.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
while true; do
  hosting/nightly.sh "$@"
  now=$(date -u +%s)
  sleep $(((now - 84600) / 86400 * 86400 + 86400 + 84600 - now))
done
