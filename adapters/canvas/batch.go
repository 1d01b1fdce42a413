package canvas

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"lisgate/gateway/lis"
)

// A batch is one import in the making.
type batch struct {
	a       *Adapter
	changes []lis.Change
	rows    map[string][]row
	asked   []bool // changes with rows in it

	groups map[lis.SourcedID]bool     // accounts and terms that come with it
	many   map[string]map[string]bool // persons of a collection whose enrolments have to be looked up
	seen   map[string][]enrollment

	read     map[seat][]enrollment
	wanted   map[seat][]want
	arriving map[seat][]*lis.Record            // memberships that come with it
	former   map[lis.SourcedID]*lis.Membership // by what the crosswalk said
	claimed  map[string]lis.SourcedID          // what the crosswalk is going to be told
	targets  map[string]string                 // the same by change
}

func (a *Adapter) newBatch(changes []lis.Change) *batch {
	b := &batch{
		a: a, changes: changes, rows: map[string][]row{}, asked: make([]bool, len(changes)),
		groups: map[lis.SourcedID]bool{}, many: map[string]map[string]bool{}, seen: map[string][]enrollment{},
		read: map[seat][]enrollment{}, wanted: map[seat][]want{}, arriving: map[seat][]*lis.Record{}, former: map[lis.SourcedID]*lis.Membership{}, claimed: map[string]lis.SourcedID{}, targets: map[string]string{},
	}
	for _, c := range changes {
		if c.Kind == lis.KindGroup && c.Act != lis.Drop {
			b.groups[key(c)] = true
		}
		m := membershipOf(c)
		if m != nil && c.Act != lis.Drop {
			b.arriving[seatOf(m)] = append(b.arriving[seatOf(m)], &lis.Record{ID: key(c), Object: m})
		}
		if m != nil && looked(c) {
			b.ask(string(m.CollectionSourcedID), string(m.Person()))
		}
	}
	return b
}

func (b *batch) ask(collection, person string) {
	if b.many[collection] == nil {
		b.many[collection] = map[string]bool{}
	}
	b.many[collection][person] = true
}

// coming is what a batch puts under an identifier, nil when it does not.
func (b *batch) coming(kind lis.Kind, id lis.SourcedID) lis.Object {
	for _, c := range b.changes {
		if c.Kind == kind && c.Act != lis.Drop && c.Record != nil && key(c) == id {
			return c.Record.Object
		}
	}
	return nil
}

// key is the name that the object has after the change.
func key(c lis.Change) lis.SourcedID {
	if c.Act == lis.Rekey {
		return c.NewID
	}
	return c.Key
}

// mark names an import by the changes in it: the same changes, the same mark.
func (b *batch) mark() string {
	h := sha256.New()
	for i, asked := range b.asked {
		if asked {
			fmt.Fprintf(h, "%s\n", b.changes[i].ID)
		}
	}
	return "lisgate" + hex.EncodeToString(h.Sum(nil)[:10])
}

func (b *batch) empty() bool { return !slices.Contains(b.asked, true) }

// add writes the rows of a change, or says why there are none.
func (b *batch) add(ctx context.Context, i int) result {
	rows, outcome, err := b.rowsOf(ctx, b.changes[i])
	if err == nil {
		err = preflight(rows)
	}
	if err != nil {
		return result{err: asClassed(err)}
	}
	for _, r := range rows {
		r.change = i
		b.rows[r.sheet] = append(b.rows[r.sheet], r)
		b.asked[i] = true
	}
	return result{outcome: outcome}
}

// rowsOf are the rows that a change needs. With no rows the outcome is said
// at once.
func (b *batch) rowsOf(ctx context.Context, c lis.Change) ([]row, lis.Outcome, error) {
	if err := b.a.takes(c.Kind); err != nil {
		return nil, lis.Outcome{}, err
	}
	switch c.Act {
	case lis.Put:
		return b.put(ctx, c, c.Key)
	case lis.Drop:
		return b.drop(ctx, c)
	case lis.Rekey:
		return b.rekey(ctx, c)
	}
	return nil, lis.Outcome{}, unsupported("Canvas has no way to %q", c.Act)
}

