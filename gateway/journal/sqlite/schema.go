package sqlite

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strconv"
)

// migrations are the steps from an empty file to the schema of this binary;
// the version of a store is how many of them it has had. A step that was
// ever released is never edited: add the next one.
var migrations = []string{first, second}

// first is the schema. Four things keep a write cheap:
//
//   - change and message grow only at their right edge, and hold every body once;
//   - a message is found by its object through the change that it made, and by
//     an index (apart) only when it made none;
//   - the history of an object is a chain of change.prev from record.seq, which
//     needs no index (change.also is the other ancestor when a rekey joins two);
//   - queue.due is NULL for all but the first of its chain, so that the lease
//     query reads no row that it may not hand out.
//
// A chain is what has to be delivered in order: the identifier under which the
// object was first known, which a rekey does not change.
const first = `
CREATE TABLE message (seq INTEGER PRIMARY KEY, time INTEGER, caller TEXT, operation TEXT, object TEXT, message_id TEXT,
	apart TEXT, mark INTEGER, hash BLOB, ok INTEGER, status TEXT, answer TEXT, deviations TEXT, body BLOB);
CREATE INDEX message_apart ON message (apart) WHERE apart IS NOT NULL;
CREATE INDEX message_mark ON message (mark) WHERE ok = 1 AND mark IS NOT NULL;

CREATE TABLE change (seq INTEGER PRIMARY KEY, kind TEXT, id TEXT, version INTEGER, act TEXT, created INTEGER, new_id TEXT,
	operation TEXT, source TEXT, message INTEGER, prev INTEGER, also INTEGER, content INTEGER, body BLOB);
CREATE INDEX change_kind ON change (kind);

CREATE TABLE record (kind TEXT, id TEXT, seq INTEGER, version INTEGER, deleted INTEGER, content INTEGER, chain TEXT,
	hash BLOB, links BLOB, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE link (kind TEXT, name TEXT, value TEXT, id TEXT, PRIMARY KEY (kind, name, value, id)) WITHOUT ROWID;

CREATE TABLE queue (target TEXT, kind TEXT, chain TEXT, seq INTEGER, due INTEGER, attempts INTEGER, reason TEXT,
	detail TEXT, at INTEGER, PRIMARY KEY (target, kind, chain, seq)) WITHOUT ROWID;
CREATE INDEX queue_due ON queue (target, due, seq) WHERE due IS NOT NULL;
CREATE TABLE delivery (seq INTEGER, target TEXT, state TEXT, attempts INTEGER, effect TEXT, reason TEXT, detail TEXT,
	at INTEGER, PRIMARY KEY (seq, target)) WITHOUT ROWID;
CREATE INDEX delivery_dead ON delivery (target, seq) WHERE state = 'dead';
CREATE TABLE balance (target TEXT, kind TEXT, sent INTEGER, applied INTEGER, dead INTEGER, waiting INTEGER,
	PRIMARY KEY (target, kind)) WITHOUT ROWID;

CREATE TABLE seen (token TEXT PRIMARY KEY, until INTEGER) WITHOUT ROWID;
CREATE INDEX seen_until ON seen (until);
CREATE TABLE exchange (id TEXT PRIMARY KEY, state TEXT, caller TEXT, seq INTEGER, updated INTEGER, data BLOB) WITHOUT ROWID;
CREATE INDEX exchange_state ON exchange (state, seq);
`

// version returns how many migrations a store has had; 0 for a new file.
func version(c *conn) (int, error) {
	n, err := c.number(`SELECT count(*) FROM sqlite_schema WHERE name = 'meta'`)
	if err != nil || n == 0 {
		return 0, err
	}
	v, err := c.number(`SELECT value FROM meta WHERE name = 'schema'`)
	return int(v), err
}

// migrate brings a store to the schema of this binary. A store that a newer
// binary has written is refused: this one would not understand it.
func migrate(c *conn) error {
	v, err := version(c)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if v > len(migrations) {
		return newer(v)
	}
	for ; v < len(migrations); v++ {
		if err := upgrade(c, v); err != nil {
			return fmt.Errorf("migrate to schema %d: %w", v+1, err)
		}
	}
	return nil
}

func newer(v int) error {
	return fmt.Errorf("the store has schema %d and this lisgate knows only up to %d: use the newer lisgate, or restore a backup made before it was started", v, len(migrations))
}

// upgrade runs one migration in one transaction.
func upgrade(c *conn, v int) error {
	script := "BEGIN IMMEDIATE;"
	if v == 0 {
		script += "CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;" +
			"INSERT INTO meta VALUES ('instance', '" + newInstance() + "'), ('epoch', 0);"
	}
	script += migrations[v]
	script += "INSERT OR REPLACE INTO meta VALUES ('schema', " + strconv.Itoa(v+1) + "); COMMIT"
	if err := c.script(script); err != nil {
		if c.inTransaction() {
			_ = c.run("ROLLBACK") // the first error is the one that says why
		}
		return err
	}
	return nil
}

// newInstance makes the id of a store, which tells its changes from those of
// every other store.
func newInstance() string {
	var b [4]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
