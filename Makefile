# Every target makes what it needs: a virtual environment in .venv, set up from pyproject.toml alone, once and again
# whenever pyproject.toml changes. Only Python 3.11 or later and make have to be installed by hand.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VIDEO ?=
OUT ?= demo-out

.DEFAULT_GOAL := help
.PHONY: help venv demo test test-oldest lint bench parity conformance fuzz mutants docs pages dist clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# One stamp per set of extras: a quick `make demo` need not install what only tests use.
$(VENV)/.made-%: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@

demo: $(VENV)/.made-demo ## encode a face to VVC, HEVC and AVC with GFV messages, and decode it (VIDEO=clip.mp4 for your own, OUT=folder)
	@$(BIN)/python -m generators.demo $(if $(VIDEO),--video "$(VIDEO)") --out "$(OUT)"

venv: $(VENV)/.made-networks ## only set up the environment, with the gfv command in .venv/bin

test: $(VENV)/.made-test ## run all tests
	@PATH="$(CURDIR)/$(BIN):$$PATH" OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 $(ARGS)

# The lowest versions that pyproject.toml admits, in an environment of their own. uv can resolve to those, pip cannot.
.venv-oldest/.made: pyproject.toml
	@$(PYTHON) -m venv --clear .venv-oldest
	@.venv-oldest/bin/python -m pip install --quiet --disable-pip-version-check uv
	@.venv-oldest/bin/uv pip install --quiet --python .venv-oldest/bin/python --resolution lowest-direct \
		--editable '.[test-quick]'
	@touch $@

test-oldest: .venv-oldest/.made ## run all tests but those of torch with the oldest dependencies allowed
	@PATH="$(CURDIR)/.venv-oldest/bin:$$PATH" OPENBLAS_NUM_THREADS=1 .venv-oldest/bin/python -m pytest -n 2 \
		--ignore tests/models $(ARGS)

dist: $(VENV)/.made-test ## build wheel and source archive in dist, install the wheel in an empty environment and try it
	@$(BIN)/python -m tests.installing dist

lint: $(VENV)/.made-lint ## run ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: $(VENV)/.made-test ## measure speed and memory as ratios to peers such as ffmpeg, in one run
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.benchmarks $(ARGS)

parity: $(VENV)/.made-test ## compare every network at full size between torch and onnxruntime (takes minutes)
	@$(BIN)/python -m tests.benchmarks.parity $(ARGS)

docs: $(VENV)/.made-docs ## build the documentation as HTML in docs/_build
	@$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -b html docs docs/_build
	@echo "open docs/_build/index.html"

pages: $(VENV)/.made-lint $(VENV)/.made-docs ## regenerate the documentation pages that are made from the code
	@$(BIN)/python docs/_pages

conformance: $(VENV)/.made-networks ## build the conformance suite in conformance-out and verify it
	@$(BIN)/gfv conformance build conformance-out --jobs 2
	@$(BIN)/gfv conformance verify conformance-out

fuzz: $(VENV)/.made-fuzz ## run coverage-guided fuzzing, then pathological streams (SECONDS=60 per target)
	@$(BIN)/python -m conformance.fuzz --seconds $(or $(SECONDS),60) $(ARGS)
	@$(BIN)/python -m conformance.fuzz.pathological

mutants: $(VENV)/.made-fuzz ## list changes to the code that no test notices (MODULE=validation.checks for one module)
	@OPENBLAS_NUM_THREADS=1 $(BIN)/mutmut run $(ARGS) $(if $(MODULE),'gfv_sei.$(MODULE).*') && \
		$(BIN)/mutmut results | sed -n '/gfv_sei\.$(MODULE)/{ /: not checked$$/!p }'

clean: ## remove everything that was made
	rm -rf $(VENV) .venv-oldest build dist *.egg-info demo-out bench-out conformance-out fuzz-out mutants docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis
