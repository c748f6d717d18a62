# The project's verbs. Every Go command carries the build tag: without it the SQL engine's Arrow
# bridge is not compiled.
TAGS   := -tags duckdb_arrow
# How tests are built: lint runs go vet; and without a table of symbols, which no stack trace needs, each of the forty test
# programs that hold DuckDB is linked in 5 processor seconds instead of 11.
TESTED := $(TAGS) -vet=off -ldflags=-s
NIGHTS := 2026-03-02 2026-03-03 2026-03-04

.PHONY: build nightly test check lint vet staticcheck deadcode race race-whole race-some soak soak-letters fuzz bench bench-linkage docs dist try-dist try-spark

build:
	@mkdir -p bin
	go build $(TAGS) -ldflags='-s -w' -o bin/miic ./cmd/miic
	CGO_ENABLED=0 go build -ldflags='-s -w' -o bin/miic-forecast ./cmd/miic-forecast

# Three nights of a synthetic state. A delivery is moved into the inbox, as a sender would move it,
# so that a second run finds nothing to do.
nightly: build
	@test -f var/miic.yaml || { rm -rf var/.new var/nights var/truth var/recipients && \
	  bin/miic synth --clients 20000 --seed 1 --nights 3 --out var/.new && \
	  mv var/.new/[!m]* var/ && mv var/.new/miic.yaml var/ && rmdir var/.new; }
	@sh fixtures/nights.sh bin/miic var $(NIGHTS)

# All tests. The crash test has the same number of rounds here and in
# check, so that what check has run is not run again: Go's cache of test results knows the variable.
export MIIC_CRASH_ROUNDS ?= 50
test:
	go test $(TESTED) -timeout 45m ./...

# What must hold before a change lands: format, vet, linter, dead code, data races, then all tests, among which are
# those of the generated documents.
check: lint race test

# Dead code is what neither a program nor a test reaches. Tests count, because they write the documents under docs/
# and the helpers of tests would be listed otherwise. No code is kept for a day that may come.
lint:
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	@$(MAKE) --no-print-directory -j2 -O vet staticcheck deadcode
vet:
	go vet $(TAGS) ./...
staticcheck:
	go tool staticcheck $(TAGS) ./...
deadcode:
	@echo go tool deadcode $(TAGS) -test ./...
	@dead=$$(go tool deadcode $(TAGS) -test ./...) && test -z "$$dead" || { echo "$$dead"; exit 1; }

# The race detector makes everything several times slower, whole nights most of all. So it is given the packages that
# start goroutines, found by what they contain, without kills, swapped files, flipped bits and measured work, which no race
# needs, and with a fifth of the properties' checks (-short). Of the stages and of the pipeline, which do steps side by side,
# it is given a few small nights; of the synthetic state, of letters, of records and of deliveries read in parts, which are
# each done by one function that starts goroutines, the tests that have it work on several things at once. The two halves
# run side by side: neither keeps two cores busy.
RACE_TESTS := ^Test(ThreeNights|BeingWritten|Admission|NightsEqualOneRun|TwiceIsOnce|AbsenceNeverDeletes|InfantIsFoundByBirthCertificate|SameSeedSameBytes|OptionsAreChecked|FilesAreTheSameOnAnyNumberOfCores|ARecordOnPaper|PartsReadLikeTheWhole)$$
RACE_SOME  := ./ingest ./ingest/record ./linkage ./internal/pipeline ./forecast ./fixtures ./reports/letter ./reports/record
race:
	@$(MAKE) --no-print-directory -j2 -O race-whole race-some
race-whole:
	MIIC_CRASH_ROUNDS=5 go test $(TESTED) -race -short -skip '^Test(Crash|Swap|KillWhile|WorkGrows|ReadersHold|.*Flipped)' -timeout 30m \
	  $$(grep -rlE --include='*.go' '(^|[^a-zA-Z])go (func|[a-z][A-Za-z.]*\()|errgroup\.|parallel\.(Each|Send)' \
	    ingest linkage forecast reports fixtures internal | grep -v _test.go | xargs -n1 dirname | sort -u | \
	    sed 's|^|./|' | grep -vxF "$$(printf '%s\n' $(RACE_SOME))")
