# The project's verbs. Every Go command carries the build tag: without it the SQL engine's Arrow
# bridge is not compiled.
TAGS   := -tags duckdb_arrow
NIGHTS := 2026-03-02 2026-03-03 2026-03-04

.PHONY: build nightly test check fuzz bench bench-linkage docs

build:
	@mkdir -p bin
	go build $(TAGS) -o bin/miic ./cmd/miic
	CGO_ENABLED=0 go build -o bin/miic-forecast ./cmd/miic-forecast

# Three nights of a synthetic state. A delivery is moved into the inbox, as a sender would move it,
# so that a second run finds nothing to do.
nightly: build
	@test -f var/miic.yaml || { rm -rf var/.new var/nights var/truth && \
	  bin/miic synth --clients 20000 --seed 1 --nights 3 --out var/.new && \
	  mv var/.new/nights var/.new/truth var/ && mv var/.new/miic.yaml var/ && rmdir var/.new; }
	@sh fixtures/nights.sh bin/miic var $(NIGHTS)

test:
	go test $(TAGS) -timeout 30m ./...

# What must hold before a change lands: format, vet, linter, generated documents, all tests, and the
# crash test at its full length.
check:
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	go vet $(TAGS) ./...
	go tool staticcheck $(TAGS) ./...
	MIIC_CRASH_ROUNDS=200 go test $(TAGS) -timeout 30m ./...

# Every parser, a minute each by default. Making an input smaller takes a minute too, if it may: most of the time would go there.
FUZZTIME := 60s
fuzz:
	@for pkg in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -ho '^func Fuzz[A-Za-z0-9_]*' $$pkg/*_test.go | sed 's/^func //'); do \
	    echo "$$pkg $$f"; go test $(TAGS) -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5s $$pkg || exit 1; \
	  done; done

bench: build
	bin/miic bench --clients 100000

# How good and how fast linkage is: every labelled set beside the project, then a synthetic state of the
# size of STATE clients that the default model was not estimated on, then the rates of a million records.
SETS  := ../shared/data/linkage
STATE := 100000
bench-linkage: build
	@for s in $(SETS)/*/; do echo "== $$(basename $$s)"; \
	  if [ -f $$s/truth.csv ]; then bin/miic link evaluate --records $$s/records.csv --truth $$s/truth.csv --train; \
	  else bin/miic link evaluate --records $$s/records.csv --pairs $$s/pairs.csv; fi || exit 1; done
	bin/miic bench --stage link --clients $(STATE) --seed 7
	bin/miic bench --stage link --clients 270000 --seed 7

# The documents that are made from the code.
docs:
	go test $(TAGS) ./internal/table -run TestVocabulary -update
	go test $(TAGS) ./ingest -run 'TestChecksDocument|TestFormatsDocument' -update
