// Package journal is the durable memory of lisgate: the records with their
// history, the messages that made them so, the changes in their one order,
// and the queue of what each target has yet to be told.
//
// The package says what a store does; sqlite and (later) postgres do it, and
// journaltest holds the suite that each of them passes. Nothing outside those
// two folders knows SQL.
package journal

import (
	"context"
	"errors"
	"iter"
	"time"

	"lisgate/gateway/lis"
)

// ErrFull is returned by Write when the disk has no room: nothing of the
// transaction was kept, and the caller may try again later.
var ErrFull = errors.New("journal: no space left to write; free some and send again")

// ErrClosed is returned by a store that has been closed.
var ErrClosed = errors.New("journal: closed")

// A Store keeps everything. It is safe for use by many goroutines.
type Store interface {
	// Write runs f in a transaction and returns when it is synced to disk.
	// Callers that arrive together share one transaction and one sync, so f
	// may be run more than once: it must have no effect but through its Tx.
	// When f returns an error nothing of it is kept, and Write returns that
	// error. A context that ends stops the wait for a turn, never a
	// transaction that has begun.
	Write(ctx context.Context, f func(Tx) error) error
	// Keep does ahead of a transaction, beside other callers, what keeping the
	// body of a message takes; see Message.Kept.
	Keep(body []byte) []byte
	// Snapshot returns a consistent view as of now. It must be closed.
	Snapshot(ctx context.Context) (Snapshot, error)

	// Lease hands out waiting changes for a target: for each key (kind and
	// id, through all rekeys) only the first in order, only when it is due and
	// no other of the key is on its way, at most limit of them, and not again
	// before until. Of those due, one that was never given back goes first: a
	// lease of one, as a probe is, never gets what failed before, or was on its
	// way beside it, while there is another. Each lease raises the fencing number.
	Lease(ctx context.Context, target string, limit int, now, until time.Time) ([]Delivery, error)
	// Settle records what became of leased deliveries, and corrects in s what
	// became otherwise: Dead where an id of the target belongs to another object,
	// Waiting where the parent came meanwhile, Applied and Superseded where a newer
	// change took the place of what was to be held. A settlement whose fencing
	// number is no longer the row's is dropped, for another has it now; its State
	// is "" then. When it returns an error s is as it was.
	Settle(ctx context.Context, s []Settlement) error
	// NextDue returns when the earliest waiting change of a target is due;
	// ok is false when none waits.
	NextDue(ctx context.Context, target string) (due time.Time, ok bool, err error)
	// Oldest returns the time of the oldest change that waits for a target, be
	// it due or not or on its way; ok is false when none waits.
	Oldest(ctx context.Context, target string) (at time.Time, ok bool, err error)
	// Coalesce replaces each leased delivery behind which newer changes of the
	// same chain wait by the newest of those that no Rekey stands before: the
	// lease goes over to that one, and those before it are settled as Applied,
	// Superseded. A delivery that stays as it was is returned as it was, and so
	// is one whose lease was lost. A Rekey is never superseded, nor is what a
	// person let through. A change that is Proxied is neither superseded nor goes
	// in the place of others while the target does not have its object: a newer
	// one would go out under an identifier that nobody there knows.
	Coalesce(ctx context.Context, leased []Delivery, at time.Time) ([]Delivery, error)
	// Requeue makes dead deliveries wait again, due now, and counts them.
	Requeue(ctx context.Context, target string, seqs []int64) (int, error)
	// Resend puts the newest change of objects in the queue of a target once
	// more (a Drop for what is deleted), due now, and counts those for which it
	// did: an object whose newest change waits there already, or of which one is
	// held there, is left as it is, and one that was never there too. Behind an
	// older change that waits it goes to the end. See Delivery.Again.
	Resend(ctx context.Context, target string, objects []lis.Ref) (int, error)
	// Decide ends the hold of deliveries: they wait again, due now, with
	// Approved set, or are settled as Dropped; by is who decided. A match that
	// is approved enters the crosswalk. It counts those that were held.
	Decide(ctx context.Context, target string, seqs []int64, approve bool, by string, at time.Time) (int, error)
	// Abandon settles deliveries that are Waiting or Parked, tried before or not,
	// as Dropped for a reason, and counts them: nobody wants them to go any more.
	// What is on lease at that time is left, for it may be on its way, and so is
	// what is Held. A lease that ran out ends.
	Abandon(ctx context.Context, target string, seqs []int64, why string, at time.Time) (int, error)

	// Pair returns the entry of the crosswalk of a target for an object, or
	// nil. Pairs that ended (Gone) are returned too.
	Pair(ctx context.Context, target string, kind lis.Kind, id lis.SourcedID) (*Pair, error)
	// PairOf returns the entry that has an id of the target and is not Gone, or
	// nil; of those that share it the newest. See Shared.
	PairOf(ctx context.Context, target string, kind lis.Kind, targetID string) (*Pair, error)
	// Removals counts, by kind, the removals (Drop) that wait for a target, not
	// held, not Approved and no Repeat, and the objects that it holds (pairs not
	// Gone).
	Removals(ctx context.Context, target string) (map[lis.Kind]Removals, error)
	// Moving reports whether a Put of a membership of a person waits for a
	// target that was not tried yet, or only while the target was away.
	Moving(ctx context.Context, target string, person lis.SourcedID) (bool, error)

	// Seen reports whether a token (such as a nonce) was seen before, and
	// remembers it until a time.
	Seen(ctx context.Context, token string, now, until time.Time) (bool, error)

	Close() error
}

