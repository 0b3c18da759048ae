# Every target makes the environment it needs in .venv; nothing else on the machine is touched.
PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXPORTS := PYTHONPATH=.types

.DEFAULT_GOAL := help
.PHONY: help run test lint types format eval bench check torture constraints clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

# uv when it can be had (seconds), pip otherwise (a minute or two); both read the same constraints.
define install
	@test -x $(BIN)/python || $(PY) -m venv $(VENV)
	@echo "installing $(1) ..."
	@if command -v uv >/dev/null 2>&1; then uv pip install -q --compile-bytecode --python $(BIN)/python -c constraints.txt -e '$(1)'; \
	elif $(BIN)/python -m pip install -q uv 2>/dev/null; then $(BIN)/python -m uv pip install -q --compile-bytecode --python $(BIN)/python -c constraints.txt -e '$(1)'; \
	else $(BIN)/python -m pip install -q -c constraints.txt -e '$(1)'; fi
	@touch $@
endef

$(VENV)/.run: pyproject.toml constraints.txt
	$(call install,.)

$(VENV)/.dev: pyproject.toml constraints.txt
	$(call install,.[dev])

run: $(VENV)/.run ## all four systems with a seeded city, on http://127.0.0.1:8000
	$(BIN)/nimrod serve

test: $(VENV)/.dev ## the whole suite, a process per core
	$(BIN)/python -m pytest -q -n auto --dist loadfile

lint: $(VENV)/.dev ## style and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(EXPORTS) $(BIN)/lint-imports

types: $(VENV)/.dev ## strict type check
	$(BIN)/mypy

format: $(VENV)/.dev ## put the code into the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

eval: $(VENV)/.dev ## prove every eval case valid, then play all with the local model
	$(BIN)/nimrod eval prove
	$(BIN)/nimrod eval run

torture: $(VENV)/.dev ## the long runs: ten thousand hostile-model sequences
	NIMROD_TORTURE=1 NIMROD_TEST_HOSTILE=10000 $(BIN)/python -m pytest -q -n auto tests/agents/test_hostile_model.py tests/mcp_servers/test_hostile.py

bench: $(VENV)/.dev ## speed, each figure beside a baseline in the same run
	@for f in benchmarks/*.py; do echo "== $$f"; $(BIN)/python $$f; done

check: lint types test ## what must be green before a commit lands

constraints: ## take today's versions into constraints.txt (needs uv)
	uv pip compile pyproject.toml --extra dev --python-version 3.11 --no-header --no-annotate --no-emit-package nimrod -q -o constraints.txt

clean: ## remove the environment and the local data
	rm -rf $(VENV) var
