# Needs make and Python 3.11 or newer; everything else goes into .venv. Other Python: make app PYTHON=python3.13

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check install

# The networks under test are tiny: two processes of one thread beat one process of many.
TEST := OMP_NUM_THREADS=1 $(RUN) -m pytest -n 2 --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help app setup test check lint fix clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

app: $(VENV)/app.stamp  ## open the zoo in the browser, at http://127.0.0.1:7860
	$(RUN) app.py

setup: $(VENV)/setup.stamp  ## put all that training and the tests need into .venv

test: $(VENV)/setup.stamp  ## run the tests
	$(TEST)

check: lint test  ## what CI runs: format, lint, types, import contracts, tests

lint: $(VENV)/setup.stamp  ## all of check but the tests
	$(RUN) -m ruff format --check
	$(RUN) -m ruff check
	$(RUN) -m mypy
	$(RUN) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'

fix: $(VENV)/setup.stamp  ## format the code, and mend what ruff can mend
	$(RUN) -m ruff format
	$(RUN) -m ruff check --fix

clean:  ## remove .venv and caches; runs and data stay
	rm -rf $(VENV) .venv-keras build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is touched when its step is complete, so that an interrupted one is done again.
$(VENV)/venv.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	{ echo "ganzoo needs Python 3.11 or newer, which $(PYTHON) is not: name one with make PYTHON=/path/to/python." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	{ echo "$(PYTHON) has no venv module: install it (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/app.stamp: $(VENV)/venv.stamp requirements.txt
	@echo "Installing the packages into $(VENV): this takes a few minutes, once."
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/setup.stamp: $(VENV)/app.stamp pyproject.toml
	$(PIP) --editable '.[test]'
	@touch $@
