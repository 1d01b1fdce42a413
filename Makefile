# The two commands: `go run ./cmd/lisgate demo` shows the whole way on this
# machine; `make test` runs all tests and installs what they need where it can.

GO ?= go
FUZZTIME ?= 6s

.PHONY: run test unit interop fuzz bench load generate lint tools build

run: ## the demo
	$(GO) run ./cmd/lisgate demo

test: tools lint unit fuzz ## everything

tools: ## foreign clients for the tests, from Debian's packages when root
	@sh test/tools.sh

lint:
	$(GO) vet ./...
	@if command -v golangci-lint >/dev/null 2>&1; then golangci-lint run; fi

unit: ## unit, golden, stories, interop, attack, chaos; with the race detector
	$(GO) test -race -timeout 12m ./...
	$(GO) test -count=1 -run Kill ./test/chaos # 20 kills at full speed; 5 with the race detector
	$(GO) test -count=1 -run Term ./test/load  # a tenth of a term; a fortieth with the race detector

interop: tools
	$(GO) test -count=1 -v ./test/interop/...

fuzz: ## each fuzzer for FUZZTIME
	@sh test/fuzz.sh $(FUZZTIME)

load: ## a whole term of 20,000 people to Moodle and Canvas at once; 200,000 changes five times over and shuffled
	LISGATE_LONG=1 $(GO) test -count=1 -v -timeout 30m -run 'Term|Shuffled' ./test/load ./gateway/registrar ./test/shuffle

bench: ## the figures, as ratios in one run
	$(GO) run ./test/bench

generate: ## generated/ from wsdl/
	$(GO) generate ./...

build:
	CGO_ENABLED=0 $(GO) build -trimpath -o lisgate ./cmd/lisgate
