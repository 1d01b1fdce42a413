//go:build race

package program

// Race says that the test was built with the race detector.
const Race = true
