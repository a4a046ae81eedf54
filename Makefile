# `make run` serves on a fresh machine with Python >= 3.11; `make test` sets itself up and runs every test; `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
DEV := .venv-dev
PY := $(DEV)/bin/python
TORCH_VERSION ?= 2.13.0
VERSION ?=
MINUTES ?= 45
PRETRAIN_MINUTES ?= 50
# Whole files go to one process each: their fixtures (a browser, a running service) are made once per file. In which
# order is said in tests/conftest.py.
PARALLEL ?= -n 2 --dist loadfile --no-loadscope-reorder
export EVENKEEL_SOURCES ?= ../shared

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run demo test check format docs lock footprint benchmark board quality screenshots forecast replies sources vocabulary pretrain restore distil transfer teach finetune baseline export quantise ngrams calibrate evaluate promote card train clean

help:  ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "%-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/ready: .ci/requirements/runtime.txt pyproject.toml
	$(PYTHON) .ci/check_python.py
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/requirements/runtime.txt
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(DEV)/ready: .ci/requirements/dev.txt .ci/install_torch.py pyproject.toml
	$(PYTHON) .ci/check_python.py
	$(PYTHON) -m venv $(DEV)
	$(PY) .ci/install_torch.py $(TORCH_VERSION) $(TORCH_INDEX)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/requirements/dev.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

run: $(VENV)/ready  ## install the slim runtime and serve on 127.0.0.1:8000
	@exec $(VENV)/bin/evenkeel serve $(ARGS)

demo: $(VENV)/ready  ## play written conversations through the running service, at human pace
	@exec $(VENV)/bin/evenkeel demo $(ARGS)

test: $(DEV)/ready  ## every test, torch ones included
	$(PY) -m pytest $(PARALLEL) $(ARGS)

check: $(DEV)/ready  ## lint, format, types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

format: $(DEV)/ready
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

docs: $(DEV)/ready  ## write the generated parts of the documentation
	$(PY) .ci/write_docs.py

lock:  ## pin every dependency again (needs uv)
	mkdir -p build
	printf 'torch ; sys_platform == "never"\n' > build/without-torch.txt
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -q -o .ci/requirements/runtime.txt
	uv pip compile pyproject.toml --extra train --extra postgres --extra redis --extra dev --override build/without-torch.txt --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -q -o .ci/requirements/dev.txt
	uv pip compile pyproject.toml --extra benchmark --extra train --override build/without-torch.txt --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -q -o .ci/requirements/benchmark.txt

footprint:  ## measure install size, start-up time and idle memory of the runtime
	$(PYTHON) benchmarks/footprint.py

benchmark: $(DEV)/ready  ## measure latency of scoring on this machine
	$(PY) -m benchmarks.latency $(ARGS)

board: $(DEV)/ready  ## measure the board with 2,000 open conversations and 50 turns a second (needs chromium)
	$(PY) -m benchmarks.board $(ARGS)

quality: $(DEV)/ready  ## measure quality beside three rivals, on the sets that are here
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/requirements/benchmark.txt
	$(PY) -m benchmarks.quality $(ARGS)

screenshots: $(DEV)/ready  ## take the pictures of the board that the README shows -> .ci/screenshots (needs chromium)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/requirements/benchmark.txt
	$(PY) .ci/screenshots.py $(ARGS)

# The offline flow, one step a target; `train` is all of fine-tuning.
sources: $(DEV)/ready  ## which public sets are there
	$(PY) -m training.sources
vocabulary: $(DEV)/ready  ## tokenizer and packed corpus
	$(PY) -m training.vocabulary $(if $(CONTINUE),--tokenizer models/encoder)
pretrain: vocabulary  ## masked-language pretraining -> models/encoder (CONTINUE=1 goes on from it)
	$(PY) -m training.pretrain --minutes $(PRETRAIN_MINUTES) $(if $(CONTINUE),--start models/encoder) $(ARGS)
finetune: $(DEV)/ready
	$(PY) -m training.finetune --minutes $(MINUTES) $(if $(TRANSCRIPTS),--transcripts "$(TRANSCRIPTS)") $(ARGS)
baseline: $(DEV)/ready  ## the yardstick: TF-IDF + logistic regression on the same rows
	$(PY) -m training.baseline $(if $(TRANSCRIPTS),--transcripts "$(TRANSCRIPTS)")
export: $(DEV)/ready
	$(PY) -m training.export
quantise: $(DEV)/ready
	$(PY) -m training.quantise
ngrams: $(DEV)/ready  ## the n-gram part, shared out beside the transformer
	$(PY) -m training.ngrams $(if $(TRANSCRIPTS),--transcripts "$(TRANSCRIPTS)")
calibrate: $(DEV)/ready
	$(PY) -m training.calibrate
evaluate: $(DEV)/ready  ## the report per language, signal and set
	$(PY) -m training.evaluate
promote: $(DEV)/ready  ## release the build: make promote VERSION=2026.12.1
	$(PY) -m training.promote --version $(VERSION) $(ARGS)
card: $(DEV)/ready
	$(PY) -m training.card
forecast: $(DEV)/ready  ## fit the forecast of escalations to the released model -> service/risk/forecast.json
	$(PY) -m training.forecast
replies: $(DEV)/ready  ## fit the model of the draft check to agents' turns -> service/risk/drafts/replies.npz
	$(PY) -m training.replies
restore: $(DEV)/ready  ## weights to go on from, out of the released model -> build/restored
	$(PY) -m training.restore $(ARGS)
distil: $(DEV)/ready  ## rows labelled by the released model and a larger teacher -> build/distil
	$(PY) -m training.distil $(ARGS)
transfer: $(DEV)/ready  ## an encoder out of an English one and translation pairs -> build/transferred (ARGS="--from FOLDER")
	$(PY) -m training.transfer $(ARGS)
teach: $(DEV)/ready  ## teach it what that one and the released model see in texts -> build/taught
	$(PY) -m training.teach $(ARGS)
train: finetune export quantise ngrams calibrate evaluate  ## fine-tune and report: make train [TRANSCRIPTS=file.jsonl|folder] [MINUTES=45]
	@echo 'Content with the report? Release it: make promote VERSION=<name>'

clean:
	rm -rf $(VENV) $(DEV) build dist
