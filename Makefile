# What one does with the project. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON := .venv/bin/python

# make run PORT=8080 DATA_DIR=/srv/forms
HOST ?= $(or $(HZFORMS_HOST),127.0.0.1)
PORT ?= $(or $(HZFORMS_PORT),8000)
DATA_DIR ?= $(or $(HZFORMS_DATA_DIR),$(CURDIR)/data)
SERVICE := HZFORMS_HOST='$(HOST)' HZFORMS_PORT='$(PORT)' HZFORMS_DATA_DIR='$(DATA_DIR)' $(PYTHON) -m service

# make test PYTEST='-k attachment-4 -x'
PYTEST ?=

.PHONY: help
help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Install what the program runs with: Debian packages, a font, .venv
	@scripts/setup

.PHONY: setup-dev
setup-dev: ## Install besides what checks and tests need
	@scripts/setup --dev

.PHONY: run
run: setup ## Serve on 127.0.0.1:8000, with sample data on first start; PORT= and DATA_DIR= change where
	@[[ -e '$(DATA_DIR)' ]] || $(SERVICE) admin sample-data
	@exec env $(SERVICE) serve

.PHONY: serve
serve: ## The same without set-up and sample data
	@exec env $(SERVICE) serve

.PHONY: test
test: setup-dev check ## Every check and every test; PYTEST= adds arguments for pytest
	$(PYTHON) -m pytest $(PYTEST)

.PHONY: check
check: setup-dev ## Format, lint, types, layers
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

.PHONY: format
format: setup-dev ## Put the code into its form, and mend what can be mended
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

.PHONY: templates-check
templates-check: setup ## Compile every template and find every field in it
	$(PYTHON) -m service forms --check

.PHONY: golden
golden: setup-dev ## Write the expected results of the document tests anew; read the difference before committing
	$(PYTHON) -m pytest tests/golden --golden $(PYTEST)

.PHONY: sbom
sbom: setup-dev ## Write the bill of materials (CycloneDX) to build/sbom.cdx.json
	$(PYTHON) scripts/sbom.py

# make advisories ADVISORIES=/media/osv/PyPI/all.zip
ADVISORIES ?=

.PHONY: advisories
advisories: setup-dev ## Compare the pinned packages with the known faults that ADVISORIES= holds, asking nobody
	$(PYTHON) scripts/advisories.py $(ADVISORIES)

.PHONY: guide-pictures
guide-pictures: setup-dev ## Take the pictures of the clerk's guide from the running program
	$(PYTHON) scripts/guide-pictures

.PHONY: bench
bench: setup-dev ## Measure filling, reading, packing and serving, and scans of the five forms
	@scripts/hand-fonts || echo 'bench: without the handwriting fonts'
	$(PYTHON) -m bench.read_scans
	$(PYTHON) -m bench
	$(PYTHON) -m bench.progress
	$(PYTHON) -m bench.packs
	$(PYTHON) -m bench.consolidation
	$(PYTHON) -m bench.desk
	$(PYTHON) -m bench.store
	$(PYTHON) -m bench.store --postgresql

# make faults FAULTS='kills --rounds 20 --database sqlite'
FAULTS ?=

.PHONY: faults
faults: setup-dev ## Kill processes, take servers away and fill disks while files come in; FAULTS= chooses
	$(PYTHON) -m bench.faults $(FAULTS)

.PHONY: lock
lock: setup-dev ## Resolve the packages of pyproject.toml anew and pin them
	$(PYTHON) scripts/lock.py

.PHONY: docker
docker: ## Build the container image
	docker build --tag government-forms .

.PHONY: clean
clean: ## Remove .venv and all that tools left behind; keeps the data
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .schemathesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
