# make run     builds the page, serves it on this machine and prints its address
# make test    every test there is
# make bench   how fast the decoder is, as ratios to other decoders in the same run
# make soak    what a day of a meter does to the page
# make flash   builds a board's image and writes it into the board: BOARD=uno PORT=/dev/ttyACM0
# make bench-board METER=kaifa    a virtual board with a virtual meter, and the page that watches it
#
# Each target sets up what it needs first: on a bare Debian 12, git, make and rustup are enough.

cargo_home := $(or $(CARGO_HOME),$(HOME)/.cargo)
export PATH := $(cargo_home)/bin:$(PATH)

# Any shell but /bin/sh makes GNU make 4.3 look for programs in the PATH above.
SHELL := /bin/bash

setup := .ci/setup
port ?= 8080

.PHONY: build run test lint test-decoder lint-decoder test-page lint-page bench soak screenshot
.PHONY: firmware images test-firmware lint-firmware soak-firmware flash bench-board
.PHONY: boards test-hardware lint-hardware
.PHONY: simulate test-simulation lint-simulation

# Where the sources of crates lie stands in each place that can panic, and is nobody's business: it is cut off. Cargo puts these
# flags behind those of .cargo/config.toml. A folder with a space in its name would make two flags of one.
without_paths = $(if $(word 2,$(cargo_home)),,$$(printf -- ' --remap-path-prefix=%s=' $(cargo_home)/registry/src/*))

# The page, in dist/.
build:
	$(setup) rust linker page-tools
	cargo fetch --locked --quiet --target wasm32-unknown-unknown
	cargo build --locked --quiet -p meterscope-postbuild
	CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="$(without_paths)" trunk build --release

run: build
	cargo run --locked --quiet -p meterscope-serve -- --port $(port) dist

test: test-decoder test-page test-firmware test-hardware test-simulation

lint: lint-decoder lint-page lint-firmware lint-hardware lint-simulation

# Decoder and command. The page's packages are left to test-page.
decoder_packages := -p meterscope-decoder -p meterscope-capture -p meterscope
page_packages := -p meterscope-page -p meterscope-postbuild -p meterscope-serve -p meterscope-e2e

lint-decoder:
	$(setup) rust linker
	cargo fmt --check $(decoder_packages)
	# The locks of the workspaces aside, which nothing else here builds.
	cargo update --workspace --locked --quiet --manifest-path decoder/benches/Cargo.toml
	cargo update --workspace --locked --quiet --manifest-path decoder/fuzz/Cargo.toml
	cargo clippy --locked $(decoder_packages) --all-targets --all-features -- -D warnings

test-decoder: lint-decoder
	$(setup) python tshark
	cargo test --locked $(decoder_packages) --all-features
	cargo build --locked --release -p meterscope

lint-page:
	$(setup) rust linker
	cargo fmt --check $(page_packages)
	cargo clippy --locked $(page_packages) --all-targets -- -D warnings
	cargo clippy --locked -p meterscope-page --target wasm32-unknown-unknown -- -D warnings

test-page: lint-page build firmware
	$(setup) browser
	cargo test --locked -p meterscope-page -p meterscope-postbuild -p meterscope-serve
	cargo test --locked -p meterscope-e2e -- --test-threads=2

# The boards' images, in firmware/target/avr-none/release/ wherever else a person has their builds, and what runs them without a
# board. Cargo finds their target in their own folders only.
firmware_cargo := env -u CARGO_TARGET_DIR cargo
all_images := forwarder forwarder_leonardo master_simulator display
IMAGES := $(all_images)

firmware: images
	cd firmware && $(firmware_cargo) build --locked -p meterscope-firmware-bench --bin bench_board

images:
	$(setup) rust linker avr
	@for image in $(IMAGES); do (cd firmware/$$image && $(firmware_cargo) build --locked --release) || exit; done
	@$(image_sizes)

# Flash holds code, constants and what variables begin with; RAM holds variables, and the stack in the rest.
image_sizes = avr-size $(IMAGES:%=firmware/target/avr-none/release/%.elf) | awk 'NR > 1 { \
	sub(".*/", "", $$6); printf "%s: %d octets of flash, %d of RAM\n", $$6, $$1 + $$2, $$2 + $$3 }'

lint-firmware:
	$(setup) rust linker avr
	cd firmware && cargo fmt --check
	cd firmware && $(firmware_cargo) clippy --locked --all-targets -- -D warnings
	@for image in $(all_images); do (cd firmware/$$image && $(firmware_cargo) clippy --locked --release -- -D warnings) || exit; done

test-firmware: lint-firmware firmware
	$(setup) avrdude
	cd firmware && $(firmware_cargo) test --locked

# A day of lists and an hour of a full bus through the forwarder in simavr, as fast as it goes.
soak-firmware: firmware
	cd firmware && $(firmware_cargo) test --locked -p meterscope-firmware-bench --test forwarder -- --ignored --nocapture

# Writes an image into a board: make flash BOARD=uno PORT=/dev/ttyACM0, or BOARD=leonardo. IMAGE is the forwarder or another
# folder in firmware/. What is wrong with these is said before anything is built.
IMAGE ?= forwarder
flash: export BOARD := $(BOARD)
flash: export IMAGE := $(IMAGE)
flash: export PORT := $(PORT)
flash:
	@.ci/flash check "$$BOARD" "$$IMAGE" "$$PORT"
	$(setup) avrdude
	$(MAKE) images IMAGES="$$(.ci/flash name "$$BOARD" "$$IMAGE" "$$PORT")"
	.ci/flash write "$$BOARD" "$$IMAGE" "$$PORT"

# A simulated meter and a simulated board: its terminal for other programs, and a browser that has it in its list.
METER ?= kaifa
bench-board: export METER := $(METER)
bench-board: export port := $(port)
bench-board:
	@.ci/bench-board "$$METER" "$$port"
	$(setup) browser
	$(MAKE) build firmware IMAGES="forwarder master_simulator"
	cargo run --locked --quiet -p meterscope-e2e --bin board -- --port "$$port" "$$METER"

# The boards' projects, fabrication files and pictures, from hardware/boards/*/*.py.
boards:
	$(setup) hardware
	hardware/boards/generate --pictures han-shield
	hardware/boards/generate --pictures master-simulator

lint-hardware:
	$(setup) rust linker
	cargo fmt --check -p meterscope-hardware-checks
	cargo clippy --locked -p meterscope-hardware-checks --all-targets -- -D warnings

test-hardware: lint-hardware
	$(setup) hardware
	cargo test --locked -p meterscope-hardware-checks

# The boards in SPICE: every case, and the tables and pictures of hardware/README.md and hardware/simulation/README.md anew.
simulate:
	$(setup) rust linker hardware
	cargo run --locked --release -p meterscope-simulation -- all

lint-simulation:
	$(setup) rust linker
	cargo fmt --check -p meterscope-simulation
	cargo clippy --locked -p meterscope-simulation --all-targets -- -D warnings

# The cases that are nearest to their limits, and the closed loop: lists from the master's firmware over the bus in SPICE to the
# forwarder's firmware.
test-simulation: lint-simulation
	$(setup) hardware
	cargo test --locked --release -p meterscope-simulation

# What the closed loop runs beside ngspice: the boards' images, and programs that have them at the ends of a simulated bus.
.PHONY: simulated-boards
simulate test-simulation: simulated-boards
simulated-boards: firmware
	cd firmware && $(firmware_cargo) build --locked -p meterscope-firmware-bench --bin master_vcd --bin forwarder_hears

# A day of a meter through the page, as fast as it goes; prints what it takes.
soak: build
	$(setup) browser
	cargo run --locked --quiet -p meterscope-e2e --bin soak

# The picture in the README.
screenshot: build
	$(setup) browser
	METERSCOPE_SCREENSHOT=$(CURDIR)/frontend/screenshot.png cargo test --locked -p meterscope-e2e --test screenshot

# Ratios stand at the end of each part: to other decoders, and of the page to what was promised.
bench: build
	$(setup) browser
	cargo bench --locked --manifest-path decoder/benches/Cargo.toml --bench peers
	cargo bench --locked --manifest-path decoder/benches/Cargo.toml --bench wasm
	cargo run --locked --quiet -p meterscope-e2e --bin figures
