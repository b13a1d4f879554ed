# One profile (dev, its dependencies optimised) and one folder (target/) serve demo, run and test alike, so nothing
# is compiled twice. `make bench` and `make release` alone build for release: one measures, the other is for halls.

CARGO ?= cargo
OUT ?= out/demo
ARGS ?=
# Where it is unset, Mesa complains at every start.
export XDG_RUNTIME_DIR ?= /tmp

.PHONY: help setup demo run test simulate release bench bench-peers fmt lint

help:
	@echo 'make demo    see it: two windows, or pictures in $(OUT) where there is no display'
	@echo 'make run     run the county of kiosk-config (ARGS=… is passed on)'
	@echo 'make test    every test, those that need a GPU adapter included'
	@echo 'make simulate the whole player in simulated time: SEED=1 SEEDS=1 DAYS=365 or HOURS=1; a failing seed prints itself'
	@echo 'make release the program for a hall, in out/release: laid out by what it was seen to run'
	@echo 'make bench   benches, built for release'
	@echo 'make bench-peers  a wall against Chromium showing the same: processor and memory'
	@echo 'make lint    format check and clippy, as CI does'
	@echo 'make fmt     format the code'
	@echo 'make setup   install what a fresh Debian 12 lacks'

setup:
	@.ci/setup

demo: setup
	$(CARGO) build --locked
ifneq ($(DISPLAY)$(WAYLAND_DISPLAY),)
	$(CARGO) run --locked --quiet -- sample --out $(OUT) --villages 0 --force
	$(CARGO) run --locked --quiet -- run --windowed --config $(OUT)/kiosk-config --data $(OUT)/data \
		--screen hall-led --screen lobby-kiosk
else
	$(CARGO) run --locked --quiet -- demo --out $(OUT)
	@echo 'No display here: the pictures are in $(abspath $(OUT)).'
endif

run: setup
	$(CARGO) run --locked -- run $(ARGS)

test: setup
	GONGSHI_REQUIRE_GPU=1 $(CARGO) test --locked $(ARGS)

simulate: setup
	SEED=$(or $(SEED),1) SEEDS=$(or $(SEEDS),1) DAYS=$(or $(DAYS),365) $(CARGO) test --locked --profile simulate --test simulation -- \
		--ignored --nocapture

release:
	@.ci/setup bolt-19
	@.ci/release

bench: setup
	$(CARGO) bench --locked $(ARGS)

# PROGRAM: the program to measure, where it is built already.
PROGRAM ?=
bench-peers: setup
	@.ci/setup chromium
ifeq ($(PROGRAM),)
	$(CARGO) build --locked --release
endif
	benches/peers/run.py $(or $(PROGRAM),target/release/gongshi) $(ARGS)

fmt:
	$(CARGO) fmt

lint:
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
