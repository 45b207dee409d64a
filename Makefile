# make demo [DATA=prices.csv]   the catalog over a market, batch and live
# make test                     the tests of the package
# make test-release             the same, compiled as users compile it, into .build/tests-release
# make setup-ci                 the Debian packages that .ci/run needs besides
# make bench                    the package and its peers on the same arrays, into Benchmarks/RESULTS.md, ARRAYS.md and
#                               INFERENCE.md, and their figures into README.md [MODELS=folder with weights] [PIP_OPTIONS=…]
# make docs                     the documentation, into .build/docs
# make format, make lint        the layout of the sources

SWIFT ?= swift
PYTHON ?= python3
PACKAGES := zlib1g-dev libopenblas-dev libfftw3-dev liblz4-dev libzstd-dev
# The C bodies for arm64, emulated.
CI_PACKAGES := gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
SOURCES := Package.swift Sources Tests Examples Benchmarks
BENCH_OPTIONS ?=

.PHONY: demo test test-release bench docs format lint factories setup setup-ci examples
.NOTPARALLEL:

# Debian packages that are missing; nothing to do, and no network needed, where all are there. Build plans of the
# nested packages go, since they do not notice new files of the package that they lie in.
setup-ci: PACKAGES += $(CI_PACKAGES)
setup setup-ci:
	@rm -f Examples/.build/*.yaml Benchmarks/.build/*.yaml .build/symbols/*.yaml
	@command -v $(SWIFT) >/dev/null || { echo "setup: no swift on PATH; Swift 6.3 is needed" >&2; exit 1; }
	@if command -v dpkg >/dev/null; then \
	  missing=; \
	  for package in $(PACKAGES); do \
	    dpkg -s $$package 2>/dev/null | grep -q '^Status: install ok installed' || missing="$$missing $$package"; \
	  done; \
	  if [ -n "$$missing" ]; then \
	    root=; [ "$$(id -u)" = 0 ] || root=sudo; \
	    $$root apt-get update && \
	    $$root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing; \
	  fi; \
	fi

test: setup
	$(SWIFT) test

# Some tests look inside of a module, which only debug builds allow without being asked.
# TRAITS=--disable-default-traits: without BLAS, FFTW, LZ4 and Zstd.
test-release: setup
	$(SWIFT) test $(TRAITS) -c release --scratch-path .build/tests-release -Xswiftc -enable-testing

examples: setup
	$(SWIFT) build -c release --package-path Examples

demo: examples
	@$(SWIFT) run -c release --package-path Examples --skip-build demo $(if $(DATA),--data "$(DATA)")

# What the peers need lives in .build/peers and is made once.
.build/peers/ready: Benchmarks/peers/requirements.txt Benchmarks/peers/requirements-inference.txt
	$(PYTHON) -m venv .build/peers
	.build/peers/bin/python -m pip install --quiet --disable-pip-version-check $(PIP_OPTIONS) \
	  $(patsubst %,-r %,$^)
	.build/peers/bin/python -m pip install --quiet --disable-pip-version-check $(PIP_OPTIONS) \
	  --upgrade --no-deps --target .build/peers/takt ta-lib-takt==0.8.2
	@touch $@

bench: setup .build/peers/ready
	$(SWIFT) build -c release --package-path Benchmarks
	.build/peers/bin/python Benchmarks/peers/bench.py \
	  --worker "$$($(SWIFT) build -c release --package-path Benchmarks --show-bin-path)/bench-worker" \
	  --takt .build/peers/takt --output Benchmarks/RESULTS.md $(BENCH_OPTIONS)
	.build/peers/bin/python Benchmarks/peers/arrays.py \
	  --worker "$$($(SWIFT) build -c release --package-path Benchmarks --show-bin-path)/bench-arrays" \
	  --output Benchmarks/ARRAYS.md
	.build/peers/bin/python Benchmarks/peers/inference.py \
	  --worker "$$($(SWIFT) build -c release --package-path Benchmarks --show-bin-path)/bench-inference" \
	  $(if $(MODELS),--models "$(MODELS)") --output Benchmarks/INFERENCE.md
	.build/peers/bin/python Benchmarks/peers/claims.py

# The product's symbol graph holds what it re-exports; the others would say it twice. `pages` is built
# in the same go, and what it writes goes into a copy of the catalog.
docs: setup
	rm -rf .build/symbols/graphs/product .build/symbols/Martlet.docc .build/docs
	mkdir -p .build/symbols/graphs/all .build/symbols/graphs/product
	$(SWIFT) build --package-path Examples --scratch-path .build/symbols --product pages \
	  -Xswiftc -emit-symbol-graph \
	  -Xswiftc -emit-symbol-graph-dir -Xswiftc "$(CURDIR)/.build/symbols/graphs/all"
	cp .build/symbols/graphs/all/Martlet.symbols.json .build/symbols/graphs/product
	cp -R DocsSource/Martlet.docc .build/symbols
	.build/symbols/debug/pages --symbols .build/symbols/graphs/product/Martlet.symbols.json \
	  --output .build/symbols/Martlet.docc
	docc convert .build/symbols/Martlet.docc --warnings-as-errors \
	  --additional-symbol-graph-dir .build/symbols/graphs/product \
	  --fallback-display-name Martlet --fallback-bundle-identifier martlet \
	  --transform-for-static-hosting --output-path .build/docs
	@echo "documentation: .build/docs"

format:
	$(SWIFT) format --in-place --recursive --configuration .swift-format $(wildcard $(SOURCES))

# The factories of indicators, from the catalog's entries.
factories:
	MARTLET_RECORD=1 $(SWIFT) test --filter FactoriesTests
	$(SWIFT) format --in-place --configuration .swift-format Sources/MartletIndicators/Catalog/Indicator+Factories.swift

lint:
	$(SWIFT) format lint --strict --recursive --configuration .swift-format $(wildcard $(SOURCES))
