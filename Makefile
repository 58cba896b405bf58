# Two commands suffice on a fresh machine: make demo, make test. Each does all its
# own set-up and may be repeated; see CONTRIBUTING.md for the others.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: build demo test check bench fmt setup
.DEFAULT_GOAL := build

RELEASE ?= 0.1.0-dev
BENCH ?= .
DEMO_ARGS ?=
# "-published" solves the published instances of ../shared/data too.
SITING ?=

# The browser tests drive Debian's Chromium; a download of another would fail
# where only package registries are reached.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

tool := go tool -modfile=tools/go.mod
# Not ".": gofumpt would also read what npm installed.
go_files = find . -name node_modules -prune -o -name '*.go' -print0

# Without npm the program is built all the same; it then serves web/dist/placeholder.html.
ifneq ($(shell command -v npm),)
client := $(if $(wildcard web/package.json),web/dist/index.html)
endif
web := $(if $(wildcard web/package.json),web/node_modules/.package-lock.json)
e2e := $(if $(wildcard e2e/package.json),e2e/node_modules/.package-lock.json)

# The experiment gives the sweep engine vector registers on amd64, with the same
# results; it changes nothing elsewhere (bench/RESULTS.md).
# No cgo: one static binary that runs on any Linux of its architecture.
build: $(client)
	CGO_ENABLED=0 GOEXPERIMENT=simd go build -trimpath -ldflags '-X main.release=$(RELEASE)' -o bin/lifecircle ./cmd/lifecircle

demo: build
	bin/lifecircle demo $(DEMO_ARGS)

test: setup build $(web) $(e2e)
	scripts/with-postgres.sh go test ./...
	GOEXPERIMENT=simd go test ./network/routing ./access
	$(if $(web),cd web && npm test)
	$(if $(e2e),cd e2e && npx --no-install playwright test)

check: setup $(client) $(web) $(e2e)
	@unformatted=$$($(go_files) | xargs -0 $(tool) gofumpt -l); \
	[ -z "$$unformatted" ] || { echo "run make fmt:"; echo "$$unformatted"; exit 1; } >&2
	go vet ./...
	$(tool) staticcheck ./...
	go test ./internal/archtest
	scripts/with-postgres.sh go test -race -timeout 30m ./...
	$(if $(web),cd web && npm run check)
	$(if $(e2e),cd e2e && npm run --if-present check)

# One package at a time, as go test does by itself when it measures.
bench: setup $(client)
	scripts/with-postgres.sh go test -run '^$$' -bench '$(BENCH)' -benchmem -timeout 60m ./...
	GOEXPERIMENT=simd go run ./bench
	go run ./bench/siting $(SITING)

fmt:
	$(go_files) | xargs -0 $(tool) gofumpt -w

setup:
	@scripts/setup.sh

web/dist/index.html: $(web) $(shell find web -type f \
	-not -path 'web/node_modules/*' -not -path 'web/dist/*' -not -name '*.go' -not -name '*.test.ts*' 2>/dev/null)
	cd web && npm run --silent build

# npm writes this file last, so it tells whether an installation is complete.
%/node_modules/.package-lock.json: %/package.json %/package-lock.json
	cd $* && npm ci --no-audit --no-fund --loglevel=error
	touch $@
