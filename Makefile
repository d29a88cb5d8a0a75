# What can be done with a clone?  `make help` lists it; every target sets up .venv by itself, once.

COLLECTION ?= blalock2020
OUTPUT ?= build/figures
EXTRAS ?= dev,site
PYTHON ?= $(shell for one in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$one" && break; done)

BIN := .venv/bin
READY := .venv/ready
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.DEFAULT_GOAL := help
.PHONY: help setup check audit figures published site release report plan progress test lint types evaluation bench mutants mutations clean

help: ## list what make can do
	@echo "prunelit: the neural-network-pruning literature as data"
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18
	@echo
	@echo "  COLLECTION=$(COLLECTION)  the papers that the figures show; all for everything"
	@echo "  EXTRAS=$(EXTRAS)         what setup installs; dev,site,evaluation,validation for everything"
	@echo "  PYTHON=...              an interpreter of your choice, 3.11 or later"

setup: $(READY) ## set up .venv with the versions in constraints.txt (the other targets do so by themselves)

# Written last, so that an interrupted setup starts anew.
$(READY): pyproject.toml constraints.txt setup.py $(wildcard public/*.py)
	@test -n "$(PYTHON)" || { \
		echo "prunelit needs Python 3.11 or later, and there is none on the PATH." >&2; \
		echo "Install one (https://www.python.org/downloads/), or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "==> setting up .venv with $$("$(PYTHON)" --version), once; this downloads about 250 MB"
	@rm -rf .venv
	@"$(PYTHON)" -m venv .venv || { rm -rf .venv; \
		echo "Python cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PIP) --constraint constraints.txt setuptools
	@$(PIP) --constraint constraints.txt --no-build-isolation --editable '.[$(EXTRAS)]'
	@touch $@

check: $(READY) ## validate the corpus
	@echo "==> validating the corpus"
	@$(BIN)/prunelit check corpus

audit: check ## say which numbers cannot be right, and fail if nobody has looked at one
	@echo "==> auditing the corpus"
	@$(BIN)/prunelit audit corpus

figures: $(READY) ## validate the corpus and write the figures to build/figures
	@echo "==> validating the corpus and drawing the figures of $(COLLECTION)"
	@$(BIN)/prunelit figures --collection "$(COLLECTION)" --output "$(OUTPUT)"

report: check ## write build/report: corrections, differences from the published figures, and how sure we are
	@echo "==> comparing the survey's published figures with ours"
	@$(BIN)/prunelit errata
	@echo "==> drawing the survey's findings under every combination of its choices"
	@$(BIN)/prunelit figures multiverse --output build/report

site: check ## write build/site: the explorer, which opens from the folder in any browser
	@echo "==> writing the explorer"
	@$(BIN)/prunelit site

release: check ## write build/release: the data of the last commit for other programs, as a folder and an archive
	@echo "==> making a release of the data"
	@$(BIN)/prunelit release

published: $(READY) ## draw the figures without corrections, to build/as-published
	@echo "==> drawing the figures of $(COLLECTION) as published"
	@$(BIN)/prunelit figures --as-published --collection "$(COLLECTION)" --output build/as-published

plan: check ## write build/plan.html: which experiments would make most papers comparable
	@echo "==> planning experiments for a new paper among those of $(COLLECTION)"
	@$(BIN)/prunelit plan --collection "$(COLLECTION)" --html --output build/plan.html

progress: check ## write build/report/progress.html: has it got better since 2020?
	@echo "==> comparing the survey's papers with those since"
	@$(BIN)/prunelit progress

lint: $(READY) ## check style and formatting
	@echo "==> ruff"
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@echo "==> deptry, on declared and imported packages"
	@$(BIN)/deptry .
	@echo "==> zizmor and check-jsonschema, on what GitHub reads"
	@$(BIN)/zizmor --offline --quiet .github/workflows
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/a*.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.citation-file-format CITATION.cff

types: $(READY) ## check types
	@echo "==> mypy"
	@if $(BIN)/python -c 'import torch, distributed' 2> build/torch.log; then $(BIN)/mypy -p prunelit; else \
		echo "    all but prunelit.evaluation: its extra is not installed"; \
		$(BIN)/mypy --follow-imports=silent -p prunelit.schema -p prunelit.analysis -p prunelit.figures -p prunelit.explorer -p prunelit.cli; fi

test: lint types audit ## check style, formatting, types and the audit, and run the tests
	@echo "==> pytest, on all processors"
	@$(BIN)/pytest --numprocesses auto --dist loadfile

# Goes on where it was left; from nothing it takes hours.
evaluation: $(READY) ## run the shipped evaluations and write their records (hours; goes on where it was left)
	@for one in digits fashion; do \
		nice $(BIN)/prunelit evaluate run evaluation/specs/$$one.yaml && \
		$(BIN)/prunelit evaluate record evaluation/specs/$$one.yaml --published 2026-11 \
			--output corpus/papers/evaluation2026$$one.yaml || exit 1; done

bench: $(READY) ## measure speed against its targets
	@$(BIN)/python tests/bench.py

mutants: $(READY) ## say by which small changes of the code no test fails (long; MUTANTS=rules/dates for a part)
	@$(PIP) --constraint constraints.txt --no-build-isolation --editable '.[$(EXTRAS),mutants]'
	@echo "==> mutants"
	@$(BIN)/python tests/mutants.py $(MUTANTS)

mutations: $(READY) ## say which share of slips in a new record neither check nor audit tells (long; MUTATIONS=sign for a part)
	@echo "==> mutations"
	@$(BIN)/python tests/acceptance.py $(MUTATIONS)

clean: ## remove .venv, build and caches
	rm -rf .venv .editable build *.egg-info .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
