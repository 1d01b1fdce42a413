//go:build !race

package attack

// slower is how much more time and memory than in the requirement is given.
const slower = 1
