//go:build race

package attack

// slower is how much more time and memory the race detector is given.
const slower = 20
