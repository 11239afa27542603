# SPDX-License-Identifier: GPL-3.0-or-later
# Every target sets up what it needs and asks nothing.

SWIFT = swift
STARLING = .build/release/starling
VENV = .build/venv
LEARNING_VENV = .build/venv-learning
SITE_VENV = .build/venv-site
CLUSTER_VENV = .build/venv-cluster
KILLS = 200
CALIBRATED = 1000
COUNT = 20000
# What `make compare-revisions` compares; `.` is the working tree.
OLD = HEAD
NEW = .
# Published figures: their folder, the studies that they show, and what draws them.
PUBLISHED = docs/figures
STUDIES = $(patsubst %,results/%.sqlite,stragglers crashes on-and-off step-size-and-loss \
  diff-dac-figure-2-single-small diff-dac-figure-2-multi-small diff-dac-a-third-crashed diff-dac-stragglers \
  dcpg-no-conflict dcpg-solvable dcpg-unsolvable dcpg-six-left dcpg-six-right \
  one-peer rack-failure slow-spells stragglers-fork-240s stragglers-links diff-dac-what-if-fork-120s $(DISTURBED)) \
  results/carried-over.json results/distral-two-rooms-4-5-7.sqlite results/distral-async-stragglers-and-loss.sqlite
# Of these the pages on what can go wrong show curves against virtual time.
DISTURBED = coming-back split-and-heal bursts played-again flash-crowd moving-agents tracking-a-jump diff-dac-storm
DRAW = $(VENV)/bin/starling-figures --format png --output $(PUBLISHED)

.PHONY: help setup build demo verify test sanitize lint example bench bench-external bench-learning bench-parallel \
  bench-scale bench-traces bench-worlds calibrate soak random-scenarios compare-builds compare-revisions atlas figures \
  test-figures test-python test-notebooks test-cluster test-snakefile wheel test-wheel test-report docs site \
  test-documents clean

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

sanitize: setup ## Check memory and threads in debug builds
	scripts/check-sanitizers

lint: ## Check the format of all sources
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks

# A package of its own; it shares what has been built here.
example: setup $(VENV)/installed ## Build a learner from outside the package, run its study and draw it
	cd Examples/OutsideLearner && $(SWIFT) run -c release --scratch-path ../../.build outside compare scenario.yaml \
	  --require 'asynchronous.final-misclassification < 17 %' --require \
	  'asynchronous.time-to-target < synchronous.time-to-target'
	$(VENV)/bin/starling-figures Examples/OutsideLearner/results/two-classes.sqlite --figure curves \
	  --output Examples/OutsideLearner/figures

compare-builds: setup ## Check that debug and release builds give the same bits
	scripts/compare-builds

compare-revisions: setup ## Check that the revisions OLD and NEW (default: the working tree) give the same bits
	scripts/compare-revisions $(OLD) $(NEW)

# 17 minutes of processor time, and 1.3 GB in results/.
atlas: build ## Run the atlas of conditions, test its hypotheses and write docs/atlas.md anew
	scripts/atlas

calibrate: setup ## Count false claims and covered truths in made-up studies, CALIBRATED of every kind
	$(SWIFT) run -c release Calibrate $(CALIBRATED)

soak: build ## Kill a sweep, and one long run, KILLS times each and check that nothing is lost
	@scripts/setup figures
	scripts/soak --kills $(KILLS)
	scripts/soak-one-run --kills $(KILLS)

random-scenarios: setup ## Check what holds in every run on COUNT random scenarios
	STARLING_RANDOM_SCENARIOS=$(COUNT) $(SWIFT) test -c release --filter RandomScenarioTests

# All of it takes an hour or so; one at a time: Benchmarks/run hold gossip.
bench: build $(VENV)/installed $(LEARNING_VENV)/notebooks ## Run all benchmarks and print one table; OPTIONS='--json' or '--gate'
	Benchmarks/run $(OPTIONS)

# PyTorch is large.
bench-learning: setup $(LEARNING_VENV)/installed ## Measure the learning step of deep agents beside PyTorch
	Benchmarks/run learning

bench-external: build $(LEARNING_VENV)/notebooks ## Measure what a step in a worker costs beside the same step in a loop
	Benchmarks/run external

bench-worlds: setup ## Measure worlds of several players
	Benchmarks/run worlds

bench-parallel: setup ## Measure what a second thread gains within one run
	Benchmarks/run parallel

bench-traces: setup ## Measure what traces cost
	Benchmarks/run traces

bench-scale: setup ## Measure an event on networks of a hundred to a million agents
	Benchmarks/run scale

