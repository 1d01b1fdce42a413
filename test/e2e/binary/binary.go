// Package binary builds the program that stories and chaos run as a process
// of its own. It is built once in a test run; the build cache does the rest.
package binary

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Build builds lisgate into a new folder, with the race detector when the
// test has it, and returns its path.
func Build() (string, error) {
	dir, err := os.MkdirTemp("", "lisgate-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "lisgate")
	args := []string{"build", "-buildvcs=false", "-o", path}
	if Race {
		args = append(args, "-race")
	}
	out, err := exec.Command("go", append(args, "lisgate/cmd/lisgate")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build lisgate: %w\n%s", err, out)
	}
	return path, nil
}

// Remove takes away what Build has made.
func Remove(path string) error { return os.RemoveAll(filepath.Dir(path)) }

// Hasty reports whether a test should make do with less: everything takes
// many times as long under the race detector.
func Hasty() bool { return Race || testing.Short() }
