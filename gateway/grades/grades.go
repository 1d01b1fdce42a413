// Package grades carries results from where they are given to where they are
// kept: an LMS is asked for the outcomes of its sections, or pushes them; each
// is checked against the records, becomes a LIS result (OMS) and goes to the
// SIS by the way that every change goes.
//
// A result is taken when the section is known and not deleted, the person has
// an active membership there in a role that is graded, the line item is one of
// the section's, and the value fits its scale. What is not taken is refused
// with its reason and is in the receipt; nothing is dropped.
//
// What the records have already and the SIS has taken, or is about to be told,
// is not sent again. What the SIS refused is, when the same comes once more:
// whoever sends it has put right what was wrong, here or there. A result that
// changes after the SIS took the one before is a new submission, with the
// reason for it in the extension field changeReason [ours].
package grades

import (
	"context"
	"time"

	"go.uber.org/zap"

	"lisgate/adapters"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// The types of a line item (OMS 1.0, LineItemType.Type).
const (
	Final   = "Final"
	Interim = "Interim"
)

// A Feed is a system that is asked for results.
type Feed struct {
	Name   string
	Grades adapters.Grades
	Source string        // the caller under whose name results are kept, so that routes do not send them back
	Every  time.Duration // 0: on demand only
	At     []string      // times of the day, such as "18:30"
	// Term and Organisation choose the sections; empty for all.
	Term, Organisation []string
	LineItem           string // type of the line item that the results are for; Final unless told
	// CreateLineItems has a section without such a line item get one.
	CreateLineItems bool
}

// A Registrar carries out LIS operations. One that is a registrar.Registrar is
// asked too where results go, and wakes whom they go to once more.
type Registrar interface {
	Do(ctx context.Context, q *registrar.Request) *lis.Answer
}

// A Desk takes in results.
type Desk struct {
	store     journal.Store
	registrar Registrar
	log       *zap.Logger
	now       func() time.Time
	feeds     []Feed
}

// New makes a desk.
func New(store journal.Store, r Registrar, log *zap.Logger, now func() time.Time, feeds []Feed) *Desk {
	for i := range feeds {
		if feeds[i].LineItem == "" {
			feeds[i].LineItem = Final
		}
	}
	return &Desk{store: store, registrar: r, log: log, now: now, feeds: feeds}
}

// A Grade is one person's outcome as a system tells it.
type Grade struct {
	Section  lis.SourcedID
	Person   lis.SourcedID
	LineItem lis.SourcedID // "" for the section's own of that type
	Type     string        // of the line item: Final or Interim
	Label    string        // of the line item, where a section has several of a type
	Result   *lis.Result   // value, date, status; the references are filled in
	Reason   string        // why it changes after it was posted
}

// The states of a row of a receipt.
const (
	Sent      = "sent"      // kept, and on its way
	Kept      = "kept"      // kept, and no route leads it anywhere
	Unchanged = "unchanged" // the records had it already
	RefusedBy = "refused"   // not taken, see Reason
)

// A Row is what became of one grade.
type Row struct {
	Section  lis.SourcedID `json:"courseSectionSourcedId"`
	Person   lis.SourcedID `json:"personSourcedId"`
	LineItem lis.SourcedID `json:"lineItemSourcedId,omitempty"`
	Type     string        `json:"lineItemType,omitempty"`
	Result   lis.SourcedID `json:"resultSourcedId,omitempty"`
	Score    string        `json:"resultScore,omitempty"`
	State    string        `json:"state"`
	Reason   string        `json:"reason,omitempty"`

	asked asked
}

// A Receipt is what became of a submission.
type Receipt struct {
	ID        string    `json:"id"`
	From      string    `json:"from"`
	Time      time.Time `json:"time"`
	Sections  int       `json:"sections"`
	Sent      int       `json:"sent"`
	Kept      int       `json:"kept,omitempty"`
	Unchanged int       `json:"unchanged"`
	Refused   int       `json:"refused"`
	Trouble   []string  `json:"trouble,omitempty"` // sections that could not be read
	Rows      []Row     `json:"rows,omitempty"`
}

func (r *Receipt) add(row Row) {
	switch row.State {
	case Sent:
		r.Sent++
	case Kept:
		r.Kept++
	case Unchanged:
		r.Unchanged++
	default:
		r.Refused++
	}
	r.Rows = append(r.Rows, row)
}
