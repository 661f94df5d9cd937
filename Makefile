# What is too long for CI: long fuzzing, memory over 100,000 pages. Figures go
# to docs/benchmarks.md.
.PHONY: test long bench

test:
	go test ./...

bench:
	go run ./bench
	go run ./bench/reading

long:
	go run ./bench -memory-pages 100000
	go test ./detect -run Mixture -rapid.checks=20000 -timeout 60m
	for p in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -h '^func Fuzz' $$p/*_test.go | sed 's/func \(Fuzz[A-Za-z0-9_]*\).*/\1/'); do \
	    go test -run '^$$' -fuzz "^$$f\$$" -fuzztime 2m $$p || exit 1; done; done