$(LEARNING_VENV)/installed:
	@scripts/setup figures
	python3 -m venv $(LEARNING_VENV)
	$(LEARNING_VENV)/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy
	@touch $@

# For learners in Python, as the package lies there.
$(LEARNING_VENV)/notebooks: $(LEARNING_VENV)/installed python/pyproject.toml
	$(LEARNING_VENV)/bin/pip install --quiet --disable-pip-version-check --editable './python[learning,figures,notebooks]'
	@touch $@

# Installed as it lies there, so that what is changed in python/ is what runs, and finds the program of this checkout.
$(VENV)/installed: python/pyproject.toml
	@scripts/setup figures
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --editable './python[test]'
	@touch $@

# Studies behind published figures are run once; remove their results to run them again.
results/step-size-and-loss.sqlite:
	$(MAKE) build
	$(STARLING) compare scenarios/quickstart.yaml learner.step-size=0.02,0.05,0.1 conditions.links.loss=0,0.1,0.3 \
	  --output $@ > /dev/null

results/stragglers-fork-240s.sqlite: results/stragglers.sqlite
	$(MAKE) build
	$(STARLING) fork $< --at '4 min' --with '{for: 1 min, partition: {bisect: spectral}}' \
	  --with '{for: 1 min, crash: {share: 30 %}}' --name parted --name 'a third down' --output $@ > /dev/null

results/diff-dac-what-if.sqlite:
	$(MAKE) build
	$(STARLING) run scenarios/diff-dac-async/what-if.yaml --keep-state-at '2 min' --output $@ > /dev/null

results/diff-dac-what-if-fork-120s.sqlite: results/diff-dac-what-if.sqlite
	$(MAKE) build
	$(STARLING) fork $< --at '2 min' --with '{for: 2 min, cut: {share: 50 %}}' --with '{recover: all}' \
	  --name 'half of the links cut' --name 'back a minute sooner' --output $@ > /dev/null

results/stragglers-links.sqlite:
	$(MAKE) build
	$(STARLING) compare scenarios/stragglers.yaml measure.records.links=true --output $@ > /dev/null

results/diff-dac-figure-%.sqlite:
	$(MAKE) build
	$(STARLING) compare scenarios/papers/diff-dac/figure-$*.yaml --output $@ > /dev/null

results/diff-dac-a-third-crashed.sqlite:
	$(MAKE) build
	$(STARLING) compare scenarios/papers/diff-dac/a-third-crashed.yaml --output $@ > /dev/null

results/dcpg-%.sqlite:
	$(MAKE) build
	$(STARLING) compare scenarios/papers/dcpg/figure-2-$*.yaml --output $@ > /dev/null

results/diff-dac-%.sqlite:
	$(MAKE) build
	$(STARLING) compare scenarios/diff-dac-async/$*.yaml --output $@ > /dev/null

results/distral-two-rooms-%.sqlite:
	$(MAKE) build
	$(STARLING) compare scenarios/papers/distral/two-rooms-$*.yaml --output $@ > /dev/null

results/distral-async-%.sqlite:
	$(MAKE) build
	$(STARLING) compare scenarios/distral-async/$*.yaml --output $@ > /dev/null

results/distral-carried-over.sqlite:
	$(MAKE) build
	$(STARLING) compare scenarios/papers/distral/carried-over.yaml --output $@ > /dev/null

results/carried-over.json: results/distral-carried-over.sqlite
	$(MAKE) build
	$(STARLING) evaluate $< --arm frozen --corridor prior --json > $@

results/%.sqlite:
	$(MAKE) build
	$(STARLING) compare scenarios/$*.yaml --output $@ > /dev/null

ifdef RESULTS
figures: $(VENV)/installed $(RESULTS)
	$(VENV)/bin/starling-figures $(RESULTS) --output figures
