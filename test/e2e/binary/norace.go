//go:build !race

package binary

// Race says that the test was built with the race detector.
const Race = false
