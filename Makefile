# casebook: two commands are enough on a fresh machine, `make reports` and `make test`.
# Text behind `##` is what `make help` prints.

VENV   := .venv
PY     := $(VENV)/bin/python
PIP    := $(PY) -m pip install --quiet --quiet --disable-pip-version-check
LOCKED := $(VENV)/.locked
READY  := $(VENV)/.ready
NODE   := tests/browser/node_modules/.ready
TWO    := --numprocesses 2

.DEFAULT_GOAL := help
.PHONY: help environment reports test validate check bench picture lock clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

environment: $(READY) ## make .venv from requirements.lock (the others do it themselves)

reports: $(READY) ## run every case on its shipped data and write reports/html/
	@$(PY) -m analyses build

test: $(READY) $(NODE) ## run the tests, two at a time
	@$(PY) -m pytest $(TWO)

validate: $(READY) $(NODE) ## prove it: longer tests, gates, faults, calibration with 1000 replicates (hours; goes on if killed)
	@$(PY) -m pytest $(TWO) -m validate
	@$(PY) -m tests.gates
	@$(PY) -m tests.faults
	@$(PY) -m tests.calibration

check: $(READY) ## style (ruff) and types (mypy)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

bench: $(READY) ## measure the speed that README and CHANGELOG speak of
	@$(PY) -m tests.bench

picture: $(READY) ## take the README's two pictures of pages (needs chromium)
	@$(PY) -m reports.picture

lock: ## write requirements.lock anew from pyproject.toml (needs uv)
	uv pip compile --universal --generate-hashes --no-emit-index-url --all-extras --python-version 3.12 \
	    --custom-compile-command "make lock" --quiet pyproject.toml --output-file requirements.lock

clean: ## remove the environment and the generated pages
	rm -rf $(VENV) tests/browser/node_modules reports/html .calibration_cache .mypy_cache .pytest_cache .ruff_cache *.egg-info

# The first Python of these that runs and is new enough; `make PYTHON=/path/to/python` overrides.
# Each stamp is written last, so an installation that was interrupted starts again.
$(LOCKED): requirements.lock
	@command -v g++ >/dev/null || command -v clang++ >/dev/null || \
	    { echo "casebook needs a C compiler (g++ or clang++), found none" >&2; exit 1; }
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12; do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then \
	        found=$$python; break; \
	    fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "casebook needs Python 3.12 or newer, found $$(python3 --version 2>&1 | head -n 1)" >&2; \
	    exit 1; \
	fi; \
	echo "making $(VENV) with $$($$found --version), a minute or two" >&2; \
	rm -rf $(VENV) && $$found -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements.lock
	@touch $@

# The judges of the pages come from npm; without it the tests that need them say so and are skipped.
$(NODE): tests/browser/package-lock.json
	@if command -v npm >/dev/null; then \
	    npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund --silent && touch $@ || \
	    echo "npm could not install axe-core and vnu-jar: tests that need them are skipped" >&2; \
	else \
	    echo "no npm: the tests that need axe-core and vnu-jar are skipped" >&2; \
	fi

$(READY): $(LOCKED) pyproject.toml
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
