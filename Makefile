# Every task of the project; `make` alone lists them.
PREFIX ?= /usr/local
DESTDIR ?=
# Packets in the smaller of the two captures that `make bench` measures.
PACKETS ?= 1000000
# More arguments to `swift build` and `swift test`, such as --static-swift-stdlib.
SWIFTFLAGS ?=

FORMATTED = Sources Tests Plugins Schema Migrations Queries Package.swift

.DEFAULT_GOAL := help
.PHONY: help setup build demo test test-differential install lint format bench clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the system libraries that the build needs, if any is missing
	@Scripts/setup.sh

build: setup ## build .build/release/wirecase
	swift build -c release --product wirecase $(SWIFTFLAGS)

demo: build ## a case and a report from the sample incident, in demo/
	@Scripts/demo.sh

test: setup ## run all tests but the differential one
	@Scripts/python.sh || true
	@start=$$(date +%s); swift test --skip DifferentialTests $(SWIFTFLAGS); status=$$?; \
	echo "make test: $$(($$(date +%s) - start)) s, build included"; exit $$status

test-differential: setup ## compare with tshark, packet by packet, on all captures at hand
	swift test --filter DifferentialTests $(SWIFTFLAGS)

install: build ## install program, manual and completions below PREFIX (/usr/local)
	@Scripts/install.sh "$(DESTDIR)$(PREFIX)"

lint: ## check format, forbidden constructs, lengths of files
	@Scripts/lint.sh $(FORMATTED)

format: ## format all Swift code in place
	swift format format --in-place --recursive --parallel $(FORMATTED)

bench: build ## measure against yardsticks: make bench [PACKETS=1000000]
	@Scripts/bench.sh $(PACKETS)

clean: ## remove what was built, and demo/
	swift package clean
	rm -rf demo
