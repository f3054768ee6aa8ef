# make run     builds the page, serves it on this machine and prints its address
# make test    every test there is
# make bench   how fast the decoder is, as ratios to other decoders in the same run
# make soak    what a day of a meter does to the page
#
# Each target sets up what it needs first: on a bare Debian 12, git, make and rustup are enough.

cargo_home := $(or $(CARGO_HOME),$(HOME)/.cargo)
export PATH := $(cargo_home)/bin:$(PATH)

# Any shell but /bin/sh makes GNU make 4.3 look for programs in the PATH above.
SHELL := /bin/bash

setup := .ci/setup
port ?= 8080

.PHONY: build run test lint test-decoder lint-decoder test-page lint-page bench soak screenshot
.PHONY: firmware test-firmware lint-firmware

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

test: test-decoder test-page test-firmware

lint: lint-decoder lint-page lint-firmware

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

test-page: lint-page build
	$(setup) browser
	cargo test --locked -p meterscope-page -p meterscope-postbuild -p meterscope-serve
	cargo test --locked -p meterscope-e2e -- --test-threads=2

# The boards' images, in firmware/target/avr-none/release/. Cargo finds their target in their own folders only.
firmware:
	$(setup) rust linker avr
	cd firmware/forwarder && cargo build --locked --release
	cd firmware/display && cargo build --locked --release
	avr-size firmware/target/avr-none/release/display.elf

lint-firmware:
	$(setup) rust linker avr
	cd firmware && cargo fmt --check
	cd firmware && cargo clippy --locked --all-targets -- -D warnings
	cd firmware/forwarder && cargo clippy --locked --release -- -D warnings
	cd firmware/display && cargo clippy --locked --release -- -D warnings

test-firmware: lint-firmware firmware
	cd firmware && cargo test --locked

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
