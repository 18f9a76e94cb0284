# Everything here needs only python3 (3.10 or newer) and make. Set-up happens by itself, once.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SECONDS_EACH ?= 30
KILLS ?= 20
ROWS ?= 1000000
MESSAGES ?= 5000000
BACKUP ?= data/samples/sms-20260901093000.xml
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help classify test lint train agreement evaluate bench curve kills poison exchange millions spark soak fuzz reproduce lock android android-test clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

classify: $(VENV)/run.stamp ## Tag a backup: make classify [BACKUP=path] [OUT=folder]
	@$(if $(filter file,$(origin BACKUP)),echo "没有给 BACKUP=备份文件：以下是项目自带的虚构样例 (no BACKUP=path was given: this is the invented sample)" >&2)
	@$(BIN)/cuishou classify "$(BACKUP)" $(if $(OUT),-o "$(OUT)")

test: $(VENV)/dev.stamp ## Run the tests
	$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-report=term:skip-covered

lint: $(VENV)/dev.stamp ## Check style and types
	$(BIN)/ruff check pipeline tests
	$(BIN)/ruff format --check pipeline tests
	$(BIN)/mypy

train: $(VENV)/dev.stamp ## Train the model: data/ -> model/; make train [LABELS="my.csv ..."] [KEEP=1] [ACCEPT_WORSE=1]
	$(BIN)/cuishou train $(if $(KEEP),--keep) $(LABELS)

curve: $(VENV)/dev.stamp ## Measure with 10 % to 100 % of the corpus, and draw it into the model's card
	$(BIN)/python -m cuishou.training.curve

kills: $(VENV)/dev.stamp ## Kill trainings at KILLS=20 moments: the model must stay whole
	$(BIN)/python -m tests.kills $(KILLS)

poison: $(VENV)/dev.stamp ## Train on spoilt copies of the corpus: the gate must stop each of them; make poison [SHARE=0.2]
	$(BIN)/python -m tests.poison $(SHARE)

agreement: $(VENV)/dev.stamp ## How far the two labels of each message agree
	$(BIN)/python -m cuishou.training.agreement

evaluate: $(VENV)/dev.stamp ## Measure the model on the test split, as in its card
	$(BIN)/python -m cuishou.training.measure

bench: $(VENV)/dev.stamp ## Measure speed; make bench FULL=1 also beside every peer and at length, into docs/benchmarks.md
	$(if $(FULL),$(MAKE) --no-print-directory $(VENV)/scale.stamp)
	$(BIN)/python -m tests.bench.tagging $(if $(FULL),--full)
	$(BIN)/python -m tests.bench.cold_start $(if $(FULL),--document)
	$(BIN)/python -m tests.bench.reading
	$(BIN)/python -m tests.bench.outputs $(if $(FULL),100000 --document)

spark: $(VENV)/scale.stamp ## Spark against the local scorer, a worker killed: make spark [ROWS=1000000] (needs Java 17)
	$(BIN)/python -m pytest tests/test_spark.py
	$(BIN)/python -m tests.bench.spark $(ROWS) --document

millions: $(VENV)/dev.stamp ## Five million messages through classify -o: memory, speed, ctrl-C; make millions [MESSAGES=5000000] (10 minutes, 6 GB)
	$(BIN)/python -m tests.bench.stream $(MESSAGES) --document

soak: $(VENV)/dev.stamp ## Read a backup of 2 GB and one of a million messages (10 minutes, 3 GB of disk)
	$(BIN)/python -m tests.bench.reading 2000 1000000
	$(BIN)/python -m tests.bench.outputs 100000

fuzz: $(VENV)/dev.stamp ## Look for files that break a reader: make fuzz [SECONDS_EACH=30]
	CUISHOU_DAMAGED_FILES=500 $(BIN)/python -m pytest tests/backup/test_hostile.py -k 'cut or flipped'
	@$(PIP) atheris || echo "atheris has no build for this Python: mutating without guidance" >&2
	$(BIN)/python -m tests.fuzz $(SECONDS_EACH)

reproduce: $(VENV)/dev.stamp ## Train twice and compare the bytes with each other
	$(BIN)/python -m tests.reproduce

exchange: $(VENV)/exchange.stamp ## Check the files for Label Studio and Argilla with their own libraries (700 MB to install)
	$(VENV)/exchange/bin/python -m pytest tests/review/test_clients.py

lock: ## Resolve the requirements anew (needs uv)
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --no-annotate --quiet \
		pyproject.toml requirements/build.in -o requirements/run.txt
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --no-annotate --quiet \
		--no-strip-extras --extra dev -c requirements/run.txt pyproject.toml requirements/build.in -o requirements/dev.txt
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --no-annotate --quiet \
		--no-strip-extras --extra bench --extra spark --extra train -c requirements/dev.txt pyproject.toml -o requirements/scale.txt
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --no-annotate --quiet \
		--no-strip-extras --extra exchange pyproject.toml requirements/build.in requirements/exchange.in -o requirements/exchange.txt

android: $(VENV)/run.stamp ## Build the phone's app and test what is in it (needs a JDK 17, Maven, Node, Debian's Android tools)
	$(MAKE) -C android test-apk

android-test: $(VENV)/run.stamp ## Test what runs on the phone and in JavaScript (needs a JDK 17, Maven, Node)
	$(MAKE) -C android test

clean: ## Remove what was set up
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
		echo "cuishou needs Python 3.10 or newer; try: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Setting up $(VENV) (once, about a minute) ..."
	@[ ! -e $(VENV) ] || { echo "$(VENV) is not whole, or was moved here; make clean, then run this again" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(VENV) cannot be made: see above. If it says ensurepip, on Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(BIN)/python
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt pyproject.toml | $(BIN)/python
	@$(PIP) --require-hashes -r requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/run.stamp

# A place of its own: what these libraries ask for is not what the rest is locked to.
$(VENV)/exchange.stamp: requirements/exchange.txt | $(BIN)/python
	@$(PYTHON) -m venv $(VENV)/exchange
	@$(VENV)/exchange/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/exchange.txt
	@$(VENV)/exchange/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/scale.stamp: requirements/scale.txt $(VENV)/dev.stamp
	@$(PIP) --require-hashes -r requirements/scale.txt
	@touch $@
