# Every target may be run again: what is already there is left alone.
# `make` alone lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
MEASURED := cwru-10 mfpt-3
CIRCUITS := sallen-key-9 biquad-13 tow-thomas

# Runs a command as root where that needs no password: ROOT is empty, "sudo -n", or "false" for nobody.
ROOT = $(shell if [ "$$(id -u)" = 0 ]; then echo; elif sudo -n true 2>/dev/null; then echo sudo -n; else echo false; fi)

.PHONY: help app test check format bench train verify clean data

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

app: .venv/.app .venv/.ngspice  ## start the app; open the address that it prints
	$(BIN)/streamlit run app.py

test: .venv/.dev .venv/.browser .venv/.ngspice  ## run every test
	@command -v ngspice >/dev/null || { echo "The tests simulate circuits with ngspice, but it is not installed. Install ngspice and run make test again."; exit 1; }
	OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile  # one thread a worker

check: .venv/.dev  ## hold the laws: ruff, mypy, import-linter, deptry
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry .

format: .venv/.dev  ## format the code, and put right what ruff can
	$(BIN)/ruff check --fix --exit-zero
	$(BIN)/ruff format

bench: .venv/.dev  ## measure speed, as ratios within one run, into build/bench.md
	$(BIN)/pytest tests/benchmarks --benchmark-enable --benchmark-only

train: data .venv/.app  ## train every shipped network again, and test its gates; needs DATA=folder
	$(BIN)/python -m cbam_viz train bearing-sim-4
	for name in $(CIRCUITS); do for verb in evaluate train assess; do $(BIN)/python -m cbam_viz $$verb $$name; done; done
	$(BIN)/python -m cbam_viz assess bearing-sim-4
	for name in $(MEASURED); do for verb in train assess; do $(BIN)/python -m cbam_viz $$verb $$name --data "$(DATA)/$${name%-*}"; done; done

verify: data .venv/.dev  ## the long studies whose numbers stand in the cards; needs DATA=folder
	MUTANTS=1200 $(BIN)/pytest tests/signals/readers/test_readers.py -k damaged_or_renamed  # more than 20,000 damaged files
	SETS=200 $(BIN)/pytest tests/analysis/test_permutation.py tests/analysis/test_difference.py -k shuffled_labels  # how often chance stands out
	CASES=200 $(BIN)/pytest tests/studies/test_trust.py tests/studies/test_class_trust.py -k "wrong or random"  # how often a verdict on a gate is wrong
	for name in bearing-sim-4 $(CIRCUITS); do $(BIN)/python -m cbam_viz evaluate $$name; $(BIN)/python -m cbam_viz assess $$name --check; done
	for name in $(MEASURED); do \
	  $(BIN)/python -m cbam_viz evaluate $$name --data "$(DATA)/$${name%-*}"; \
	  $(BIN)/python -m cbam_viz assess $$name --data "$(DATA)/$${name%-*}" --check; done

clean:  ## remove .venv and what tools leave behind
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------- what the targets stand on

.venv/bin/python:
	@[ -n "$(PYTHON)" ] && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, but there is $(if $(PYTHON),$$($(PYTHON) --version),none)."; \
	  echo "Install it, or say where it is: make app PYTHON=path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  package=$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
	  { command -v apt-get >/dev/null && $(ROOT) apt-get update -qq && $(ROOT) apt-get install -y -qq "$$package"; } \
	  || { echo "Python's venv module is needed, but it is not installed. Install it first, on Debian and Ubuntu: apt-get install $$package"; exit 1; }; }
	$(PYTHON) -m venv .venv

.venv/.app: requirements.txt | .venv/bin/python
	@echo "Installing what the app needs; the first time this takes some minutes."
	$(PIP) install --requirement requirements.txt
	@touch $@

.venv/.dev: requirements.txt pyproject.toml | .venv/bin/python
	@echo "Installing what the app and its tests need; the first time this takes some minutes."
	$(PIP) install --editable '.[dev]'
	@touch $@ .venv/.app

# The first of these that starts is used: Chromium or Chrome of this machine, Debian's package, Playwright's own download.
.venv/.browser: | .venv/.dev
	@installed() { for name in chromium chromium-browser google-chrome google-chrome-stable; do \
	    if "$$name" --version 2>/dev/null; then return; fi; done; return 1; }; \
	  installed \
	  || { command -v apt-get >/dev/null && $(ROOT) apt-get update -qq && $(ROOT) apt-get install -y -qq chromium && installed; } \
	  || { $(ROOT) $(abspath $(BIN))/playwright install-deps chromium || true; $(BIN)/playwright install chromium; } \
	  || { echo "The browser tests need Chromium, and it could not be installed. Install chromium or google-chrome and run make test again."; exit 1; }
	@touch $@

# The app shows stored responses without it, so a machine where it cannot be installed only hears of it.
.venv/.ngspice: | .venv/bin/python
	@command -v ngspice >/dev/null \
	  || { command -v apt-get >/dev/null && $(ROOT) apt-get update -qq && $(ROOT) apt-get install -y -qq ngspice; } \
	  || echo "Circuits are simulated by ngspice, which could not be installed; all else works without. Install the package ngspice to simulate them."
	@touch $@

data:
	@[ -d "$(DATA)/cwru" ] && [ -d "$(DATA)/mfpt" ] || { printf '%s\n' \
	  'Training needs two public data sets, each in a folder of its own, and the folder that holds both:' \
	  '' \
	  '  make $(MAKECMDGOALS) DATA=folder' \
	  '' \
	  '  folder/cwru  the .mat files of the Case Western Reserve University Bearing Data Center, 12 kHz drive end and normal:' \
	  '               https://engineering.case.edu/bearingdatacenter/download-data-file' \
	  '  folder/mfpt  the .mat files of the bearing fault data set of the MFPT Society:' \
	  '               https://www.mfpt.org/fault-data-sets/' \
	  '' \
	  'Found: DATA="$(DATA)"'; exit 2; }
