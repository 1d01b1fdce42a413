// Package load sends a whole term over SOAP to a gateway that passes it on to
// a Moodle and a Canvas at once, and then holds against each other what was
// sent, what the gateway says of it, and what the two have.
//
// 20,000 persons, 1,500 sections and 90,000 memberships, shuffled, so that
// most memberships come before their person or their section; C4, A5 (the
// rate) and A9 of the reliability tests. It is a tenth of that, and
// less under -race, unless LISGATE_LONG is set, when it takes some minutes.
// LOAD_SEED replays an order.
// Nothing is held to a time: the rate at which a queue drains is held against
// that which Moodle allows, and the others are told.
package load

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"go.uber.org/goleak"

	"lisgate/test/e2e/program"
)

// lisgate is the program that is run.
var lisgate string

func TestMain(m *testing.M) {
	var err error
	if lisgate, err = program.Build(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if err := program.Remove(lisgate); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(code)
	}))
}

// part is which part of the term is sent: the race detector makes everything
// many times as slow.
func part() int {
	switch {
	case os.Getenv("LISGATE_LONG") != "":
		return 1
	case program.Race:
		return 40
	}
	return 10
}

// chance returns the chance of a run and tells how to replay it.
func chance(t *testing.T) *rand.Rand {
	t.Helper()
	seed, err := strconv.ParseUint(os.Getenv("LOAD_SEED"), 10, 64)
	if err != nil {
		seed = uint64(rand.Uint32())
	}
	t.Logf("replay with LOAD_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}
