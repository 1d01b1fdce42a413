package grades

import (
	"context"
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// item returns the line item that a grade is for; nil with no error when the
// section has none of the type.
func item(v journal.View, g *Grade) (lis.SourcedID, *lis.LineItem, error) {
	if g.LineItem != "" {
		return given(v, g)
	}
	var ids []string
	var found *lis.LineItem
	for e, err := range v.Scan(lis.KindLineItem, journal.Filter{Links: []lis.Link{{Name: lis.LinkContext, Value: string(g.Section)}}}) {
		if err != nil {
			return "", nil, err
		}
		record, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
		if err != nil {
			return "", nil, err
		}
		if i := record.Object.(*lis.LineItem); suits(i, g) {
			found, ids = i, append(ids, string(e.ID))
		}
	}
	if len(ids) > 1 {
		return "", nil, refuse("section %s has %d line items of the type %s (%s); say which", g.Section, len(ids), g.Type, strings.Join(ids, ", "))
	}
	if found == nil {
		return "", nil, nil
	}
	return lis.SourcedID(ids[0]), found, nil
}

func suits(i *lis.LineItem, g *Grade) bool {
	kind := ""
	if i.LineItemType != nil {
		kind = i.LineItemType.LineItemTypeValue.String()
	}
	return strings.EqualFold(kind, g.Type) && (g.Label == "" || strings.EqualFold(i.Label.String(), g.Label))
}

// given returns the line item that the grade names, which must be one of the
// section's.
func given(v journal.View, g *Grade) (lis.SourcedID, *lis.LineItem, error) {
	e, err := v.Get(lis.KindLineItem, g.LineItem)
	if err != nil {
		return "", nil, err
	}
	if e == nil || e.Deleted {
		return "", nil, refuse("there is no line item %s", g.LineItem)
	}
	record, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
	if err != nil {
		return "", nil, err
	}
	i := record.Object.(*lis.LineItem)
	if g.Section == "" && i.Context != nil {
		g.Section = i.Context.ContextIdentifier
	}
	if i.Context == nil || i.Context.ContextIdentifier != g.Section {
		return "", nil, refuse("the line item %s is none of section %s", g.LineItem, g.Section)
	}
	return e.ID, i, nil
}

// create makes the line item of a section. Its id is made of what it is for,
// so that two who create it at one time make the same.
func (d *Desk) create(ctx context.Context, caller string, g *Grade) (lis.SourcedID, *lis.LineItem, error) {
	id := lis.SourcedID(string(g.Section) + ":" + strings.ToLower(g.Type))
	label := g.Type
	if g.Label != "" {
		id, label = id+lis.SourcedID(":"+strings.ToLower(g.Label)), g.Label
	}
	i := &lis.LineItem{
		Context:      &lis.Context{ContextIdentifier: g.Section, ContextType: "CourseSection"},
		LineItemType: &lis.LineItemType{LineItemTypeValue: lis.NewText("en", g.Type)},
		Label:        lis.NewText("en", label),
	}
	call := &lis.Call{Operation: lis.OperationFor(lis.KindLineItem, lis.Replace), ID: id, Record: &lis.Record{ID: id, Object: i}}
	if a := d.registrar.Do(ctx, &registrar.Request{Call: call, Caller: caller}); !a.Status.OK() {
		return "", nil, refuse("no line item could be made for section %s: %s", g.Section, a.Status.Description)
	}
	return id, i, nil
}