race-some:
	@echo "go test -race -run '$(RACE_TESTS)' $(RACE_SOME)"
	@out=$$(GOMAXPROCS=$$(nproc) go test $(TESTED) -race -short -run '$(RACE_TESTS)' -timeout 30m $(RACE_SOME) 2>&1) || \
	  { echo "$$out"; exit 1; }; echo "$$out"; case "$$out" in *"no tests to run"*) exit 1;; esac

# Ten thousand kills and two hundred random histories. var/soak keeps what is done: a soak that was stopped goes on, and
# one that is through begins again with other moments.
soak: MIIC_CRASH_ROUNDS := 10000
soak:
	MIIC_SOAK=$(CURDIR)/var/soak go test $(TAGS) -count=1 -timeout 24h -v \
	  -run '^(TestCrash|TestRandomHistories)$$' ./internal/pipeline

# Who is on the lists, by the truth of a state of LETTERS_CLIENTS over LETTERS_NIGHTS: hours.
LETTERS_CLIENTS := 100000
LETTERS_NIGHTS  := 30
soak-letters:
	MIIC_LETTERS_CLIENTS=$(LETTERS_CLIENTS) MIIC_LETTERS_NIGHTS=$(LETTERS_NIGHTS) go test $(TAGS) -count=1 -timeout 24h -v \
	  -run '^TestWhoIsOnTheListOverManyNights$$' ./cmd/miic/models

# Every parser, a minute each by default. Making an input smaller takes a minute too, if it may: most of the time would
# go there.
FUZZTIME := 60s
fuzz:
	@for pkg in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -ho '^func Fuzz[A-Za-z0-9_]*' $$pkg/*_test.go | sed 's/^func //'); do \
	    echo "$$pkg $$f"; \
	    go test $(TAGS) -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5s $$pkg || exit 1; \
	  done; done

bench: build
	bin/miic bench --clients 100000

# How good and how fast linkage is: every labelled set beside the project, then a synthetic state of STATE clients that
# the default model was not estimated on, then the rates of a million records.
SETS  := ../shared/data/linkage
STATE := 100000
bench-linkage: build
	@for s in $(SETS)/*/; do echo "== $$(basename $$s)"; \
	  if [ -f $$s/truth.csv ]; then bin/miic link evaluate --records $$s/records.csv --truth $$s/truth.csv --train; \
	  else bin/miic link evaluate --records $$s/records.csv --pairs $$s/pairs.csv; fi || exit 1; done
	bin/miic bench --stage link --clients $(STATE) --seed 7
	bin/miic bench --stage link --clients 270000 --seed 7

# The documents that are made from the code. The manual pages, one a command, are not kept: man -M bin/man miic-nightly.
docs:
	go test $(TAGS) ./internal/table -run 'TestVocabulary|TestSchemasHaveVersions' -update
	go test $(TAGS) ./ingest -run 'TestChecksDocument|TestFormatsDocument' -update
	go test $(TAGS) ./internal/delivery -run TestPictureIsOfTheTable -update
	go test $(TAGS) ./reports/mailing -run TestOutputsDocument -update
	go test $(TAGS) ./reports/extract -run TestExtractsDocument -update
	go test $(TAGS) ./cmd/miic -run 'TestExitCodesAreDocumented|TestFaultsDocument' -docs
	go test $(TAGS) ./cmd/miic/shell -run TestPrivacyDocument -docs
	go test $(TAGS) ./cmd/miic -run TestManPages -man $(CURDIR)/bin/man/man1

# What a site installs, in bin/dist: tar.gz, .deb and .rpm. The version is that of the commit (packaging/build.sh).
dist:
	packaging/build.sh

# Installs, upgrades and removes them in clean roots; needs root, dpkg and rpm.
try-dist:
	packaging/try.sh

# Reads the extract in the folder EXTRACT with Spark and pandas, and asks its thirty questions; needs Java and python3. What it
# takes from PyPI lies in SPARK, some 500 MB.
SPARK := var/spark
try-spark:
	@test -d "$(EXTRACT)" || { echo "make try-spark EXTRACT=FOLDER: a folder that 'miic report extract' wrote" >&2; exit 2; }
	@test -d $(SPARK)/pyspark || python3 -m pip install -q --target $(SPARK) pyspark==3.5.5 pandas==3.1.1 pyarrow==26.0.1
	PYTHONPATH=$(SPARK) python3 reports/extract/readers/spark.py "$(EXTRACT)"
