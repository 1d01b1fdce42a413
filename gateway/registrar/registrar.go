// Package registrar says what the 156 operations of LIS 2.0 mean. Every door
// speaks to it, and nothing else writes records.
//
// One mechanism serves the ten kinds of object: a table from verb to function,
// and tables of which kind refers to which. A write is planned and carried
// out in one transaction of the journal, together with the message that asked
// for it and its status; a read streams from one snapshot.
//
// Facts (LIS facts, section 6): create takes the consumer's id and refuses one
// in use; createByProxy allots an id; replace overwrites and creates what is
// absent; update adds to what is there; the delete of a person takes its
// memberships with it, the delete of a line item its results.
//
// # Order
//
// A delete may overtake its create, and any message an older one. The delete of
// what was never there leaves a tombstone; and where Options.Sequence tells the
// order of a caller, an older record never overwrites a newer one, nor revives
// what was deleted after it (sequence.go).
//
// # Query objects
//
// QueryObject is opaque text in the standard. discover understands
//
//	jane@example.edu                          an e-mail address (persons)
//	{"name": value, …}                        a JSON object
//	name=value & name=value                   pairs, separated by & or ;
//	anything else                             a name, label, title, number or user id
//
// All conditions must hold. The names are those of the links of the kind (see
// lis/links.go), with or without SourcedId at their end and in any spelling of
// case, - and _; besides them sourcedId (a * at the end matches all that start
// so) and date_from (changed after that xs:dateTime). Values are compared byte
// for byte, e-mail addresses without case.
package registrar

import (
	"context"
	"time"

	"github.com/google/uuid"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Options say what a registrar works with. Only Store is needed.
type Options struct {
	Store        journal.Store
	Wake         func(targets []string) // called after a commit that queued something
	Now          func() time.Time
	NewID        func() string // sourcedIds for createByProxy; a version 7 UUID unless told
	RepeatWindow time.Duration // how long a repeated createByProxy is known; 24 hours unless told
	Bulk         BulkOptions

	// Targets says which targets a change goes to; nil for none. It is asked
	// inside the transaction and sees the records as they are just before the
	// change. An error of it ends the transaction.
	Targets func(journal.View, *lis.Change) ([]string, error)
	// Sequence returns where a caller's record stands in the caller's own
	// order, if it tells; see SequenceAt. With it an older record never
	// overwrites a newer one, in whatever order they come. Nil: as they come.
	Sequence func(caller string, r *lis.Record) (stamp string, ok bool)
}

// A Registrar carries out operations. It is safe for use by many goroutines.
type Registrar struct {
	Options
	bulk chan struct{} // a bulk exchange may be waiting
}

// A Request is an operation that a caller asks for, decoded by a door.
type Request struct {
	Call       *lis.Call
	Caller     string
	MessageID  string   // imsx_messageIdentifier
	Hash       []byte   // of caller, operation and body element; nil when repeats cannot be told
	Body       []byte   // as it came
	Deviations []string // from the standard, that the door met

	// Allotted is the id that a createByProxy gives; "" leaves it to NewID.
	Allotted lis.SourcedID

	kept []byte // of Body, see journal.Message
}

// New returns a registrar.
func New(o Options) *Registrar {
	if o.Targets == nil {
		o.Targets = func(journal.View, *lis.Change) ([]string, error) { return nil, nil }
	}
	if o.Wake == nil {
		o.Wake = func([]string) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	if o.RepeatWindow == 0 {
		o.RepeatWindow = 24 * time.Hour
	}
	o.Bulk.setDefaults()
	return &Registrar{Options: o, bulk: make(chan struct{}, 1)}
}

// Do carries out an operation. It always answers: a refusal is a status, and
// so is a journal that cannot write, which the sender may try again.
func (r *Registrar) Do(ctx context.Context, q *Request) *lis.Answer {
	op, known := lis.OperationNamed(q.Call.Operation)
	if !known {
		return r.Refuse(ctx, q, lis.StatusOf(lis.NotOffered, "", "operation "+quote(q.Call.Operation)+
			" is none of LIS 2.0; see the WSDL for those that are offered"))
	}
	if read := reads[op.Verb]; read != nil {
		return r.read(ctx, q, op, read)
	}
	return r.write(ctx, q, op)
}

// Refuse keeps a message that a door could not even decode, and answers it
// with st. Of q.Call only the operation need be set.
func (r *Registrar) Refuse(ctx context.Context, q *Request, st lis.Status) *lis.Answer {
	r.RefuseAll(ctx, []*Request{q}, []lis.Status{st})
	return &lis.Answer{Status: st}
}

// RefuseAll keeps messages that change nothing, each with how it was answered.
func (r *Registrar) RefuseAll(ctx context.Context, requests []*Request, answers []lis.Status) {
	// A refusal that cannot be kept is still a refusal: nothing is lost with it.
	_ = r.Store.Write(ctx, func(tx journal.Tx) error {
		for i, q := range requests {
			if _, err := tx.Message(r.message(q, answers[i])); err != nil {
				return err
			}
		}
		return nil
	})
}