else
figures: $(VENV)/installed $(STUDIES) ## Draw the figures of the documents, or of RESULTS=file into figures/
	$(DRAW) results/stragglers.sqlite --figure profiles staleness age network
	$(DRAW) results/stragglers.sqlite --figure curves --width double
	$(DRAW) results/stragglers-fork-240s.sqlite --figure differences --width double
	$(DRAW) results/diff-dac-what-if-fork-120s.sqlite --figure differences where --width double
	$(DRAW) results/stragglers-links.sqlite --figure links --width double
	$(DRAW) results/crashes.sqlite --figure time-to-target
	$(DRAW) results/crashes.sqlite --figure where --width double
	$(DRAW) results/on-and-off.sqlite --figure prediction
	$(DRAW) results/step-size-and-loss.sqlite --figure sweep
	$(DRAW) results/diff-dac-figure-2-single-small.sqlite --figure curves --axes episodes
	$(DRAW) results/diff-dac-figure-2-multi-small.sqlite --figure tasks --width double
	$(DRAW) results/diff-dac-a-third-crashed.sqlite --figure curves --axes time
	$(DRAW) results/diff-dac-stragglers.sqlite --figure curves --axes time episodes --width double
	for layout in no-conflict=0.537 solvable=0.575 unsolvable=0.330 six-left=0.470 six-right=0.454; do \
	  $(DRAW) results/dcpg-$${layout%=*}.sqlite --figure curves --metric return-every-task --axes time \
	    --yardstick "path optimum=$${layout#*=}" || exit 1; done
	$(DRAW) $(patsubst %,results/%.sqlite,$(DISTURBED)) --figure curves --axes time
	$(DRAW) results/one-peer.sqlite --figure curves --axes time messages --width double
	$(DRAW) results/rack-failure.sqlite --figure profiles
	$(DRAW) results/slow-spells.sqlite --figure time-to-target
	$(DRAW) results/carried-over.json --figure corridor
	$(DRAW) results/distral-two-rooms-4-5-7.sqlite --figure curves --metric recent-steps --axes time \
	  --yardstick 'shortest ways=11.67'
	$(DRAW) results/distral-async-stragglers-and-loss.sqlite --figure curves --metric recent-return --axes time messages \
	  --width double
endif

# Tests that run the program need it built.
test-python: build $(VENV)/installed ## Test the Python package, figures included
	$(VENV)/bin/python -m pytest -q python --cov=starling_diffusion --cov-fail-under=90

# Apart from the other tests, because PyTorch is large.
test-notebooks: build $(LEARNING_VENV)/notebooks ## Run all notebooks, the one in PyTorch too
	$(LEARNING_VENV)/bin/python -m pytest -q python/tests/test_notebooks.py

test-figures: $(VENV)/installed ## Test the figures alone, which need no program
	$(VENV)/bin/python -m pytest -q python/tests/figures

# Slurm's daemons are root's.
test-cluster: build $(CLUSTER_VENV)/installed ## Send a sweep over two nodes of Slurm, which fail, and through Snakemake
	@scripts/setup cluster
	$(CLUSTER_VENV)/bin/python -m pytest -q Tests/Cluster

test-snakefile: build $(CLUSTER_VENV)/installed ## Send a sweep through Snakemake alone
	$(CLUSTER_VENV)/bin/python -m pytest -q Tests/Cluster/test_snakefile.py

$(CLUSTER_VENV)/installed:
	@scripts/setup figures
	python3 -m venv $(CLUSTER_VENV)
	$(CLUSTER_VENV)/bin/pip install --quiet --disable-pip-version-check snakemake==9.27.1 pytest
	@touch $@

wheel: build $(VENV)/installed ## Make a wheel of the Python package that carries the program, in dist
	@scripts/setup wheel
	$(VENV)/bin/python scripts/make-wheel --output dist

# It changes the root of processes, which only root may.
test-wheel: wheel ## Install the wheel in a Debian without compiler and libraries, and run the first notebook there
	@scripts/setup wheel
	$(VENV)/bin/python scripts/test-wheel dist/*.whl

# Debian's Chromium is some 100 MB, so nothing else asks for it.
test-report: build ## Open pages of `starling report` in a browser and play them; SCREENSHOTS=folder keeps pictures
	@scripts/setup browser
	/usr/bin/python3 scripts/check-report $(if $(SCREENSHOTS),--screenshots $(SCREENSHOTS))

docs: build ## Check that documents say what the program says; UPDATE=1 writes them anew, SLOW=1 has what takes long too
ifdef SLOW
	$(SWIFT) build -c release --product Calibrate
endif
	scripts/check-documents $(if $(SLOW),--slow) $(if $(UPDATE),--update)

# Pages that are not in the navigation, and links that lead nowhere, are errors.
site: $(SITE_VENV)/installed ## Make a site of the documents in .build/site
	NO_MKDOCS_2_WARNING=1 $(SITE_VENV)/bin/mkdocs build
	@echo "the site is in .build/site"

$(SITE_VENV)/installed:
	@scripts/setup figures
	python3 -m venv $(SITE_VENV)
	$(SITE_VENV)/bin/pip install --quiet --disable-pip-version-check mkdocs==1.6.1 mkdocs-material==9.8.2
	@touch $@

test-documents: $(VENV)/installed ## Test what checks the documents and compares benchmarks
	$(VENV)/bin/python -m pytest -q scripts Benchmarks/test_metrics.py

clean: ## Remove what was built
	rm -rf .build python/build dist
