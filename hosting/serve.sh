#!/usr/bin/env bash
# One replica of the app, as a host runs it. Options of uvicorn may follow.
#
# HOST, PORT   where it listens (127.0.0.1, 8501)
# PYTHON       the interpreter (.venv/bin/python, or python3)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=${PYTHON:-.venv/bin/python}
command -v "$python" >/dev/null || python=python3

# Each thread would have a heap of its own, and what one frees no other takes. Python computes in one thread at a time,
# so they share one, which gives back what is free at its end. For glibc; others look past it. Measured: 29 MB of 256.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}" MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_:-131072}"

# Tables of Arrow lie in that heap as well: one of their own keeps what it once had. Measured: 4 MB of 172.
export ARROW_DEFAULT_MEMORY_POOL="${ARROW_DEFAULT_MEMORY_POOL:-system}"

# A copy for others reads no data of its host's own and refreshes nothing at a visitor's wish. Set to nothing, it does.
export FLOWCHECK_HOSTED="${FLOWCHECK_HOSTED-1}"

# One worker, since sessions live in its memory. What a browser sends over the websocket is small. A connection of the
# proxy's is kept for longer than the proxy keeps it. An address that somebody claims to come from counts for nothing.
exec "$python" -m uvicorn hosting.asgi:app --host "${HOST:-127.0.0.1}" --port "${PORT:-8501}" \
  --workers 1 --ws-max-size 2097152 --timeout-keep-alive 75 --timeout-graceful-shutdown 5 \
  --no-access-log --no-proxy-headers --no-server-header "$@"
