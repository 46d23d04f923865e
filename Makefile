# Vernetzte Stadt. `make up` runs the city, `make test` tests it; both bring what they need.
.PHONY: up test check fmt docs bench soak dist lock
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
export STADT_HOME ?= $(CURDIR)/var
# Tests start hundreds of processes that would each compile what is not kept.
unexport PYTHONDONTWRITEBYTECODE
STAMPS := .venv/.stamps
PYTHON := .venv/bin/python
CITY := $(STAMPS)/run $(STAMPS)/frontend $(STAMPS)/messages

up: $(CITY) ; @exec .venv/bin/stadt up
test: $(CITY) $(STAMPS)/dev ; @requirements/install.sh browser && exec .venv/bin/pytest -n 2 --dist loadgroup --no-loadscope-reorder $(ARGS)
check: $(CITY) $(STAMPS)/dev ; @.ci/check
fmt: $(STAMPS)/dev ; @.venv/bin/ruff check --fix . ; .venv/bin/ruff format .
docs: $(CITY) ; @$(PYTHON) tools/reference.py
bench: $(CITY) $(STAMPS)/dev ; @exec $(PYTHON) -m benchmarks $(ARGS)
soak: $(CITY) $(STAMPS)/dev ; @exec .venv/bin/pytest -m soak --override-ini addopts= --import-mode=importlib $(ARGS)
dist: $(CITY) $(STAMPS)/dev ; @requirements/install.sh dist
lock: ; @requirements/install.sh lock $(ARGS)

# Each stamp is newer than what it was made from, so that a second call does nothing.
$(STAMPS)/run: requirements/bootstrap.txt requirements/run.txt pyproject.toml requirements/install.sh
	@requirements/install.sh run && mkdir -p $(@D) && touch $@
$(STAMPS)/dev: requirements/bootstrap.txt requirements/dev.txt $(STAMPS)/run
	@requirements/install.sh dev && mkdir -p $(@D) && touch $@
$(STAMPS)/frontend: $(STAMPS)/npm $(shell find frontend -path frontend/node_modules -prune -o -type f -print 2>/dev/null)
	@requirements/install.sh npm run build && touch $@
$(STAMPS)/npm: frontend/package-lock.json frontend/package.json $(STAMPS)/run
	@requirements/install.sh npm ci --no-audit --no-fund && touch $@
$(STAMPS)/messages: $(shell find src -name '*.po' 2>/dev/null) $(STAMPS)/run
	@$(PYTHON) tools/messages.py compile >/dev/null && touch $@
