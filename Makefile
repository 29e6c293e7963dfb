# The README names `make demo` and `make test`. The other targets are their parts, and the longer tests.
GO ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
DEMO := out/demo
# Scripts are found by their shebang. The parts of run.sh have none; they are linted as the one file that they become.
SCRIPTS := $(shell git grep -lE '^.!/(usr/)?bin/(env )?bash' -- '*.sh' .ci testdata/docs)

.PHONY: lab lab-down picture demo build dist man test tools programs lint unit documents formation fuzz bench e2e rig machines e2e-matrix e2e-matrix-check

# How many tests run in parallel if their machines mostly wait for each other.
PARALLEL := $(shell echo $$((2 * $$(nproc))))

# parts makes one target after another, and prints the seconds that each took, and the total.
define parts
@all=$$(date +%s); for part in $(1); do \
	began=$$(date +%s); \
	$(MAKE) --no-print-directory $$part || exit 1; \
	echo "make $$part: $$(($$(date +%s) - began)) s"; \
done; echo "make $@: $$(($$(date +%s) - all)) s in all"
endef

# Documents and new keys for the README's sample cluster.
demo: build
	bin/kindling pki init -f testdata/clusters/stacked.yaml --pki $(DEMO)/pki
	bin/kindling generate -f testdata/clusters/stacked.yaml --pki $(DEMO)/pki -o $(DEMO)/out

build:
	$(GO) build -trimpath -ldflags '-X main.release=$(VERSION)' -o bin/kindling ./cmd/kindling

# What a release has, in dist/: for each platform an archive with the static program, its manual and its completions, and an SBOM.
dist: tools
	.ci/dist

# The manual alone, in bin/man1.
man: build
	bin/kindling man bin/man1

test:
	$(call parts,tools programs lint unit documents formation)

# Debian packages that the tests need.
tools:
	e2e/install.sh

# The real programs that the tests run. They are built once and kept outside this checkout.
programs: tools
	cd e2e && $(GO) run ./cmd/e2e-build

lint:
	@test -z "$$(gofmt -l .)" || { echo "gofmt these:"; gofmt -l .; exit 1; }
	$(GO) vet ./...
	cd e2e && $(GO) vet ./... && $(GO) vet -tags lab ./machines
	@for platform in darwin/amd64 darwin/arm64 windows/amd64 windows/arm64; do \
		GOOS=$${platform%/*} GOARCH=$${platform#*/} CGO_ENABLED=0 $(GO) build -trimpath ./... || exit 1; \
	done # with the flags of make dist, so that each package is built once
	shellcheck $(SCRIPTS)
	cat templates/boot/run.sh $(filter-out templates/boot/run.sh,$(wildcard templates/*/*.sh)) | shellcheck -s bash -e SC2153,SC2317 - # node.env sets the variables; no machine gets two functions with the same name
	shfmt -d $(SCRIPTS) templates

unit:
	$(GO) test -race -timeout 30m ./...
	cd e2e && $(GO) test -count=1 -timeout 30m ./internal/... ./model

# The real cloud-init, Ignition and kubeadm on the generated documents.
documents:
	cd e2e && $(GO) test -count=1 -timeout 60m ./documents

# The real etcd step with the real etcd, in network namespaces. The longer faults are in the matrix.
formation:
	cd e2e && $(GO) test -count=1 -timeout 60m -parallel $(PARALLEL) -skip "^TestFault" ./formation

# Two minutes of it are for whole specs that are generated: accepted ones have documents, and the real programs take them. What fails is
# kept in e2e/documents/testdata, and make documents runs it again.
fuzz: programs
	$(GO) test ./generator/spec -timeout 30m -run '^$$' -fuzz FuzzLoad -fuzztime 30s -fuzzminimizetime 1s
	$(GO) test ./generator/internal/plan -timeout 30m -run '^$$' -fuzz FuzzEnv -fuzztime 30s -fuzzminimizetime 1s
	$(GO) test ./generator/internal/document/cloudinit -timeout 30m -run '^$$' -fuzz FuzzRoundTrip -fuzztime 30s -fuzzminimizetime 1s
	$(GO) test ./generator/internal/document/cloudinit -timeout 30m -run '^$$' -fuzz FuzzLiteral -fuzztime 30s -fuzzminimizetime 1s
	$(GO) test ./generator/internal/gzip -timeout 30m -run '^$$' -fuzz FuzzSqueeze -fuzztime 30s -fuzzminimizetime 1s
	cd e2e && $(GO) test ./documents -timeout 30m -run '^$$' -fuzz FuzzAccepted -fuzztime 60s -fuzzminimizetime 1s
	cd e2e && $(GO) test -count=1 ./documents -timeout 30m -run TestGeneratedDocuments -generate 60s

bench:
	$(GO) test ./cmd/kindling ./generator ./generator/spec ./pki -timeout 30m -run '^$$' -bench . -benchmem

# Whole machines, booted from the documents: one boot and one loss of each kind. The rest is in the matrix. As many clusters side by
# side as there are cores: with twice as many, each takes about twice as long, and some run into timeouts.
e2e:
	$(call parts,rig machines)

# The sample cluster with a pod network, on machines of this computer, until Ctrl-C or make lab-down.
lab: rig
	cd e2e && $(GO) test -c -tags lab -o ../bin/kindling-lab ./machines
	cd e2e/machines && exec ../../bin/kindling-lab -test.run '^TestLab$$' -test.timeout 0

# The picture of a first boot in the README, from a boot of the sample cluster on the machine at hand.
picture: rig
	cd e2e/machines && $(GO) test -count=1 -tags lab -run '^TestLab$$' -timeout 0 . -picture=../../docs/first-boot.svg

lab-down:
	! pkill -TERM -x kindling-lab || while pgrep -x kindling-lab; do sleep 1; done >/dev/null

# What whole machines need. The first run builds Kubernetes twice.
rig:
	e2e/install.sh rig
	cd e2e && $(GO) run ./cmd/e2e-build rig

machines:
	cd e2e && $(GO) test -count=1 -v -timeout 3h -skip "^TestFault" ./machines/...

# Runs every case of docs/fault-matrix.md that has no row for the current scripts. The tree must be clean. After an
# interrupt, the next run continues with the cases that are left.
e2e-matrix: rig
	cd e2e && $(GO) run ./cmd/e2e-build matrix
	cd e2e && $(GO) run ./cmd/e2e-matrix

# Fails if there is such a case.
e2e-matrix-check:
	cd e2e && $(GO) run ./cmd/e2e-matrix check
