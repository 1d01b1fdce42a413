package canvas

import (
	"context"
	"errors"
	"slices"
	"strings"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// An account is a unit of the institution, a term a period of it.
type account struct {
	ID          int64  `json:"id"`
	SIS         string `json:"sis_account_id"`
	Name        string `json:"name"`
	ParentID    int64  `json:"parent_account_id"`
	Integration string `json:"integration_id"`

	ParentSIS string `json:"-"` // Canvas says the number only
}

type term struct {
	ID          int64  `json:"id"`
	SIS         string `json:"sis_term_id"`
	Name        string `json:"name"`
	Start       string `json:"start_at"`
	End         string `json:"end_at"`
	Integration string `json:"integration_id"`
}

// isTerm and isAccount say what a group is in Canvas.
func isTerm(g *lis.Group) bool { return g.IsType("TERM") || g.IsType("Term") || g.IsType("term") }

func (a *Adapter) isAccount(g *lis.Group) bool {
	types := accountTypes
	if len(a.opts.AccountTypes) > 0 {
		types = a.opts.AccountTypes
	}
	for _, name := range typesOf(g) {
		if slices.ContainsFunc(types, func(t string) bool { return strings.EqualFold(t, name) }) {
			return true
		}
	}
	return false
}

func typesOf(g *lis.Group) []string {
	var names []string
	if g.GroupType != nil {
		for _, v := range g.GroupType.TypeValue {
			if name := or(v.Type.String(), v.ID.String()); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

func groupName(g *lis.Group) string {
	if g.Description == nil {
		g = &lis.Group{Org: g.Org, Description: &lis.Description{}}
	}
	return or(g.Description.ShortDescription.String(), g.Description.LongDescription.String(), orgName(g.Org))
}

func orgName(o *lis.Org) string {
	if o == nil {
		return ""
	}
	return or(o.OrgUnit.String(), o.OrgName.String())
}

func parentOf(g *lis.Group) string {
	for _, r := range g.Relationship {
		if strings.EqualFold(r.Relation, "Parent") {
			return string(r.SourcedID)
		}
	}
	return ""
}

func (a *Adapter) putGroup(id lis.SourcedID, g *lis.Group) ([]row, error) {
	name := groupName(g)
	switch {
	case !isTerm(g) && !a.isAccount(g):
		return nil, unsupported("Canvas has accounts and terms, and no place for a group of the type %q; account_types of the target says which types are accounts", strings.Join(typesOf(g), ", "))
	case name == "":
		return nil, refused("add a short description to the group at the source", "the group has no name")
	case !isTerm(g):
		return []row{account{SIS: string(id), Name: name, ParentSIS: parentOf(g)}.row("active")}, nil
	}
	t, err := termOf(id, g)
	if err != nil {
		return nil, err
	}
	return []row{t.row("active")}, nil
}

func termOf(id lis.SourcedID, g *lis.Group) (term, error) {
	t := term{SIS: string(id), Name: groupName(g)}
	if g.TimeFrame == nil {
		return t, nil
	}
	var err error
	t.Start, t.End, err = period(*g.TimeFrame)
	return t, err
}

func (c account) row(status string) row {
	return row{sheet: "accounts", fields: map[string]string{
		"account_id": c.SIS, "parent_account_id": c.ParentSIS, "name": c.Name, "status": status, "integration_id": c.Integration,
	}}
}

func (t term) row(status string) row {
	return row{sheet: "terms", fields: map[string]string{
		"term_id": t.SIS, "name": t.Name, "status": status, "start_date": t.Start, "end_date": t.End, "integration_id": t.Integration,
	}}
}

func (c account) record() *lis.Record {
	g := &lis.Group{Description: &lis.Description{ShortDescription: lis.NewText("", c.Name)}}
	if c.ParentSIS != "" {
		g.Relationship = []lis.Relationship{{Relation: "Parent", SourcedID: lis.SourcedID(c.ParentSIS)}}
	}
	return &lis.Record{ID: lis.SourcedID(c.SIS), Object: g}
}

func (t term) record() *lis.Record {
	return &lis.Record{ID: lis.SourcedID(t.SIS), Object: &lis.Group{
		GroupType:   &lis.GroupType{TypeValue: []lis.TypeValue{{Type: lis.NewText("", "TERM")}}},
		Description: &lis.Description{ShortDescription: lis.NewText("", t.Name)},
		TimeFrame:   frame(t.Start, t.End),
	}}
}

// findGroup looks among accounts and then terms.
func (a *Adapter) findGroup(ctx context.Context, id lis.SourcedID) (*account, *term, error) {
	var c account
	err := a.get(ctx, "accounts/"+ref("account", string(id)), nil, &c)
	if err == nil {
		c.ParentSIS, err = a.accountNamed(ctx, c.ParentID)
		return &c, nil, err
	}
	if !errors.Is(err, errAbsent) {
		return nil, nil, err
	}
	t, err := a.findTerm(ctx, string(id))
	return nil, t, err
}

// accountNamed is the SIS ID of an account, "" for the root account.
func (a *Adapter) accountNamed(ctx context.Context, id int64) (string, error) {
	var c account
	if id == 0 {
		return "", nil
	}
	err := a.get(ctx, "accounts/"+decimal(id), nil, &c)
	if errors.Is(err, errAbsent) || c.ParentID == 0 {
		c.SIS = ""
	}
	if errors.Is(err, errAbsent) {
		err = nil
	}
	return c.SIS, err
}

// findTerm reads the list: there is no call for one by its SIS ID that old
// versions have.
func (a *Adapter) findTerm(ctx context.Context, id string) (*term, error) {
	for t, err := range a.terms(ctx) {
		if err != nil {
			return nil, err
		}
		if t.SIS == id {
			return &t, nil
		}
	}
	return nil, nil
}

// dropGroup marks an account or a term, for nothing in Canvas says that it is
// locked; what stands in it is left as it is.
func (b *batch) dropGroup(ctx context.Context, id lis.SourcedID) ([]row, error) {
	c, t, err := b.a.findGroup(ctx, id)
	status := "active"
	if b.a.opts.Removal == adapters.Delete {
		status = "deleted"
	}
	b.a.forget(string(id))
	switch {
	case err != nil || c == nil && t == nil:
		return nil, err
	case c != nil && (status == "deleted" || !dropped(c.Integration)):
		c.Integration = markDropped + string(id)
		return []row{c.row(status)}, nil
	case t != nil && (status == "deleted" || !dropped(t.Integration)):
		t.Integration = markDropped + string(id)
		return []row{t.row(status)}, nil
	}
	return nil, nil
}

func dropped(integration string) bool { return strings.HasPrefix(integration, markDropped) }
