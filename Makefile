# Each target sets up what it needs by itself and reuses it the next time.
# PYTHON=python3.13 VENV=.venv-3.13 runs the same on another interpreter.
SHELL := /bin/bash
# Commands start faster where Python may keep what it compiled.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help run test test-all check format validate build token password event invoke docs lock clean

PYTHON ?= python3
VENV ?= .venv
SAM_VENV ?= .venv-sam
AWS_VENV ?= .venv-aws
API_VENV ?= .venv-api
WHO ?= alice
NAME ?= list-objects
ARGS ?=

BIN := $(VENV)/bin
# The interpreter of the function's runtime where the machine has one (a pyenv shim alone is none).
PYTHON_3_13 ?= $(shell python3.13 -c 'import sys; print(sys.executable)' 2>/dev/null \
  || PYENV_VERSION=$$(pyenv versions --bare 2>/dev/null | grep -m1 '^3\.13') \
     python3.13 -c 'import sys; print(sys.executable)' 2>/dev/null)
SAM := SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=eu-west-1 $(SAM_VENV)/bin/sam

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.ready ## Start the whole thing on this machine: no AWS account, no Docker (ARGS=--help)
	@exec $(BIN)/python -m local $(ARGS)

token: $(VENV)/.ready ## Print a fresh ID token of the running stack (WHO=alice)
	@$(BIN)/python -m local token $(WHO)

password: $(VENV)/.ready ## Print a person's password of the running stack (WHO=alice)
	@$(BIN)/python -m local password $(WHO)

event: $(VENV)/.ready ## Print a Lambda event with a fresh ID token (NAME=list-objects WHO=alice)
	@$(BIN)/python -m local event $(NAME) --user $(WHO)

invoke: $(VENV)/.ready ## Run the built function once by sam local, without Docker (NAME=list-objects WHO=alice)
	@$(MAKE) --no-print-directory build >&2 # stdout is the function's answer
	@umask 077; folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	$(BIN)/python -m local event $(NAME) --user $(WHO) > $$folder/event.json && \
	$(BIN)/python -m local env > $$folder/env.json && \
	$(BIN)/python -m local.sam_engine --env-vars $$folder/env.json -- $(SAM_VENV)/bin/sam local invoke ApiFunction \
	  --skip-pull-image -e $$folder/event.json --env-vars $$folder/env.json

test: $(VENV)/.ready $(SAM_VENV)/.ready $(AWS_VENV)/.ready $(API_VENV)/.ready ## Run every test that this machine can run
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

test-all: ## The same on Python 3.13 where the machine has it, then on PYTHON
	@if [ -n "$(PYTHON_3_13)" ]; then $(MAKE) --no-print-directory test PYTHON=$(PYTHON_3_13) VENV=.venv-3.13; \
	else echo "skipped: no Python 3.13 on this machine"; fi
	@$(MAKE) --no-print-directory test

check: $(VENV)/.ready ## Lint, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy src local client

format: $(VENV)/.ready ## Put the code into shape
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

validate: $(VENV)/.ready $(SAM_VENV)/.ready ## sam validate --lint, and cfn-lint on the transformed template
	@$(SAM) validate --lint
	@mkdir -p .local
	@$(BIN)/python -m local.transformed_template > .local/transformed.json
	@$(SAM_VENV)/bin/cfn-lint .local/transformed.json && echo "cfn-lint finds nothing in the transformed template"

build: $(SAM_VENV)/.ready ## sam build: the deployment package
	@BUILD_PYTHON=$(or $(PYTHON_3_13),$(PYTHON)) $(SAM) build

docs: $(VENV)/.ready ## Write what is generated: src/openapi.json and docs/cli.md
	@$(BIN)/python -m local.openapi_document
	@PYTHONPATH=client $(BIN)/python -m bucketpass.cli.reference > docs/cli.md

lock: ## Pin the requirements anew, with hashes
	@test -x .venv-lock/bin/uv || { $(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet uv; }
	@for pair in function:src/requirements.txt dev:requirements/dev.txt sam:requirements/sam.txt aws:requirements/aws.txt api:requirements/api.txt; do \
	  .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-strip-extras --custom-compile-command 'make lock' \
	    requirements/$${pair%%:*}.in --output-file $${pair#*:} || exit 1; done

clean: ## Remove everything that the targets made
	rm -rf .venv .venv-* .local .aws-sam .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The locks are complete, so nothing needs resolving; the stamp is as new as the lock.
define environment
	@$(1) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this is $$($(1) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Setting up $(dir $@) (once, about half a minute) ..." >&2
	@$(1) -m venv --clear $(dir $@) || { echo "python3 has no venv module; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(dir $@)bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@
endef

$(VENV)/.ready: requirements/dev.txt
	$(call environment,$(PYTHON))

$(SAM_VENV)/.ready: requirements/sam.txt
	$(call environment,$(or $(PYTHON_3_13),$(PYTHON)))

$(AWS_VENV)/.ready: requirements/aws.txt
	$(call environment,$(PYTHON))

$(API_VENV)/.ready: requirements/api.txt
	$(call environment,$(PYTHON))
