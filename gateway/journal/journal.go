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
	"strconv"
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
	// person let through.
	Coalesce(ctx context.Context, leased []Delivery, at time.Time) ([]Delivery, error)
	// Requeue makes dead deliveries wait again, due now, and counts them.
	Requeue(ctx context.Context, target string, seqs []int64) (int, error)
	// Resend puts the newest change of objects in the queue of a target once
	// more (a Drop for what is deleted), due now, and counts those for which it
	// did: an object of which a change waits there already is left as it is,
	// and one that was never there too. See Delivery.Again.
	Resend(ctx context.Context, target string, objects []lis.Ref) (int, error)
	// Decide ends the hold of deliveries: they wait again, due now, with
	// Approved set, or are settled as Dropped; by is who decided. A match that
	// is approved enters the crosswalk. It counts those that were held.
	Decide(ctx context.Context, target string, seqs []int64, approve bool, by string, at time.Time) (int, error)

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

// A Filter chooses entries. The zero Filter chooses all that are not deleted.
type Filter struct {
	Links   []lis.Link    // the entry has all of these
	After   lis.SourcedID // with an id greater than this one: the next page of a list
	Since   int64         // with a change after this sequence; 0 for any
	Deleted bool          // tombstones too
	IDsOnly bool          // leave Body and Links empty, which is cheaper
}

// A Tx reads and writes in one transaction.
type Tx interface {
	View
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
	// Job returns a job, or nil.
	Job(id string) (*Job, error)
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
	// History streams the changes of an object, oldest first.
	History(kind lis.Kind, id lis.SourcedID) iter.Seq2[*Step, error]
	// Kinds returns the kinds that have an entry with an id.
	Kinds(id lis.SourcedID) ([]lis.Kind, error)
	// Messages streams the messages about an object, oldest first, without
	// bodies; those that were refused too.
	Messages(id lis.SourcedID) iter.Seq2[*Message, error]
	// ReadMessage returns a message with its body, or nil.
	ReadMessage(seq int64) (*Message, error)
	// Deliveries streams what became of the changes of an object, oldest first.
	Deliveries(kind lis.Kind, id lis.SourcedID) iter.Seq2[*Settled, error]
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
	// Pairs streams the crosswalk of a target for a kind, by id, and
	// PairHistory what became of one object in it, oldest first.
	Pairs(target string, kind lis.Kind) iter.Seq2[*Pair, error]
	PairHistory(target string, kind lis.Kind, id lis.SourcedID) iter.Seq2[*PairStep, error]
	// Jobs streams the jobs of a kind, oldest first.
	Jobs(kind string) iter.Seq2[*Job, error]
	// Unfed streams the ids of the objects that a source said something of
	// before a run and not in it.
	Unfed(source string, kind lis.Kind, run int64) iter.Seq2[lis.SourcedID, error]
	// FedCount counts the objects of a kind that a source said something of.
	FedCount(source string, kind lis.Kind) (int64, error)
	Close() error
}

// An Entry is an object as it is now.
type Entry struct {
	Kind    lis.Kind
	ID      lis.SourcedID
	Seq     int64 // of its newest change
	Version int64 // how many changes it has had
	Deleted bool
	Hash    []byte // of the message that made it so
	Body    []byte // see lis.MarshalRecord; of a tombstone the last content
	Links   []lis.Link
}

// A Message is what a caller sent, and how it was answered.
type Message struct {
	Seq        int64
	Time       time.Time
	Caller     string
	Operation  string
	ID         lis.SourcedID // the object it is about
	MessageID  string        // imsx_messageIdentifier
	Hash       []byte
	Status     lis.Status
	Answer     lis.SourcedID // the id that was allotted by a createByProxy
	Deviations []string
	Body       []byte // as it came
	Kept       []byte // what Store.Keep made of Body; nil lets the transaction do it
}

// A Step is one change in a history.
type Step struct {
	lis.Change
	Body    []byte
	Message int64
}

// A Delivery is a change on its way to one target.
type Delivery struct {
	lis.Change        // Fence is set; Record is nil, see Body
	Target     string //
	Attempts   int    // how often it was tried before
	Body       []byte // content, see lis.UnmarshalRecord
	Behind     int    // how many changes of the same chain wait behind it
	Approved   bool   // a person let it through
	Again      int    // how often it was sent again, by Resend, after it had been settled
	Repeat     bool   // a Drop that is sent again and was Applied before: nothing more goes
	// Unsure says that somebody had it on lease and never told how that ended,
	// or may have had before the store was opened: an attempt may still arrive.
	Unsure bool
}

// IdempotencyKey tells one intention from another: the ID of the change, with
// a number when it is sent again on purpose.
func (d *Delivery) IdempotencyKey() string {
	if d.Again == 0 {
		return d.ID
	}
	return d.ID + "/" + strconv.Itoa(d.Again)
}

// A State says where a delivery is.
type State string

// The states of a delivery.
const (
	Waiting State = "waiting"
	Parked  State = "parked"  // waits for its parent, and is due when that is there
	Held    State = "held"    // waits for a person's decision
	Applied State = "applied" // the target has it
	Dead    State = "dead"    // refused for good; a person must look
	Dropped State = "dropped" // a person decided against it
)

