package journal

import (
	"strconv"
	"time"

	"lisgate/gateway/lis"
)

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

// Proxied reports whether a change made its object by createByProxy…: a target
// may then allot an identifier of its own, and knows the object by that only.
func Proxied(c *lis.Change) bool {
	if !c.Created {
		return false
	}
	op, _ := lis.OperationNamed(c.Operation)
	return op.Verb == lis.CreateByProxy && op.Kind == c.Kind
}
