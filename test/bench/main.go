// Command bench measures what lisgate promises, as ratios in one run: each
// thing beside its yardstick, interleaved, three rounds, medians. Absolute
// numbers only show the order of magnitude of this machine.
//
//	go run ./test/bench            all
//	go run ./test/bench codec http bulk reads deliver
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"time"
)

var (
	rounds  = flag.Int("rounds", 3, "rounds of each measurement; the median counts")
	seconds = flag.Duration("time", 2*time.Second, "length of one measurement under load")
	only    = flag.String("op", "", "only this operation of http")
	persons = flag.Int("persons", 100_000, "persons in the bulk file")
)

// parts are the measurements by name.
var parts = []struct {
	name string
	run  func() error
}{
	{"codec", benchCodec}, {"http", benchHTTP}, {"bulk", benchBulk}, {"reads", benchReads}, {"deliver", benchDeliver},
}

func main() {
	flag.Parse()
	if flag.Arg(0) == "child" {
		if err := child(flag.Args()[1:]); err != nil {
			fmt.Fprintln(os.Stderr, "bench child:", err)
			os.Exit(1)
		}
		return
	}
	for _, p := range parts {
		if flag.NArg() > 0 && !slices.Contains(flag.Args(), p.name) {
			continue
		}
		fmt.Printf("\n== %s\n", p.name)
		if err := p.run(); err != nil {
			fmt.Fprintf(os.Stderr, "bench %s: %v\n", p.name, err)
			os.Exit(1)
		}
	}
}

// median is the middle of what the rounds gave.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