// A Hold says why a delivery is held.
type Hold string

// The reasons to hold.
const (
	HoldRemoval Hold = "removal" // too many removals in one run
	HoldMatch   Hold = "match"   // the target has what looks like the same object
)

// A Settlement is what became of one attempt to deliver. Waiting means: try
// again at Due. Parked means: try again when Parent is applied at the target,
// and at Due in any case; when the parent was applied since Since, it is due
// at once. Held means: until Decide, or until a newer change of the same
// object comes, which supersedes a held removal.
type Settlement struct {
	Target string
	Seq    int64
	Fence  int64
	State  State
	// Act is what the change was at the target; "" for its own. A Put that went
	// as a Drop, as of what leaves the scope of its target, ends the pair.
	Act    lis.Act
	Due    time.Time
	Effect lis.Effect
	Reason string // why it waits or is dead, for people
	Detail string // the target's own words
	At     time.Time
	Parent lis.Ref   // Parked: what it waits for; Kind "" for any kind
	Since  time.Time // Parked: when the attempt began
	Hold   Hold      // Held: why
	Match  string    // Held for a match: the target's id of what looks the same
	// TargetID is the target's own id of the object. With Applied the crosswalk
	// takes it up, with "" too: the object is there. Hash is of what was sent.
	TargetID string
	Hash     []byte
	Mapped   []byte // what was sent, where it differs from the record
	// Untried says that no attempt is to be counted: the change was given back
	// without one (Waiting), or it failed for want of its parent only (Parked).
	Untried bool
	// Away says that the target was not there at all: the attempt counts, and
	// says nothing of the change. Waiting only.
	Away bool
}

// Attempts is how many attempts the settlement tells of.
func (s *Settlement) Attempts() int64 {
	if s.Untried {
		return 0
	}
	return 1
}

// A Settled is a delivery with its outcome, for people.
type Settled struct {
	Target   string
	Kind     lis.Kind
	ID       lis.SourcedID
	Seq      int64
	State    State
	Attempts int
	Effect   lis.Effect
	Reason   string
	Detail   string
	At       time.Time
	Due      time.Time // Waiting and Parked only
	Act      lis.Act
	Parent   lis.Ref // Parked only
	Hold     Hold    // Held only
	Match    string  // Held only
	Source   string  // who asked for the change
	Again    int
}

// A Standing counts what is in the queue of a target. Waiting are all; of
// those Parked wait for a parent, Held for a person, and Failed have been
// tried before and are to be tried again.
type Standing struct {
	Waiting int64     `json:"waiting"`
	Parked  int64     `json:"parked"`
	Held    int64     `json:"held"`
	Failed  int64     `json:"failed"`
	Oldest  time.Time `json:"oldest,omitzero"` // of those neither parked nor held
}

// A Pair is an entry of the crosswalk: what a target calls an object.
type Pair struct {
	Target   string        `json:"target"`
	Kind     lis.Kind      `json:"kind"`
	ID       lis.SourcedID `json:"sourcedId"`
	TargetID string        `json:"targetId,omitempty"` // "" when the target told none
	Seq      int64         `json:"-"`                  // of the change that was applied last
	Hash     []byte        `json:"-"`                  // of what was sent last
	Gone     bool          `json:"gone,omitempty"`     // a Drop was applied, or it was rekeyed
	At       time.Time     `json:"at"`
}

// Shared reports whether objects of a kind may have one id of a target in
// common. Several memberships of a person in a section are one enrolment in
// most systems; of any other kind an id belongs to one object.
func Shared(k lis.Kind) bool { return k == lis.KindMembership }

// A PairStep is one step in the life of a Pair: the id it then had and why.
type PairStep struct {
	Pair
	Why string `json:"why"` // applied, dropped, rekeyed from X, or who set it and why
}

// Removals counts the removals that wait, and what is there.
type Removals struct{ Waiting, Present int64 }

// A Job is work that outlives a restart: a replay, a pull, a comparison.
type Job struct {
	ID      string
	Kind    string
	State   string
	Seq     int64 // order of arrival, given by the store
	Updated time.Time
	Data    []byte // JSON, whose meaning is the kind's
}

// A Feed is what a source said last of an object: a hash of its content, and
// the run in which it was said.
type Feed struct {
	Hash []byte
	Run  int64
}

// A Balance is the count of deliveries of one kind to one target:
// Sent = Applied + Dead + Waiting. Dead counts what was Dropped too, and
// Waiting what is parked or held. Resend moves from Applied or Dead to Waiting.
type Balance struct {
	Target  string   `json:"target"`
	Kind    lis.Kind `json:"kind"`
	Sent    int64    `json:"sent"`
	Applied int64    `json:"applied"`
	Dead    int64    `json:"refused"`
	Waiting int64    `json:"waiting"`
}

// An Exchange is a bulk data exchange (BDEMS) and how far it is.
type Exchange struct {
	TransactionID string
	State         string // announced, reading, done, failed, requested, cancelled, ignored, reported
	Caller        string
	Seq           int64 // order of arrival, given by the store
	Updated       time.Time
	Data          []byte // JSON of what the registrar needs to go on: manifest, offset, counts
}