// A View reads records.
type View interface {
	// Get returns the entry of an object, a tombstone included, or nil when
	// it was never there.
	Get(kind lis.Kind, id lis.SourcedID) (*Entry, error)
	// Scan streams the entries of a kind that a filter asks for, ordered by
	// id, or by sequence when the filter has Since. It holds one entry at a time.
	Scan(kind lis.Kind, f Filter) iter.Seq2[*Entry, error]
	// Last returns the sequence of the newest change, 0 when there is none.
	Last() (int64, error)
}

// A Past tells what became of objects.
type Past interface {
	// History streams the changes of an object, oldest first.
	History(kind lis.Kind, id lis.SourcedID) iter.Seq2[*Step, error]
	// Deliveries streams what became of the changes of an object, oldest first.
	Deliveries(kind lis.Kind, id lis.SourcedID) iter.Seq2[*Settled, error]
	// PairHistory streams what became of an object in the crosswalk of a
	// target, oldest first.
	PairHistory(target string, kind lis.Kind, id lis.SourcedID) iter.Seq2[*PairStep, error]
	// Job returns a job, or nil.
	Job(id string) (*Job, error)
}

// A Tx reads and writes in one transaction. What it reads, its past too, is as
// its own writes have left it; read a stream to its end before the next write.
type Tx interface {
	View
	Past
	// Append makes one step in the life of an object: it gives the change
	// its Seq, Version, ID and Time, keeps the entry with its links, and puts
	// the change in the queue of each target. For a Drop the entry becomes a
	// tombstone that keeps its last body and links, whatever is given here. For
	// a Rekey the entry moves to c.NewID, with the body and links given here or,
	// when body is nil, with those it had; a tombstone stays under c.Key. A
	// Rekey of what is not there, or to what is there, is an error.
	Append(c *lis.Change, body []byte, links []lis.Link, hash []byte, message int64, targets []string) error
	// Message keeps a message and returns its number.
	Message(m *Message) (int64, error)
	// Repeated returns the newest message with a hash that succeeded, not
	// older than since, or nil.
	Repeated(hash []byte, since time.Time) (*Message, error)
	// Exchange returns a bulk exchange, or nil.
	Exchange(transactionID string) (*Exchange, error)
	// PutExchange keeps the state of a bulk exchange.
	PutExchange(x *Exchange) error
	// PutJob keeps a job.
	PutJob(j *Job) error
	// Fed returns what a source said last of an object, or nil.
	Fed(source string, kind lis.Kind, id lis.SourcedID) (*Feed, error)
	// PutFed keeps what a source says of an object; with an empty hash it
	// forgets the object.
	PutFed(source string, kind lis.Kind, id lis.SourcedID, f Feed) error
	// SetPair writes an entry of the crosswalk by hand, with its reason for the
	// history, and releases what was parked for the object.
	SetPair(p Pair, why string) error
}

// A Snapshot is a consistent view for reading, by one goroutine at a time.
// Close it soon: a store cannot tidy up behind the oldest that is open.
type Snapshot interface {
	View
	Past
	// Kinds returns the kinds that have an entry with an id.
	Kinds(id lis.SourcedID) ([]lis.Kind, error)
	// Messages streams the messages about an object, oldest first, without
	// bodies; those that were refused too.
	Messages(id lis.SourcedID) iter.Seq2[*Message, error]
	// ReadMessage returns a message with its body, or nil.
	ReadMessage(seq int64) (*Message, error)
	// Dead streams the dead letters of a target, or of all when it is "".
	Dead(target string) iter.Seq2[*Settled, error]
	// Balance counts the deliveries per target and kind.
	Balance() ([]Balance, error)
	// Exchanges streams the bulk exchanges in a state, or all when it is "".
	Exchanges(state string) iter.Seq2[*Exchange, error]
	// Queue streams the deliveries of a target, or of all when it is "", that
	// are in a state: Waiting, Parked or Held, oldest first.
	Queue(target string, state State) iter.Seq2[*Settled, error]
	// Newest streams what targets were told of objects of a kind and how it
	// ended, newest change of each object only, by id: Applied, Dead, Dropped,
	// or where it stands in the queue. It begins after an id, "" for the first.
	Newest(target string, kind lis.Kind, after lis.SourcedID) iter.Seq2[*Settled, error]
	// Mapped returns what was sent to a target for a change, where it differed
	// from the record, or nil.
	Mapped(target string, seq int64) ([]byte, error)
	// Standing counts what is in the queue of a target.
	Standing(target string) (Standing, error)
	// Stopped counts by kind what is in the queue of a target and does not go by
	// itself: Parked and Held, and nothing else of the Standing.
	Stopped(target string) (map[lis.Kind]Standing, error)
	// Pairs streams the crosswalk of a target for a kind, by id.
	Pairs(target string, kind lis.Kind) iter.Seq2[*Pair, error]
	// Jobs streams the jobs of a kind, oldest first.
	Jobs(kind string) iter.Seq2[*Job, error]
	// Unfed streams the ids of the objects that a source said something of
	// before a run and not in it.
	Unfed(source string, kind lis.Kind, run int64) iter.Seq2[lis.SourcedID, error]
	// FedCount counts the objects of a kind that a source said something of.
	FedCount(source string, kind lis.Kind) (int64, error)
	Close() error
}
