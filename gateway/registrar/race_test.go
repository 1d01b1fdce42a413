//go:build race

package registrar

const racing = true