// takes says which kinds have no place.
func (a *Adapter) takes(kind lis.Kind) error {
	switch kind {
	case lis.KindPerson, lis.KindGroup, lis.KindMembership, lis.KindCourseSection, lis.KindSectionAssociation:
		return nil
	case lis.KindCourseOffering:
		if !a.opts.SectionsAsCourses {
			return nil
		}
		return unsupported("each section is a course of its own at this target, so that an offering has no place")
	}
	return unsupported("the SIS import of Canvas has no place for a %s", kind)
}

func (b *batch) put(ctx context.Context, c lis.Change, id lis.SourcedID) ([]row, lis.Outcome, error) {
	if c.Record == nil || c.Record.Object == nil {
		return nil, lis.Outcome{}, refused("send the whole record again", "a %s without content", c.Kind)
	}
	applied := lis.Outcome{Effect: lis.Applied, TargetID: string(id)}
	var rows []row
	var err error
	switch o := c.Record.Object.(type) {
	case *lis.Person:
		rows, err = putPerson(id, o)
	case *lis.Group:
		rows, err = b.a.putGroup(id, o)
	case *lis.CourseOffering:
		rows, err = b.putOffering(ctx, id, o)
	case *lis.CourseSection:
		rows, err = b.putSection(ctx, id, o)
	case *lis.SectionAssociation:
		rows, err = b.putAssociation(ctx, id, o)
	case *lis.Membership:
		rows, applied.TargetID, err = b.putMembership(ctx, c, o)
	default:
		err = unsupported("Canvas has no place for a %s", c.Kind)
	}
	return rows, applied, err
}

func (b *batch) drop(ctx context.Context, c lis.Change) ([]row, lis.Outcome, error) {
	var rows []row
	var err error
	switch c.Kind {
	case lis.KindPerson:
		rows, err = b.dropPerson(ctx, c.Key)
	case lis.KindGroup:
		rows, err = b.dropGroup(ctx, c.Key)
	case lis.KindCourseOffering:
		rows, err = b.dropOffering(ctx, c.Key)
	case lis.KindCourseSection:
		rows, err = b.dropSection(ctx, c)
	case lis.KindSectionAssociation:
		rows, err = b.dropAssociation(ctx, c.Key)
	case lis.KindMembership:
		rows, err = b.dropMembership(ctx, c)
	}
	if err != nil || len(rows) > 0 {
		return rows, lis.Outcome{Effect: lis.Applied}, err
	}
	return nil, lis.Outcome{Effect: lis.Unchanged, Detail: "it was not there, or had ended already"}, nil
}

// rekeyTypes are the types of change_sis_ids.csv.
var rekeyTypes = map[lis.Kind]string{
	lis.KindPerson: "user", lis.KindCourseOffering: "course", lis.KindCourseSection: "section", lis.KindSectionAssociation: "course",
}

// rekey gives an object a new SIS ID and then puts it there: when the old one
// is not there, because it never came or was moved by an attempt whose answer
// was lost, putting is all that is left to do. Canvas keeps no identifier of a
// membership, so nothing changes for one.
func (b *batch) rekey(ctx context.Context, c lis.Change) ([]row, lis.Outcome, error) {
	if c.NewID == "" {
		return nil, lis.Outcome{}, refused("send the change again with both identifiers", "a change of identifier without the new one")
	}
	rows, outcome, err := b.put(ctx, c, c.NewID)
	if err != nil || c.Kind == lis.KindMembership {
		return rows, outcome, err
	}
	kinds := []string{rekeyTypes[c.Kind]}
	if g, ok := c.Record.Object.(*lis.Group); ok {
		kinds[0] = "account"
		if g.IsType("TERM") {
			kinds[0] = "term"
		}
	}
	if s, ok := c.Record.Object.(*lis.CourseSection); ok && b.a.ownCourse(s) {
		kinds = append(kinds, "course")
	}
	for _, kind := range kinds {
		there, err := b.a.there(ctx, kind, string(c.Key))
		if err != nil {
			return nil, outcome, err
		}
		if there {
			rows = append(rows, row{sheet: "change_sis_ids", fields: map[string]string{"old_id": string(c.Key), "new_id": string(c.NewID), "type": kind}})
		}
	}
	return rows, outcome, nil
}
