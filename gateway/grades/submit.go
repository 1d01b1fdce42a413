package grades

import (
	"context"
	"errors"
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// submit takes one grade and says what became of it. An error is trouble with
// the journal, not with the grade.
func (d *Desk) submit(ctx context.Context, caller string, g Grade, mayCreate bool) (Row, error) {
	if g.Type == "" {
		g.Type = Final
	}
	row := Row{Section: g.Section, Person: g.Person, LineItem: g.LineItem, Type: g.Type, Score: g.Result.ResultScore.String(), asked: askedFor(&g)}
	p, err := d.prepare(ctx, caller, &g, mayCreate)
	row.Section = g.Section
	if err == nil {
		row.LineItem, row.Result = p.item, p.id
		row.State, row.Reason, err = d.carry(ctx, caller, p)
	}
	var no refusal
	if errors.As(err, &no) {
		row.State, row.Reason, err = RefusedBy, no.Error(), nil
	}
	return row, err
}

// A prepared grade is ready to be kept.
type prepared struct {
	item, id lis.SourcedID
	result   *lis.Result
	equal    bool     // the records have it
	refused  []string // the targets that refused what the records have
	untold   []string // the targets to which it goes now, when it went nowhere
	reason   string
}

func (d *Desk) prepare(ctx context.Context, caller string, g *Grade, mayCreate bool) (*prepared, error) {
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

// compare looks at the result that is there already, and at what became of it.
func (d *Desk) compare(snap journal.Snapshot, g *Grade, item lis.SourcedID) (*prepared, error) {
	p := &prepared{item: item, id: lis.SourcedID(string(item) + ":" + string(g.Person)), result: complete(g, item)}
	e, before, err := existing(snap, item, g.Person)
	if err != nil || e == nil {
		return p, err
	}
	p.id = e.ID
	outcome, err := outcomeOf(snap, e)
	if err != nil {
		return nil, err
	}
	p.refused = outcome.refused
	news := differing(before, p.result, len(p.refused) > 0)
	if p.equal = len(news) == 0; p.equal && !outcome.sent {
		p.untold, err = d.untold(snap, e)
	}
	if p.equal || !outcome.accepted {
		return p, err
	}
	if p.reason = g.Reason; p.reason == "" {
		p.reason = "changed after it was posted: " + strings.Join(news, "; ")
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

func existing(v journal.View, item, person lis.SourcedID) (*journal.Entry, *lis.Result, error) {
	filter := journal.Filter{Links: []lis.Link{{Name: lis.LinkLineItem, Value: string(item)}, {Name: lis.LinkPerson, Value: string(person)}}}
	for e, err := range v.Scan(lis.KindResult, filter) {
		if err != nil {
			return nil, nil, err
		}
		record, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
		if err != nil {
			return nil, nil, err
		}
		return e, record.Object.(*lis.Result), nil
	}
	return nil, nil, nil
}
