package journal

import (
	"time"

	"lisgate/gateway/lis"
)

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
