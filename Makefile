# make lab: work through the course.   make test: prove that everything works.   make: list the rest.
.DEFAULT_GOAL := help
.PHONY: help setup data lab test notebooks twice bench bench-stream bench-scale billion site lock preflight slides runsheets badges course

# Whatever runs, however old or new: it starts tools/install.py, which looks for one that suits.
PYTHON ?= $(shell for name in python3 python py python3.14 python3.13 python3.12 python3.11 python3.10; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1 && echo $$name && break; done)
START = $(or $(PYTHON),uv run --no-project --python 3.13 python)
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
# JupyterLab refuses to run as root, which is what one is in most containers.
ROOT := $(if $(filter 0,$(shell id -u 2>/dev/null)),--allow-root)
# $(call quoted,text): one word for the shell, whatever stands in it, so that no advice is ever executed.
quoted = '$(subst ','\'',$(1))'
# $(call else_say,step,advice): a failed step says which it was and how to go on.
else_say = || { printf '\n%s failed. %s\n' $(call quoted,$(1)) $(call quoted,$(2)); exit 1; } >&2

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/installed: requirements.txt pyproject.toml
	@$(START) -c pass >/dev/null 2>&1 $(call else_say,Looking for Python,Install Python 3.13 or uv (which downloads it where the network and UV_PYTHON_DOWNLOADS allow) and run make again.)
	@$(START) tools/install.py

setup: $(VENV)/installed data ## create .venv, install the exact packages, prepare the data

data: $(VENV)/installed ## prepare the default data (WORKSHOP_SCALE: tiny, small, medium or large)
	@$(BIN)/python -m data_scripts.taxi $(call else_say,Preparing the data,The line above says what to do; then run make again.)

lab: setup ## open JupyterLab on the first notebook
	@$(BIN)/jupyter lab $(ROOT) --log-level=ERROR --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb

preflight: setup ## check that this machine is ready: packages, disk, memory, ports, data, a cluster, a training step
	@$(BIN)/python -c "from data_scripts import fashion_mnist, flights; fashion_mnist.prepare(); flights.prepare()" $(call else_say,Preparing the data,The line above says what to do; then run make again.)
	@$(BIN)/python -m tools.preflight

test: setup ## check the style, run the unit tests, execute every notebook and compare its outputs
	@$(BIN)/ruff check && $(BIN)/ruff format --check
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder --nbval --nbval-current-env --nbval-cell-timeout=300

notebooks: setup ## execute every notebook and save its outputs
	@$(BIN)/python -m tools.execute notebooks/*.ipynb
	@$(BIN)/python -m teaching.picture

twice: setup ## execute every notebook with each cell run twice in a row; save nothing
	@$(BIN)/python -m tools.execute --twice notebooks/*.ipynb

slides: setup ## make slides from the notebooks: build/slides, one file each, no network needed to show them
	@$(BIN)/python -m teaching.slides

runsheets: setup ## bring the clocks and machine minutes of INSTRUCTORS.md up to date
	@$(BIN)/python -m teaching.runsheets

course: $(VENV)/installed ## number the notebooks by notebooks/course.toml, in files, links and maps
	@$(BIN)/python -m tools.course

badges: $(VENV)/installed ## write the repository's address (that of origin) into launch links and first cells
	@$(BIN)/python -m tools.badges

site: $(VENV)/installed ## build the pages for self-study into build/site
	@$(BIN)/python -m docs.build

bench-stream: setup ## time the ways to train in one pass (ROWS=10_000_000), each in a process of its own
	@$(BIN)/python -m benchmarks.stream --rows $(or $(ROWS),10_000_000)

bench-scale: setup ## train one model on 1, 2, 4 ... workers, up to the cores there are (ROWS=10_000_000)
	@$(BIN)/python -m benchmarks.scale --rows $(or $(ROWS),10_000_000)

bench: setup ## race many libraries through the same job (ROWS=10_000_000, ONLY="duckdb_sql kit_fused"); a stopped one goes on
	@$(BIN)/python -m data_scripts.taxi --synthetic --rows $(or $(ROWS),10_000_000)
	@$(BIN)/python -m benchmarks.race $(ONLY) --rows $(or $(ROWS),10_000_000)

billion: setup ## train on a billion trips that are made on the fly
	@$(BIN)/python -m benchmarks.billion

lock: ## solve requirements.txt anew from pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --universal -p 3.11 --extra dev --extra bench --extra site --generate-hashes --no-emit-index-url --quiet -o requirements.txt
