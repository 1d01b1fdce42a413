package cps

import (
	"context"
	"errors"
	"iter"
	"strconv"

	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// A BulkNext applies the items of a bulk file as if there were no desk.
type BulkNext func(ctx context.Context, caller, transactionID string, items iter.Seq2[*registrar.BulkItem, error]) (*lis.BulkReport, error)

// ImportBulk takes a bulk file. That of a planner is one packet: its sections are
// checked together, and each ends by itself unless the packet says otherwise
// (plan.packetMode of its first section).
func (d *Desk) ImportBulk(ctx context.Context, caller, transactionID string, items iter.Seq2[*registrar.BulkItem, error], next BulkNext) (*lis.BulkReport, error) {
	p, as := d.party(caller)
	switch as {
	case planner:
		f := &file{desk: d, packet: &packet{plan: p, id: transactionID}, caller: caller, next: next}
		return f.take(ctx, items)
	case sis:
		s := &sisFile{desk: d, plan: p, caller: caller, opened: map[*plan][]lis.SourcedID{}}
		report, err := next(ctx, caller, transactionID, s.heed(ctx, items))
		for in, sections := range s.opened {
			err = errors.Join(err, d.open(ctx, in, sections))
		}
		return report, err
	}
	return next(ctx, caller, transactionID, items)
}

// A file is a bulk file of a planner in the reading.
type file struct {
	desk   *Desk
	packet *packet
	caller string
	next   BulkNext
	rest   []*registrar.BulkItem // what is no section, in order
	report tally
}

// A tally counts what became of items.
type tally struct {
	read, applied, failed int64
	failures              []lis.BulkFailed
}

// mostFailures is how many failures are told one by one.
const mostFailures = 1000

func (t *tally) count(op string, st lis.Status) {
	t.read++
	if st.OK() {
		t.applied++
		return
	}
	t.failed++
	if len(t.failures) < mostFailures {
		t.failures = append(t.failures, lis.BulkFailed{TransactionOpIdentifier: op, FailStatus: string(st.CodeMinor), Description: lis.NewText("en", st.Description)})
	}
}

func (t *tally) add(r *lis.BulkReport) {
	if r == nil {
		return
	}
	for to, n := range map[*int64]*int64{&t.read: r.Read, &t.applied: r.Applied, &t.failed: r.Failed} {
		if n != nil {
			*to += *n
		}
	}
	t.failures = append(t.failures, r.Failure...)
}

func (t *tally) told() *lis.BulkReport {
	return &lis.BulkReport{Read: &t.read, Applied: &t.applied, Failed: &t.failed, Failure: t.failures}
}

// take reads the file. Sections are gathered to the last one, for any of them
// may give its place to another; what follows them is carried out when they
// are.
func (f *file) take(ctx context.Context, items iter.Seq2[*registrar.BulkItem, error]) (*lis.BulkReport, error) {
	for b, err := range items {
		if err == nil {
			err = f.gather(ctx, b)
		}
		if err != nil {
			return f.report.told(), err
		}
	}
	err := f.flush(ctx)
	return f.report.told(), err
}

// gather adds an item. A packet that is neither whole nor an audit goes on
// when sections follow on what is none, so that a file of any length is taken.
func (f *file) gather(ctx context.Context, b *registrar.BulkItem) error {
	op, known := lis.OperationNamed(operationOf(b))
	switch {
	case b.Err != nil || !known || !taken(op):
		f.report.count(b.Op, f.refuse(b, known))
		return nil
	case op.Kind != lis.KindCourseSection || !proposing[op.Verb]:
		if !f.held() && len(f.packet.items) > 0 {
			if err := f.sections(ctx); err != nil {
				return err
			}
		}
		f.rest = append(f.rest, b)
		if f.held() {
			return f.room(b)
		}
		return f.others(ctx, batch)
	}
	if !f.held() {
		if err := f.others(ctx, 0); err != nil {
			return err
		}
	}
	return f.section(b, op)
}

// batch is how many items that are no sections are carried out at a time.
const batch = 200

func operationOf(b *registrar.BulkItem) string {
	if b.Call == nil {
		return ""
	}
	return b.Call.Operation
}

func (f *file) refuse(b *registrar.BulkItem, known bool) lis.Status {
	switch {
	case b.Err != nil:
		return lis.StatusOf(lis.Invalid, lis.CMS, b.Err.Error())
	case !known:
		return lis.StatusOf(lis.NotOffered, lis.CMS, "operation "+strconv.Quote(operationOf(b))+" is none of LIS")
	}
	return lis.StatusOf(lis.NotOffered, lis.CMS, "a planner sends sections, associations and memberships; "+operationOf(b)+" is the SIS's to send")
}

// held reports whether nothing is carried out before all is read.
func (f *file) held() bool { return f.packet.whole() || f.packet.audit() }

func (f *file) section(b *registrar.BulkItem, op lis.Operation) error {
	i := &item{op: b.Op, q: f.request(b), meaning: op}
	if f.packet.mode == "" {
		f.packet.mode = lis.PacketItems
		if c, ok := sectionOf(b.Call); ok {
			asked, _ := c.Plan() // read again, and told of, with the item
			f.packet.mode = modeOf(asked)
			f.packet.id = or(asked.Packet, f.packet.id)
		}
	}
	f.packet.items = append(f.packet.items, i)
	return f.room(b)
}

// room refuses a packet that is too large to be looked at as one.
func (f *file) room(b *registrar.BulkItem) error {
	if n := len(f.packet.items) + len(f.rest); n > f.packet.plan.PacketItems {
		return &lis.Refusal{Situation: lis.TooLarge, Text: "the packet has more than " + strconv.Itoa(f.packet.plan.PacketItems) +
			" items (plans.packet_items), from " + b.Op + " on; send it in parts, or item by item with the sections first"}
	}
	return nil
}

func (f *file) request(b *registrar.BulkItem) *registrar.Request {
	return &registrar.Request{Call: b.Call, Caller: f.caller, MessageID: f.packet.id + "/" + b.Op, Deviations: b.Deviations}
}

// sections takes the sections that were gathered.
func (f *file) sections(ctx context.Context) error {
	k := f.packet
	if k.whole() {
		for _, b := range f.rest {
			k.rest = append(k.rest, f.request(b))
		}
	}
	if err := f.desk.take(ctx, k); err != nil {
		return err
	}
	for _, i := range k.items {
		f.report.count(i.op, i.status)
	}
	k.items, k.rest = nil, nil // what comes next is looked at by itself
	return nil
}

// others carries out what is no section, when there is more than some.
func (f *file) others(ctx context.Context, some int) error {
	if len(f.rest) <= some {
		return nil
	}
	all := f.rest
	f.rest = nil
	report, err := f.next(ctx, f.caller, f.packet.id, func(yield func(*registrar.BulkItem, error) bool) {
		for _, b := range all {
			if !yield(b, nil) {
				return
			}
		}
	})
	f.report.add(report)
	return err
}

// flush ends the file.
func (f *file) flush(ctx context.Context) error {
	if !f.held() {
		if len(f.packet.items) > 0 {
			if err := f.sections(ctx); err != nil {
				return err
			}
		}
		return f.others(ctx, 0)
	}
	if f.report.failed > 0 {
		f.packet.broken = "an item of it cannot be read"
	}
	if err := f.sections(ctx); err != nil {
		return err
	}
	for _, b := range f.rest {
		st := lis.StatusOf(lis.Done, lis.CMS, "")
		if f.packet.whole() && f.packet.broken != "" {
			st = lis.StatusOf(lis.Invalid, lis.CMS, f.packet.notCarriedOut())
		}
		f.report.count(b.Op, st)
	}
	return nil
}

// A sisFile is a bulk file of a SIS: its sections are put together with their
// plans, as over SOAP.
type sisFile struct {
	desk   *Desk
	plan   *plan
	caller string
	opened map[*plan][]lis.SourcedID
}

func (s *sisFile) heed(ctx context.Context, items iter.Seq2[*registrar.BulkItem, error]) iter.Seq2[*registrar.BulkItem, error] {
	return func(yield func(*registrar.BulkItem, error) bool) {
		for b, err := range items {
			if err == nil {
				b, err = s.item(ctx, b)
			}
			if b == nil && err == nil {
				continue // an answer, which is heard
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

func (s *sisFile) item(ctx context.Context, b *registrar.BulkItem) (*registrar.BulkItem, error) {
	op, known := lis.OperationNamed(operationOf(b))
	if b.Err != nil || !known || op.Kind != lis.KindCourseSection || !proposing[op.Verb] {
		return b, nil
	}
	h, err := s.desk.listen(ctx, s.plan, &registrar.Request{Call: b.Call, Caller: s.caller})
	if err != nil {
		return nil, err
	}
	if h.status.CodeMajor == lis.Success {
		return nil, nil
	}
	copied := *b
	if copied.Call = h.call; h.status.CodeMajor != "" {
		copied.Err = &lis.Refusal{Situation: lis.Busy, Text: h.status.Description}
	}
	if h.opens {
		s.opened[h.plan] = append(s.opened[h.plan], h.id)
	}
	return &copied, nil
}
