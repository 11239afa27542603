# SPDX-License-Identifier: GPL-3.0-or-later
# Every target sets up what it needs and asks nothing.

SWIFT = swift
STARLING = .build/release/starling
VENV = .build/venv
LEARNING_VENV = .build/venv-learning
RESULTS = results/stragglers.sqlite

.PHONY: help setup build demo verify test lint bench bench-learning compare-builds figures test-figures clean

help: ## Say what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

setup: ## Install the system packages that are missing
	@scripts/setup

build: setup ## Build the program
	$(SWIFT) build -c release --product starling

demo: build ## Compare synchronous with asynchronous learning and end with the verdict
	$(STARLING) compare scenarios/stragglers.yaml

verify: build ## Check this build against published closed forms
	$(STARLING) verify references/theory/*.json

# The end-to-end tests drive the built program, so it is built first.
test: build ## Run all tests
	$(SWIFT) test -c release --parallel --num-workers 2

lint: ## Check the format of all sources
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks

compare-builds: setup ## Check that debug and release builds give the same bits
	scripts/compare-builds

bench: setup $(VENV)/installed ## Measure the engine
	Benchmarks/run

# Apart from `bench`, because PyTorch is large.
bench-learning: setup $(LEARNING_VENV)/installed ## Measure the learning step of deep agents beside PyTorch
	Benchmarks/run-learning

$(LEARNING_VENV)/installed:
	@scripts/setup figures
	python3 -m venv $(LEARNING_VENV)
	$(LEARNING_VENV)/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy
	@touch $@

$(VENV)/installed: analysis/pyproject.toml $(wildcard analysis/starling_figures/*.py)
	@scripts/setup figures
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check './analysis[test]'
	@touch $@

$(RESULTS):
	$(MAKE) demo

figures: $(VENV)/installed $(RESULTS) ## Draw the figures of a results file (RESULTS=...)
	$(VENV)/bin/starling-figures $(RESULTS) --output figures

test-figures: $(VENV)/installed ## Test the Python package
	$(VENV)/bin/python -m pytest -q analysis

clean: ## Remove what was built
	rm -rf .build analysis/build
