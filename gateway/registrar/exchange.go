package registrar

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// The states of a bulk data exchange.
const (
	announced = "announced"
	reading   = "reading"
	done      = "done"
	failed    = "failed"
	requested = "requested"
	cancelled = "cancelled"
	ignored   = "ignored"
	reported  = "reported"
)

// Progress is what an exchange needs to be gone on with, and what people want
// to know of it. It is kept as the data of a journal.Exchange.
type Progress struct {
	Inbound  bool              `json:"inbound"`        // the records come to us
	Hash     []byte            `json:"hash,omitempty"` // of the newest message about it
	Manifest *lis.BulkManifest `json:"manifest,omitempty"`
	Filter   *lis.BulkFilter   `json:"filter,omitempty"`
	Failure  *lis.BulkFailure  `json:"failure,omitempty"` // the peer says that it failed
	Report   *lis.BulkReport   `json:"report,omitempty"`  // the peer says what came of it
	Reason   string            `json:"reason,omitempty"`  // why it failed here

	File   int       `json:"file"`   // the file of the manifest that is read
	Offset int64     `json:"offset"` // how many of its items are done
	Sum    string    `json:"sum,omitempty"`
	Tries  int       `json:"tries,omitempty"`
	Due    time.Time `json:"due,omitzero"`
	Tally
}

// ReadProgress reads how far an exchange is.
func ReadProgress(x *journal.Exchange) (*Progress, error) {
	p := new(Progress)
	if err := json.Unmarshal(x.Data, p); err != nil {
		return nil, fmt.Errorf("read exchange %s: %w", x.TransactionID, err)
	}
	return p, nil
}

// What we do ourselves to an exchange, besides the verbs of the standard.
const (
	requestSent  lis.Verb = "requestSent"
	announceSent lis.Verb = "announceSent"
	reportSent   lis.Verb = "reportSent"
)

// moves is the state machine (LIS facts, bdems.yaml): what leads from which
// state to which. "in" are exchanges whose records come to us, "out" those
// whose records go from us, "new" is one not known yet.
var moves = map[lis.Verb]map[string]string{
	lis.BulkAnnounce:        {"new": announced, "in requested": announced},
	lis.BulkAnnounceFailure: {"new": failed, "in requested": failed, "in announced": failed},
	lis.BulkCancel: {"in requested": cancelled, "in announced": cancelled, "in reading": cancelled,
		"out requested": cancelled, "out announced": cancelled},
	lis.BulkIgnore:     {"in requested": ignored, "in announced": ignored, "out announced": ignored},
	lis.BulkReportBack: {"out announced": reported},
	lis.BulkRequest:    {"new": requested},

	requestSent:  {"new": requested},
	announceSent: {"new": announced, "out requested": announced},
	reportSent:   {"in done": reported, "in failed": reported},
}

func place(x *journal.Exchange, p *Progress) string {
	switch {
	case x == nil:
		return "new"
	case p.Inbound:
		return "in " + x.State
	}
	return "out " + x.State
}

// loadExchange reads an exchange and how far it is; both are new when it is
// not known.
func loadExchange(tx journal.Tx, id string) (*journal.Exchange, *Progress, error) {
	x, err := tx.Exchange(id)
	if err != nil || x == nil {
		return nil, new(Progress), err
	}
	p, err := ReadProgress(x)
	return x, p, err
}

// move plans the step of an exchange that a verb asks for; set says what else
// becomes of it.
func (r *Registrar) move(tx journal.Tx, q *Request, verb lis.Verb, set func(*Progress)) (*plan, error) {
	id := q.Call.TransactionID
	x, p, err := loadExchange(tx, id)
	if err != nil {
		return nil, err
	}
	if x != nil && x.Caller != q.Caller {
		return nil, refuse(lis.NotAllowed, "transactionId "+quote(id)+" belongs to an exchange with another system; choose another")
	}
	if x != nil && len(q.Hash) > 0 && bytes.Equal(p.Hash, q.Hash) {
		return &plan{description: "taken from the same message before; the exchange is " + x.State}, nil
	}
	next, ok := moves[verb][place(x, p)]
	switch {
	case !ok && x == nil:
		return nil, refuse(lis.NotThere, "no exchange with transactionId "+quote(id)+"; check the transactionId")
	case !ok:
		return nil, refuse(lis.Invalid, "the exchange "+quote(id)+" is "+place(x, p)+"; "+q.Call.Operation+
			" is possible when it is "+possible(verb))
	case x == nil:
		x = &journal.Exchange{TransactionID: id, Caller: q.Caller}
	}
	set(p)
	p.Hash = q.Hash
	copied := *x
	return &plan{description: "the exchange is " + next, exchange: &copied}, r.put(&copied, p, next)
}

func possible(verb lis.Verb) string {
	var states []string
	for s := range moves[verb] {
		states = append(states, s)
	}
	slices.Sort(states)
	return strings.Join(states, " or ")
}

// put writes the progress into the exchange.
func (r *Registrar) put(x *journal.Exchange, p *Progress, state string) (err error) {
	x.State, x.Updated = state, r.Now()
	x.Data, err = json.Marshal(p)
	return err
}

// RequestSent notes that we asked a system for an extract.
func (r *Registrar) RequestSent(ctx context.Context, peer, transactionID string, filter *lis.BulkFilter) error {
	return r.note(ctx, peer, transactionID, requestSent, func(p *Progress) { p.Inbound, p.Filter = true, filter })
}

// AnnounceSent notes that we told a system of an extract that it may fetch.
func (r *Registrar) AnnounceSent(ctx context.Context, peer, transactionID string, m *lis.BulkManifest) error {
	return r.note(ctx, peer, transactionID, announceSent, func(p *Progress) { p.Manifest = m })
}

// ReportSent notes that we told a system what came of its extract.
func (r *Registrar) ReportSent(ctx context.Context, peer, transactionID string) error {
	return r.note(ctx, peer, transactionID, reportSent, func(*Progress) {})
}

func (r *Registrar) note(ctx context.Context, peer, id string, verb lis.Verb, set func(*Progress)) error {
	q := &Request{Call: &lis.Call{Operation: string(verb), TransactionID: id}, Caller: peer}
	return r.Store.Write(ctx, func(tx journal.Tx) error {
		p, err := r.move(tx, q, verb, set)
		if err != nil {
			return fmt.Errorf("note %s of exchange %s: %w", verb, id, err)
		}
		return tx.PutExchange(p.exchange)
	})
}
