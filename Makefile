# Each target is one line of what it does; `make` alone prints them.
.DEFAULT_GOAL := help
.PHONY: help run test check bench manage lock
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(PYTHON) -I portal/install.py
export PORT

help: ## print these lines
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

run: ## install what is missing and open the portal on http://127.0.0.1:8000 (PORT=8001 for another)
	@$(INSTALL) run
	@exec $(BIN)/python -m portal.supervisor run

test: ## run the tests on servers of their own (ARGS="tests/portal -k embedded" for some of them)
	@$(INSTALL) test
	@exec $(BIN)/python -m portal.supervisor test $(ARGS)

check: export SECRET_KEY = only-read-never-served
check: export DATABASE_URL = postgres://portal@127.0.0.1:1/portal
check: export REDIS_URL = redis://127.0.0.1:1/0
check: ## look for faults without running anything: style, types, imports, templates, migrations, containers
	@$(INSTALL) check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --check --lint templates
	$(BIN)/python -W ignore:Got:RuntimeWarning manage.py makemigrations --check --dry-run
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/hadolint Dockerfile

bench: ## measure the portal on a database of its own, dropped afterwards (ARGS="..." for the benchmark)
	@$(INSTALL) run
	@exec $(BIN)/python -m portal.supervisor bench $(ARGS)

manage: ## run a command of manage.py on the data of `make run` (ARGS="load_record")
	@$(INSTALL) run >&2
	@exec $(BIN)/python -m portal.supervisor manage $(ARGS)

lock: ## compile requirements*.in to exact pins with hashes
	@$(INSTALL) check
	$(BIN)/uv pip compile --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/uv pip compile --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 requirements-dev.in -o requirements-dev.txt
