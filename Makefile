# Vivant. `make` or `make help` lists what can be made.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install --require-hashes --only-binary :all: --no-compile

# Compiled modules are kept, wherever else they may not be: tests start hundreds of processes, each of which imports much.
export PYTHONDONTWRITEBYTECODE :=

# How many tests run at once, at most 8: each worker takes up to 3 GB. Whoever has nothing left to do takes tests over;
# libraries of linear algebra add no threads of their own.
WORKERS ?= auto
PYTEST := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 8 --dist worksteal

TESTED_MODELS := kokoro speaker-encoder audio-watermark

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint types style unit journeys neural bench trust lock docs format clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.demo-ready ## Install, and make out/demo.mp4 from a public-domain portrait
	@echo "Making the film"
	@$(BIN)/vivant models fetch
	@$(BIN)/vivant demo

test: lint unit ## Everything but the slow journeys: style, types, layers, tests

lint: $(VENV)/.dev-ready ## Style, types, layers, dependencies
	@$(MAKE) --no-print-directory --jobs 2 --keep-going types style

types: $(VENV)/.dev-ready
	$(BIN)/mypy

style: $(VENV)/.dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/deptry src

unit: $(VENV)/.dev-ready ## The fast tests
	@$(BIN)/vivant models fetch
	@$(BIN)/vivant models fetch $(TESTED_MODELS)
	$(PYTEST) -m "not slow"

journeys: $(VENV)/.dev-ready ## The slow journeys: whole films, wheels, long runs
	@$(BIN)/vivant models fetch
	@$(BIN)/vivant models fetch $(TESTED_MODELS)
	$(PYTEST) -m slow --timeout 1200

neural: $(VENV)/.dev-ready $(VENV)-neural/.ready ## The neural engines with their real libraries (5 GB)
	$(BIN)/python -m pytest tests/neural --timeout 600

$(VENV)-neural/.ready: requirements/neural.lock | $(VENV)/.dev-ready
	$(PYTHON) -m venv $(VENV)-neural
	$(VENV)-neural/bin/python -m pip --disable-pip-version-check --no-input install -q --require-hashes \
	  --only-binary :all: --no-compile -r requirements/neural.lock
	@touch $@

bench: $(VENV)/.dev-ready ## Measure speeds beside their physical limits
	@$(BIN)/vivant models fetch --all
	$(BIN)/python -m benchmarks

trust: $(VENV)/.dev-ready ## Measure marks, register, ledger, policy and credentials against what they promise
	@$(BIN)/vivant models fetch
	$(BIN)/python -m benchmarks.trust

docs: $(VENV)/.dev-ready ## Write the generated reference pages again
	$(BIN)/python docs/generate.py

format: $(VENV)/.dev-ready ## Put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## Renew the pinned versions in requirements/ from pyproject.toml
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip --disable-pip-version-check install -q uv
	for name in demo dev; do \
	  $(VENV)-lock/bin/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-annotate --custom-compile-command "make lock" --extra demo --group build \
	    $$([ $$name = dev ] && echo --group test --group lint) \
	    pyproject.toml -o requirements/$$name.lock; \
	done
	$(PYTHON) -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['neural'], sep='\n')" | \
	  $(VENV)-lock/bin/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --custom-compile-command "make lock" - -o requirements/neural.lock
	rm -r $(VENV)-lock

clean: ## Remove everything that was made here (fetched models stay in the user's cache)
	rm -rf $(VENV) $(VENV)-lock $(VENV)-neural out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; (3, 11) <= v < (3, 14) or sys.exit("Python %d.%d was found, and 3.11, 3.12 or 3.13 is needed. Try: make PYTHON=python3.12" % v)'
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.demo-ready: requirements/demo.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the pinned packages (about 1.1 GB on disk, once)"
	@$(INSTALL) -r requirements/demo.lock
	@$(PIP) install -q --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev-ready: requirements/dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the pinned packages for development (about 1.4 GB on disk, once)"
	@$(INSTALL) -q -r requirements/dev.lock
	@$(PIP) install -q --no-build-isolation --no-deps -e .
	@touch $@
