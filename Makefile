# `make demo` and `make test` are the two commands of the README; the rest are their parts.
GO ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
DEMO := out/demo
# Scripts are found by their first line; the parts of run.sh, which have none, are linted as the one file that they become.
SCRIPTS := $(shell git grep -lE '^.!/(usr/)?bin/(env )?bash' -- '*.sh' .ci testdata/docs)

.PHONY: demo build test tools lint unit firstboot formation fuzz bench e2e e2e-matrix e2e-matrix-check

# Documents for the sample cluster of the README, with keys of their own.
demo: build
	bin/kindling pki init -f testdata/clusters/stacked.yaml --pki $(DEMO)/pki
	bin/kindling generate -f testdata/clusters/stacked.yaml --pki $(DEMO)/pki -o $(DEMO)/out

build:
	$(GO) build -trimpath -ldflags '-X main.release=$(VERSION)' -o bin/kindling ./cmd/kindling

test: tools lint unit firstboot formation

# Debian packages that the tests call.
tools:
	e2e/install.sh

lint:
	@test -z "$$(gofmt -l .)" || { echo "gofmt these:"; gofmt -l .; exit 1; }
	$(GO) vet ./...
	cd e2e && $(GO) vet ./...
	shellcheck $(SCRIPTS)
	cat templates/boot/run.sh $(filter-out templates/boot/run.sh,$(wildcard templates/*/*.sh)) | shellcheck -s bash -e SC2153,SC2317 - # node.env assigns, and no kind of machine has both of two functions of a name
	shfmt -d $(SCRIPTS) templates

unit:
	$(GO) test -race ./...

# The real cloud-init, Ignition and kubeadm on the generated documents.
firstboot:
	cd e2e && $(GO) test -count=1 ./documents ./internal/firstboot

# The real etcd step with the real etcd, in network namespaces; and the rule that it follows, as a model. The machines mostly
# wait for each other.
formation:
	cd e2e && $(GO) test -count=1 -timeout 20m -parallel 6 ./formation/...
	cd e2e && $(GO) test -count=1 ./model ./internal/load ./internal/matrix

fuzz:
	$(GO) test ./generator/spec -run '^$$' -fuzz FuzzLoad -fuzztime 30s -fuzzminimizetime 1s
	$(GO) test ./generator/internal/plan -run '^$$' -fuzz FuzzEnv -fuzztime 30s -fuzzminimizetime 1s
	$(GO) test ./generator/internal/render/cloudinit -run '^$$' -fuzz FuzzRoundTrip -fuzztime 30s -fuzzminimizetime 1s

bench:
	$(GO) test ./cmd/kindling ./generator/spec ./pki -run '^$$' -bench . -benchmem

# Whole machines, booted from the documents; writes docs/e2e.md. Builds Kubernetes twice the first time, which takes half an
# hour.
e2e:
	e2e/install.sh rig
	cd e2e && $(GO) run ./cmd/e2e-build rig
	cd e2e && $(GO) test -count=1 -v -timeout 60m -parallel 3 -skip "^TestFault" ./machines/...

# Every fault of docs/fault-matrix.md that has no row for the scripts as they are now. The tree has to be clean. After an
# interrupt it goes on where it stopped.
e2e-matrix:
	e2e/install.sh rig
	cd e2e && $(GO) run ./cmd/e2e-build rig
	cd e2e && $(GO) run ./cmd/e2e-matrix

# Fails if there is such a fault.
e2e-matrix-check:
	cd e2e && $(GO) run ./cmd/e2e-matrix check
