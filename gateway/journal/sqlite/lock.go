package sqlite

import (
	"errors"
	"fmt"
	"path/filepath"
)

const lockFile = "lisgate.lock"

// errServing says that a store is open for writing already.
var errServing = errors.New("another lisgate is writing to it: stop that one first, or give this one its own --data directory")

// lock claims a directory for writing, as long as the process lives. The
// claim is the write lock on an empty database beside the store: it needs
// nothing of the operating system that SQLite does not know already, ends
// with the process however that dies, and lets readers of the store alone.
func lock(dir string) (*conn, error) {
	c, err := dial(filepath.Join(dir, lockFile), readWrite, "journal_mode=MEMORY", "locking_mode=EXCLUSIVE")
	if err == nil {
		if err = c.run("BEGIN EXCLUSIVE"); err == nil {
			return c, nil
		}
		_ = c.close() // the first error is the one that says why
	}
	if isBusy(err) {
		err = errServing
	}
	return nil, fmt.Errorf("lock %s: %w", dir, err)
}
