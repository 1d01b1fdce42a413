//go:build race

package deliver

const racing = true
