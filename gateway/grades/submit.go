package grades

import (
	"context"
	"errors"
	"fmt"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// reasonField is the extension field of a result that says why it changed
// after it was posted [ours].
const reasonField = "changeReason"

// submit takes one grade and says what became of it. An error is trouble with
// the journal, not with the grade.
func (d *Desk) submit(ctx context.Context, caller string, g Grade, mayCreate bool) (Row, error) {
	row := Row{Section: g.Section, Person: g.Person, Score: g.Result.ResultScore.String(), State: RefusedBy}
	p, err := d.prepare(ctx, caller, &g, mayCreate)
	row.Section = g.Section
	if err == nil {
		row.LineItem, row.Result = p.item, p.id
		if p.unchanged {
			row.State = Unchanged
			return row, nil
		}
		err = d.keep(ctx, caller, p)
	}
	var no refusal
	switch {
	case errors.As(err, &no):
		row.Reason = no.Error()
		return row, nil
	case err != nil:
		return row, err
	}
	row.State, row.Reason = Sent, p.reason
	return row, nil
}

// A prepared grade is ready to be kept.
type prepared struct {
	item, id  lis.SourcedID
	result    *lis.Result
	unchanged bool
	reason    string
}

func (d *Desk) prepare(ctx context.Context, caller string, g *Grade, mayCreate bool) (*prepared, error) {
	if g.Type == "" {
		g.Type = Final
	}
	snap, err := d.store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	id, i, err := item(snap, g)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(section(snap, g.Section), enrolled(snap, g.Section, g.Person)); err != nil {
		return nil, first(err)
	}
	if i == nil && !mayCreate {
		return nil, refuse("section %s has no line item of the type %s; create one, or let the gateway do so (create_line_items)", g.Section, g.Type)
	}
	if i == nil {
		if id, i, err = d.create(ctx, caller, g); err != nil {
			return nil, err
		}
	}
	if err := fits(snap, i, g.Result.ResultScore.String()); err != nil {
		return nil, err
	}
	return d.compare(snap, g, id)
}

// first returns the first of joined errors: the second follows from it.
func first(err error) error {
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		return all.Unwrap()[0]
	}
	return err
}

// compare looks at the result that is there already.
func (d *Desk) compare(snap journal.Snapshot, g *Grade, item lis.SourcedID) (*prepared, error) {
	p := &prepared{item: item, id: lis.SourcedID(string(item) + ":" + string(g.Person)), result: complete(g, item)}
	before, err := existing(snap, item, g.Person)
	if err != nil || before == nil {
		return p, err
	}
	p.id = before.ID
	was := before.Object.(*lis.Result)
	if same(was, p.result) {
		p.unchanged = true
		return p, nil
	}
	posted, err := accepted(snap, before.ID)
	if err != nil || !posted {
		return p, err
	}
	if p.reason = g.Reason; p.reason == "" {
		p.reason = fmt.Sprintf("changed after it was posted: was %s, is %s", was.ResultScore, p.result.ResultScore)
	}
	p.result.Extension = withReason(p.result.Extension, p.reason)
	return p, nil
}

// complete fills in what a result refers to.
func complete(g *Grade, item lis.SourcedID) *lis.Result {
	r := *g.Result
	r.LineItemSourcedID, r.PersonSourcedID = item, g.Person
	if r.StatusOfResult == nil {
		r.StatusOfResult = &lis.ResultStatus{ResultStatusValue: lis.NewText("en", "Completed")}
	}
	return &r
}

func existing(v journal.View, item, person lis.SourcedID) (*lis.Record, error) {
	filter := journal.Filter{Links: []lis.Link{{Name: lis.LinkLineItem, Value: string(item)}, {Name: lis.LinkPerson, Value: string(person)}}}
	for e, err := range v.Scan(lis.KindResult, filter) {
		if err != nil {
			return nil, err
		}
		return lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
	}
	return nil, nil
}

// same reports whether two results say the same of a person. The date alone
// is no news: systems give the time of the question for it.
func same(a, b *lis.Result) bool {
	return a.ResultScore.String() == b.ResultScore.String() && status(a) == status(b)
}

func status(r *lis.Result) string {
	if r.StatusOfResult == nil {
		return ""
	}
	return r.StatusOfResult.ResultStatusValue.String()
}

// accepted reports whether a target took any version of a result.
func accepted(snap journal.Snapshot, id lis.SourcedID) (bool, error) {
	for s, err := range snap.Deliveries(lis.KindResult, id) {
		if err != nil {
			return false, err
		}
		if s.State == journal.Applied && s.Effect != lis.Superseded {
			return true, nil
		}
	}
	return false, nil
}

func withReason(e *lis.Extension, reason string) *lis.Extension {
	with := &lis.Extension{}
	if e != nil {
		*with = *e
	}
	with.Field = append([]lis.ExtensionField{{FieldName: reasonField, FieldType: "String", FieldValue: reason}}, with.Field...)
	return with
}

// keep makes a prepared grade a record.
func (d *Desk) keep(ctx context.Context, caller string, p *prepared) error {
	call := &lis.Call{Operation: lis.OperationFor(lis.KindResult, lis.Replace), ID: p.id, Record: &lis.Record{ID: p.id, Object: p.result}}
	if a := d.registrar.Do(ctx, &registrar.Request{Call: call, Caller: caller}); !a.Status.OK() {
		return refuse("the records do not take it: %s", a.Status.Description)
	}
	return nil
}
