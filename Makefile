# What can be done with a clone?  `make help` lists it; every target sets up .venv by itself, once.

COLLECTION ?= blalock2020
OUTPUT ?= build/figures
EXTRAS ?= dev,evaluation
PYTHON ?= $(shell for one in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$one" && break; done)

BIN := .venv/bin
READY := .venv/ready
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.DEFAULT_GOAL := help
.PHONY: help setup check audit figures published report plan progress test lint types evaluation bench clean

help: ## list what make can do
	@echo "prunelit: the neural-network-pruning literature as data"
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18
	@echo
	@echo "  COLLECTION=$(COLLECTION)  the papers that the figures show; all for everything"
	@echo "  EXTRAS=$(EXTRAS)  what setup installs; dev alone does without torch and the evaluation"
	@echo "  PYTHON=...              an interpreter of your choice, 3.11 or later"

setup: $(READY) ## set up .venv with the versions in constraints.txt (the other targets do so by themselves)

# Written last, so that an interrupted setup starts anew.
$(READY): pyproject.toml constraints.txt setup.py
	@test -n "$(PYTHON)" || { \
		echo "prunelit needs Python 3.11 or later, and there is none on the PATH." >&2; \
		echo "Install one (https://www.python.org/downloads/), or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "==> setting up .venv with $$("$(PYTHON)" --version), once; this downloads about 500 MB"
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
	@$(BIN)/prunelit report
	@echo "==> drawing the survey's findings under every combination of its choices"
	@$(BIN)/prunelit figures multiverse --output build/report

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
	@echo "==> zizmor and check-jsonschema, on what GitHub reads"
	@$(BIN)/zizmor --offline --quiet .github/workflows
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/a*.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.citation-file-format CITATION.cff

# The folders become the package only when it is installed, and mypy does not follow an editable installation.
types: $(READY) ## check types, in an installed copy
	@echo "==> mypy"
	@rm -rf build/typed
	@$(PIP) --no-deps --no-build-isolation --target build/typed .
	@cd build/typed && ../../$(BIN)/mypy --config-file ../../pyproject.toml --cache-dir ../mypy -p prunelit

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

clean: ## remove .venv, build and caches
	rm -rf .venv build *.egg-info .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
