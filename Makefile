# Flowcheck. `make help` lists what there is. Only python3 (3.11 or newer) and make are needed.

PYTHON  ?= python3
PORT    ?= 8501
WORKERS ?= 2

PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup runtime app test test-long lint format check inference library bench soak attack screens calibration register snapshot pins clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: ## Make .venv with all that tests need (at once when nothing changed)
	@$(PYTHON) .ci/venv.py requirements-dev.txt

runtime:
	@$(PYTHON) .ci/venv.py requirements.txt

app: runtime ## Start the walkthrough at http://localhost:8501 (PORT=… for another port)
	$(PY) -m streamlit run streamlit_app.py --server.port $(PORT) --server.address localhost --server.fileWatcherType auto

test: setup ## Run all tests but the long ones (WORKERS=2)
	@$(PY) tests/browser/chromium.py --ensure
	$(PY) -m pytest -m "not long and not live" -n $(WORKERS) --dist loadfile

test-long: setup ## Run the long tests
	@$(PY) tests/browser/chromium.py --ensure
	$(PY) -m pytest -m "long and not live"

lint: setup ## Style, format, types and direction of imports
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports

format: setup ## Put the code in the project's format
	$(PY) -m ruff check --fix-only --quiet .
	$(PY) -m ruff format .

check: runtime ## Run the narratives' own cases and controls
	$(PY) -m evidence check

inference: runtime ## Can the tests tell anything? Does a case notice each threshold?
	$(PY) -m evidence lint --inference

library: runtime ## Score every story, in every way, on every day since it was said
	$(PY) -m evidence library

bench: setup ## Measure what is fast enough and what is not, some 14 minutes (PARTS="cold_score move" for some)
	@$(PY) tests/browser/chromium.py --ensure
	$(PY) -m benchmarks $(PARTS)

soak: setup ## Fifty visitors for twenty minutes: nobody lost, no more memory at the end
	$(PY) -m benchmarks.soak

attack: setup ## Readers beside attackers and beside 20 who score stories of their own
	$(PY) -m benchmarks.attack

screens: setup ## Take the pictures in docs/screens
	$(PY) -m tests.browser.screens

calibration: runtime ## Run every test on quiet dates and keep the table
	$(PY) -m evidence calibrate --json > calibration.tmp && mv calibration.tmp evidence/calibration.json

register: runtime ## Keep the verdicts that are new, for frozen links
	$(PY) -m evidence register

snapshot: runtime ## Rebuild the snapshot from raw files (RAW=folder)
	$(if $(RAW),,$(error Say where the raw files are: make snapshot RAW=folder))
	$(PY) -m evidence.rebuild $(RAW)

pins: ## Compile requirements*.in into requirements*.txt (needs uv on the PATH)
	@command -v uv >/dev/null || { echo "Install uv first: https://docs.astral.sh/uv/"; exit 1; }
	for name in requirements requirements-cluster requirements-dev; do \
	  uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --no-annotate \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make pins" \
	    $$name.in -o $$name.txt || exit 1; \
	done

clean: ## Remove .venv, caches and what tests left behind
	rm -rf .venv .venv.lock .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
