package intake

import (
	"time"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// Counts say what became of the words of a source about one kind.
type Counts struct {
	Read      int64 `json:"read"`      // items, bad rows included
	Changed   int64 `json:"changed"`   // put or given another identifier
	Unchanged int64 `json:"unchanged"` // known already, or older than what is known
	Removed   int64 `json:"removed"`   // dropped by the source, or absent from its list
	Refused   int64 `json:"refused"`   // rows that cannot be used, and what the registrar refused
	Held      int64 `json:"held"`      // absences that wait for a person
}

// useless reports whether something was said, and all of it was refused.
func (c Counts) useless() bool { return c.Read > 0 && c.Refused >= c.Read }

// A Report says what a pull did.
type Report struct {
	Feed     string               `json:"feed"`
	Run      int64                `json:"run"`
	Began    time.Time            `json:"began"`
	Ended    time.Time            `json:"ended"`
	Counts   map[lis.Kind]*Counts `json:"counts"`
	Holds    []string             `json:"holds,omitempty"`    // jobs to Decide
	Rejected []adapters.Rejection `json:"rejected,omitempty"` // the first of them
	// More says that there may be more to hear at once: the cursor moved, and
	// what was said was no list. Some sources say a little at each pull, because
	// to ask for more is to tell them that they may forget what they said.
	More bool `json:"more,omitempty"`
}

// shown is how many rejections a report tells one by one.
const shown = 20

func (r *Report) of(k lis.Kind) *Counts {
	if r.Counts[k] == nil {
		r.Counts[k] = new(Counts)
	}
	return r.Counts[k]
}

func (r *Report) reject(j adapters.Rejection) {
	if len(r.Rejected) < shown {
		r.Rejected = append(r.Rejected, j)
	}
}

// Total adds the counts of all kinds up.
func (r *Report) Total() Counts {
	var t Counts
	for _, c := range r.Counts {
		t.Read += c.Read
		t.Changed += c.Changed
		t.Unchanged += c.Unchanged
		t.Removed += c.Removed
		t.Refused += c.Refused
		t.Held += c.Held
	}
	return t
}
