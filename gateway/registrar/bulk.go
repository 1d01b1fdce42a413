package registrar

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// BulkOptions say how bulk data is fetched and read. Without Open and Read no
// announcement is taken.
type BulkOptions struct {
	Open    func(ctx context.Context, url string) (io.ReadCloser, error) // see OpenURL
	Allowed func(url string) error                                       // may it be opened at all; nil for yes
	Read    func(io.Reader) iter.Seq2[*BulkItem, error]                  // decodes a file

	BatchSize  int           // items in one transaction, 200 unless told
	MaxBytes   int64         // of one file, 2 GiB unless told
	TempDir    string        // where files are kept while they are read
	Poll       time.Duration // how often to look for work that nobody told of, a second unless told
	RetryAfter time.Duration // after a file could not be fetched, doubled each time; 30 seconds unless told
	MaxTries   int           // before a fetch is given up, 8 unless told
	Progress   func(transactionID string, t Tally)

	// Take is asked first for each file of an exchange. When it says taken, the
	// whole file was carried out there, its report counts the items, and the
	// file is done; else the file is read again and applied item by item. After
	// a crash it is asked again with the same items from the first. An error is
	// the file's own, and final, when it is a refusal or one that the items
	// yielded, and else trouble with the journal. Nil: nothing is taken.
	Take func(ctx context.Context, caller, transactionID string, items iter.Seq2[*BulkItem, error]) (report *lis.BulkReport, taken bool, err error)
}

func (o *BulkOptions) setDefaults() {
	o.BatchSize = or(o.BatchSize, 200)
	o.MaxBytes = or(o.MaxBytes, 2<<30)
	o.Poll = or(o.Poll, time.Second)
	o.RetryAfter = or(o.RetryAfter, 30*time.Second)
	o.MaxTries = or(o.MaxTries, 8)
	if o.Progress == nil {
		o.Progress = func(string, Tally) {}
	}
}

func or[T int | int64 | time.Duration](given, standard T) T {
	if given > 0 {
		return given
	}
	return standard
}

// A BulkItem is one transaction of a bulk file.
type BulkItem struct {
	Op         string // transactionOpIdentifier
	Call       *lis.Call
	Err        error // this item could not be decoded; Call may be nil
	Deviations []string
}

// keptFailures is how many failures are told one by one.
const keptFailures = 100

// A Tally counts what became of the items of a bulk file.
type Tally struct {
	Read     int64            `json:"read"`
	Applied  int64            `json:"applied"`
	Failed   int64            `json:"failed"`
	Failures []lis.BulkFailed `json:"failures,omitempty"` // the first of them
}

func (t *Tally) count(item *BulkItem, st lis.Status) {
	t.Read++
	if st.OK() {
		t.Applied++
		return
	}
	t.Failed++
	if len(t.Failures) < keptFailures {
		t.Failures = append(t.Failures[:len(t.Failures):len(t.Failures)], lis.BulkFailed{
			TransactionOpIdentifier: item.Op, FailStatus: string(st.CodeMinor), Description: lis.NewText("en", st.Description),
		})
	}
}

// add counts what a report tells.
func (t *Tally) add(report *lis.BulkReport) {
	if report == nil {
		return
	}
	for count, n := range map[*int64]*int64{&t.Read: report.Read, &t.Applied: report.Applied, &t.Failed: report.Failed} {
		if n != nil {
			*count += *n
		}
	}
	room := min(max(keptFailures-len(t.Failures), 0), len(report.Failure))
	t.Failures = append(t.Failures[:len(t.Failures):len(t.Failures)], report.Failure[:room]...)
}

func (t *Tally) report() *lis.BulkReport {
	return &lis.BulkReport{Read: &t.Read, Applied: &t.Applied, Failed: &t.Failed, Failure: t.Failures}
}

// A bulkStep is an item made ready for the transaction.
type bulkStep struct {
	item   *BulkItem
	q      *Request
	op     lis.Operation
	decide planner
}

