package sqlite

// second adds what delivery needs to know. A queue row that is neither a
// membership that is to be put, nor parked, nor held is in no more indexes than
// before, and those indexes hold all that the counts look at:
//
//   - parent is what a parked row waits for, and parent_kind its kind, ” for any;
//   - hold says why a row is held, and match with which id of the target;
//   - approved is 1 for what a person let through, and again counts resends;
//   - repeat is 1 for a drop that was applied before and is sent again;
//   - person is that of a membership which is to be put and was never tried.
//
// crosswalk holds the newest step in the life of each pair, which began at
// changed; crosswalk_step has those before. stamp is the commit that wrote it. balance.present
// counts the pairs that are not gone, and balance.removals the drops in the
// queue that are neither held nor approved nor repeated. Memberships may share
// an id of the target, and of each other kind it belongs to one object.
const second = `
ALTER TABLE queue ADD COLUMN parent TEXT;
ALTER TABLE queue ADD COLUMN parent_kind TEXT;
ALTER TABLE queue ADD COLUMN hold TEXT;
ALTER TABLE queue ADD COLUMN match TEXT;
ALTER TABLE queue ADD COLUMN approved INTEGER;
ALTER TABLE queue ADD COLUMN again INTEGER;
ALTER TABLE queue ADD COLUMN repeat INTEGER;
ALTER TABLE queue ADD COLUMN person TEXT;
ALTER TABLE delivery ADD COLUMN again INTEGER;
ALTER TABLE delivery ADD COLUMN mapped BLOB;
ALTER TABLE balance ADD COLUMN present INTEGER NOT NULL DEFAULT 0;
ALTER TABLE balance ADD COLUMN removals INTEGER NOT NULL DEFAULT 0;

UPDATE balance SET removals = (SELECT count(*) FROM queue q CROSS JOIN change c ON c.seq = q.seq
	WHERE q.target = balance.target AND q.kind = balance.kind AND c.act = 'drop');
CREATE TABLE moving (id TEXT PRIMARY KEY, person TEXT) WITHOUT ROWID;
INSERT OR IGNORE INTO moving SELECT id, value FROM link WHERE kind = 'membership' AND name = 'person';
UPDATE queue SET person = (SELECT m.person FROM change c CROSS JOIN moving m ON m.id = c.id WHERE c.seq = queue.seq AND c.act = 'put')
	WHERE kind = 'membership' AND attempts = 0;
DROP TABLE moving;

CREATE INDEX queue_parent ON queue (target, parent) WHERE parent IS NOT NULL;
CREATE INDEX queue_held ON queue (target, kind, chain, seq, hold) WHERE hold IS NOT NULL;
CREATE INDEX queue_person ON queue (target, person) WHERE person IS NOT NULL;
CREATE INDEX queue_again ON queue (target, seq, attempts, due, parent, hold) WHERE due > 0 AND parent IS NULL AND hold IS NULL;

CREATE TABLE crosswalk (target TEXT, kind TEXT, id TEXT, target_id TEXT, gone INTEGER, seq INTEGER, hash BLOB, at INTEGER,
	changed INTEGER, why TEXT, stamp INTEGER, PRIMARY KEY (target, kind, id)) WITHOUT ROWID;
CREATE UNIQUE INDEX crosswalk_owner ON crosswalk (target, kind, target_id, iif(kind = 'membership', id, '')) WHERE target_id <> '' AND gone = 0;
CREATE TABLE crosswalk_step (n INTEGER PRIMARY KEY, target TEXT, kind TEXT, id TEXT, target_id TEXT, gone INTEGER,
	changed INTEGER, why TEXT);
CREATE INDEX crosswalk_step_of ON crosswalk_step (target, kind, id);

CREATE TABLE job (id TEXT PRIMARY KEY, kind TEXT, state TEXT, seq INTEGER, updated INTEGER, data BLOB) WITHOUT ROWID;
CREATE INDEX job_kind ON job (kind, seq);
CREATE TABLE feed (source TEXT, kind TEXT, id TEXT, hash BLOB, run INTEGER, PRIMARY KEY (source, kind, id)) WITHOUT ROWID;
`
