# make setup demo test test-long test-server check bench chaos ha lock：每一条都先做 setup；没有变化时 setup 立即结束。
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONUTF8 := 1
# the tests start hundreds of processes: each would compile the whole program anew where this is set
export PYTHONDONTWRITEBYTECODE :=

# the tests make and copy whole database servers: in memory where there is room, else where the system has such things
ROOM_KB := 4000000
QUICK := $(shell [ -w /dev/shm ] && [ "$$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt $(ROOM_KB) ] && echo /dev/shm)
test test-long test-server: export TMPDIR := $(or $(QUICK),$(TMPDIR),/tmp)

.PHONY: setup demo test test-long test-server check bench chaos ha lock

# .venv with everything in requirements.lock (PostgreSQL and Node come with it), and the packages of tools/bpmnio
setup:
	@tools/setup

# the real year from start to end, then the demo with its pages until Ctrl-C; SERVE=no ends after the figures
SERVE := yes
demo: setup
	$(BIN)/jixiao rehearse huaxi --year 2021 \
		--departments data/huaxi_2021_departments.csv \
		--projects data/huaxi_2021_projects.csv \
		--published data/seed_aggregates.csv \
		--out out/huaxi_2021 --force
	$(BIN)/jixiao demo $(if $(filter no,$(SERVE)),--no-serve)

# one process a core, four at the most; a file stays together, because its tests may share a database; in the order of the
# folders, because those at the end are quick and leave no core waiting for one long file
test:
	@tools/setup --for-tests
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# what takes too long for every change: more and longer random lives of a case
test-long:
	@tools/setup --for-tests
	CHECKED_DIAGRAMS=5000 MOVING_LIVES=100 JIXIAO_LONG_TESTS=1 $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile \
		tests/integration/test_case_life_model.py tests/integration/test_whatever_the_clock_does.py \
		tests/unit/process/lint/test_what_passes_runs.py tests/contract/test_former_diagrams_move.py

# the tests that touch the database once more, on the oldest PostgreSQL this program works on; TESTS names some of them
test-server: setup
	tools/test_server $(TESTS)

# format, lint, types, import contracts, our own check of bpmn/, bpmn.io's check of it
check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/jixiao check
	node tools/bpmnio/check.mjs bpmn

bench: setup
	$(BIN)/python -m bench

# workers are killed and the database crashes while days fall due, then every history is checked; CHAOS="--kills 200 …"
chaos: setup
	$(BIN)/python -m tools.chaos $(CHAOS)

# the primary of two database servers is killed while people write, see docs/high-availability.md; HA="--writers 5 …"
ha: setup
	$(BIN)/python -m tools.ha $(HA)

# after a change of dependencies: pins and hashes for every platform, no index named
lock: setup
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --extra dev --no-emit-index-url --no-header \
		--output-file requirements.lock pyproject.toml requirements.in
	npm install --prefix tools/bpmnio --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved
