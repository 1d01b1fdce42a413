//go:build !race

package shuffle

const racing = false
