// Package chaos kills, stops and reloads a gateway under load, while the LMS
// behind it misbehaves, and then holds three books against each other: what
// the SIS was told is kept, what the gateway says it keeps, and what the LMS
// was brought.
//
// A1, A7 and A17 of the reliability tests. Every run prints its seed;
// CHAOS_SEED replays the same load and the same moments. CHAOS_CYCLES sets
// how often the gateway is killed (20; 5 under -race and -short).
package chaos

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

// seed returns the seed of a test and prints it.
func seed(t *testing.T) uint64 {
	t.Helper()
	s := uint64(number("CHAOS_SEED", int(rand.Uint32())))
	t.Logf("replay with CHAOS_SEED=%d", s)
	return s
}

// number reads a number from the environment.
func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// dice returns the chance of one part of a test.
func dice(seed, part uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, part)) }

// The parts of a test; the connections of the SIS are numbered from 0.
const (
	forMoments = 100 + iota
	forNastiness
)
