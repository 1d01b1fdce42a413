// Package program builds lisgate for the tests that run it as a process of
// its own.
package program

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
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

// Watch looks at all sources, from within a test: the test does not import
// them, and go test would take an old result for a new one. What a test looks
// at, it knows of.
func Watch(t *testing.T) {
	t.Helper()
	for _, room := range []string{"adapters", "cmd", "config", "gateway", "generated", "wsdl"} {
		err := filepath.WalkDir(filepath.Join("..", "..", room), func(_ string, _ fs.DirEntry, err error) error { return err })
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Remove takes away what Build has made.
func Remove(path string) error { return os.RemoveAll(filepath.Dir(path)) }

// Hasty reports whether a test should make do with less: everything takes
// many times as long under the race detector.
func Hasty() bool { return Race || testing.Short() }

// FreeAddress finds an address on loopback to which a gateway can come back
// after it was down: its port is below those that the system gives to
// connections, so that none of them takes it meanwhile.
func FreeAddress() (string, error) {
	var err error
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 12000+rand.IntN(20000))
		var l net.Listener
		if l, err = net.Listen("tcp", address); err == nil {
			return address, l.Close()
		}
	}
	return "", fmt.Errorf("no free port: %w", err)
}
