package adapters

import (
	"context"
	"iter"

	"lisgate/gateway/lis"
)

// A Source is a system that is asked for what is new there.
//
// Pull streams what changed after a cursor, an opaque text of the adapter's
// own; "" asks for everything. It returns at the end of what there is now.
// The gateway keeps items in batches and, in the same transaction, the last
// Cursor among them, so that a Pull which was cut off goes on from there; an
// item may therefore come twice.
//
// An error ends the Pull and is one of the classes. What was not read is then
// not known: it is never taken for absent.
type Source interface {
	Pull(ctx context.Context, cursor string) iter.Seq2[Item, error]
}

// An Inbox is a Source into which others put what is new, such as a folder. It
// can be read on days on which nobody put anything into it. So a Pull of it
// says that the source is well, as its freshness has it, only when something
// usable came, a list ended, or Again is marked; of other sources it is enough
// that they answered. Inbox reports whether it is one with its settings.
type Inbox interface {
	Inbox() bool
}

// An Item is one thing that a source says. It holds a change (Act is set), or
// a row that cannot be used (Err is set), or neither; and it may hold marks.
type Item struct {
	Kind   lis.Kind
	Act    lis.Act       // Put, Drop, Rekey, or "" for none
	Key    lis.SourcedID // which object
	NewID  lis.SourcedID // Rekey only
	Record *lis.Record   // Put only
	Where  string        // the row, for people: file and line, or table and key

	// Err says why a row cannot be used. It is told, and with Kind and Key it
	// counts as present: a bad row is never taken for an absence.
	Err error

	// Cursor marks a place from which a later Pull can go on.
	Cursor string
	// Begins marks the beginning of a complete list of a kind, and Ends its
	// end: what the source held before and is not in the list is gone there.
	// Only a list that has been read whole may have its end marked.
	Begins, Ends lis.Kind
	// Again marks that what came is what was taken before, and is not said
	// once more. An Inbox has it so that the same list every night is no silence.
	Again bool
}

// An Acknowledger is a Source that wants to know when items are on disk, up to
// and with the one that had the cursor, and which of them were not taken.
type Acknowledger interface {
	Acknowledge(ctx context.Context, cursor string, rejected []Rejection) error
}

// A Rejection says why an item was not taken.
type Rejection struct {
	Where  string
	Kind   lis.Kind
	Key    lis.SourcedID
	Reason string
}