// ready does what can be done for an item outside the transaction.
func (r *Registrar) ready(caller, transactionID string, item *BulkItem) bulkStep {
	q := item.Request(caller, transactionID)
	if item.Err != nil {
		return bulkStep{item: item, q: q, op: operationOf(q.Call), decide: refusing(undecoded(item.Err))}
	}
	s := r.amongOthers(q)
	s.item = item
	return s
}

// Request returns the request that an item would be if it came alone, without
// a Body. Its Hash is the same when the file is read again, so that nothing is
// done twice; an item that could not be decoded has none.
func (i *BulkItem) Request(caller, transactionID string) *Request {
	q := &Request{Call: i.Call, Caller: caller, MessageID: transactionID + "/" + i.Op, Deviations: i.Deviations}
	if q.Call == nil {
		q.Call = new(lis.Call)
	}
	if i.Err == nil && transactionID != "" {
		q.Hash = itemHash(caller, i)
	}
	return q
}

// amongOthers makes a request ready that is carried out in one transaction
// with others.
func (r *Registrar) amongOthers(q *Request) bulkStep {
	s := bulkStep{q: q, op: operationOf(q.Call)}
	if writes[s.op.Verb] == nil || s.op.Service == lis.BDEMS {
		s.decide = refusing(refuse(lis.NotOffered, "operation "+quote(q.Call.Operation)+
			" cannot stand in a bulk file; see supportedServices for those that can"))
		return s
	}
	s.decide = r.prepare(q, s.op)
	return s
}

// operationOf returns the operation of a call; it has no verb when there is none.
func operationOf(c *lis.Call) lis.Operation {
	op, _ := lis.OperationNamed(c.Operation)
	return op
}

func refusing(err error) planner { return func(journal.Tx) (*plan, error) { return nil, err } }

func undecoded(err error) error {
	if isRefusal(err) {
		return err
	}
	return refuse(lis.Invalid, err.Error())
}

// itemHash stands for the message that an item would be if it came alone.
func itemHash(caller string, item *BulkItem) []byte {
	data, err := json.Marshal(item.Call)
	if err != nil {
		return nil
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q %q ", caller, item.Op)
	h.Write(data)
	return h.Sum(nil)
}

// applyAll carries out items in one transaction, each with its own message
// and outcome.
func (r *Registrar) applyAll(tx journal.Tx, steps []bulkStep, t *Tally) ([]string, error) {
	var woken []string
	for _, s := range steps {
		a, targets, err := r.carryOut(tx, s.q, s.op, s.decide)
		if err != nil {
			return nil, err
		}
		t.count(s.item, a.Status)
		woken = union(woken, targets)
	}
	return woken, nil
}

// Import applies the items of a bulk file that came in the body of a request:
// a batch in each transaction, so that it takes a file of any length. What
// was applied before an error stays; the report counts it.
func (r *Registrar) Import(ctx context.Context, caller, transactionID string, items iter.Seq2[*BulkItem, error]) (*lis.BulkReport, error) {
	var total Tally
	err := r.batches(caller, transactionID, items, func(steps []bulkStep, _ bool) error {
		if len(steps) == 0 {
			return nil
		}
		var t Tally
		var woken []string
		err := r.Store.Write(ctx, func(tx journal.Tx) (err error) {
			t = total
			woken, err = r.applyAll(tx, steps, &t)
			return err
		})
		if err != nil {
			return fmt.Errorf("apply items %d to %d: %w", total.Read+1, total.Read+int64(len(steps)), err)
		}
		total = t
		r.wake(woken)
		r.Bulk.Progress(transactionID, total)
		return nil
	})
	return total.report(), err
}

// batches cuts a stream of items; last is true once, at the end.
func (r *Registrar) batches(caller, transactionID string, items iter.Seq2[*BulkItem, error], do func(steps []bulkStep, last bool) error) error {
	steps := make([]bulkStep, 0, r.Bulk.BatchSize)
	for item, err := range items {
		if err != nil {
			return fmt.Errorf("read bulk data: %w", err)
		}
		if steps = append(steps, r.ready(caller, transactionID, item)); len(steps) == r.Bulk.BatchSize {
			if err := do(steps, false); err != nil {
				return err
			}
			steps = steps[:0]
		}
	}
	return do(steps, true)
}
