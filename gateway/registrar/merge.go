package registrar

import (
	"context"
	"slices"
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// mergePersons is the operation under which a merge is kept. It is ours: LIS
// has none, and sources that merge send a delete and new memberships at best.
var mergePersons = lis.Operation{Name: "mergePersons", Service: lis.PMS, Kind: lis.KindPerson, Verb: "merge"}

// Merge makes two persons one, in one transaction. The memberships and results
// of from become those of into, which also teaches the meetings that from does,
// and then from is dropped. What into has already
// stays as it is, and from's is dropped: a membership in the same collection
// with the same roles, or a result in the same line item. All that is added is
// added before anything is dropped, so that no target takes a person's access
// away in between. The message keeps who asked; the changes are the gateway's
// own and have no source, so that they go where those of the source went.
func (r *Registrar) Merge(ctx context.Context, caller string, from, into lis.SourcedID) *lis.Answer {
	q := &Request{Caller: caller, Call: &lis.Call{Operation: mergePersons.Name, ID: from, NewID: into}}
	trim(q.Call)
	return r.commit(ctx, q, mergePersons, func(tx journal.Tx) (*plan, error) {
		return merging(tx, q.Call.ID, q.Call.NewID)
	})
}

// merging plans a merge.
func merging(v journal.View, from, into lis.SourcedID) (*plan, error) {
	switch {
	case from == "" || into == "":
		return nil, refuse(lis.Incomplete, "a merge needs two sourcedIds: of the person that goes and of the one that stays")
	case from == into:
		return nil, refuse(lis.Invalid, "both sourcedIds are "+quote(string(from))+"; name two persons")
	}
	for _, id := range []lis.SourcedID{from, into} {
		if _, _, err := present(v, lis.KindPerson, id); err != nil {
			return nil, err
		}
	}
	m := merger{v: v, from: from, into: into, moved: map[lis.Kind]int{}, left: map[lis.Kind]int{}}
	if err := m.move(lis.KindMembership, setMember, membershipsCovered); err != nil {
		return nil, err
	}
	if err := m.move(lis.KindResult, setResultPerson, resultCovered); err != nil {
		return nil, err
	}
	if err := m.teach(); err != nil {
		return nil, err
	}
	last := step{Change: lis.Change{Kind: lis.KindPerson, Key: from, Act: lis.Drop, Operation: lis.OperationFor(lis.KindPerson, lis.Delete)}}
	return &plan{
		own:         true,
		description: "merged into " + quote(string(into)) + counted("; moved ", m.moved) + counted("; dropped, because there already, ", m.left),
		steps:       slices.Concat(m.adds, m.drops, []step{last}),
	}, nil
}

// A merger collects the steps of a merge.
type merger struct {
	v           journal.View
	from, into  lis.SourcedID
	adds, drops []step
	moved, left map[lis.Kind]int
}

// move plans what becomes of the objects of one kind that from has.
func (m *merger) move(k lis.Kind, set func(lis.Object, lis.SourcedID, lis.SourcedID), covered func(lis.Object, []lis.Object) bool) error {
	there, err := ofPerson(m.v, k, m.into)
	if err != nil {
		return err
	}
	moving, err := ofPerson(m.v, k, m.from)
	if err != nil {
		return err
	}
	for _, rec := range moving {
		s := step{Change: lis.Change{Kind: k, Key: rec.ID}}
		if covered(rec.Object, objects(there)) {
			s.Act, s.Operation = lis.Drop, lis.OperationFor(k, lis.Delete)
			m.drops = append(m.drops, s)
			m.left[k]++
			continue
		}
		s.Act, s.Operation = lis.Put, lis.OperationFor(k, lis.Replace)
		s.alter = func(o lis.Object) { set(o, m.from, m.into) }
		m.adds = append(m.adds, s)
		m.moved[k]++
		there = append(there, rec) // two of from's may be the same as well
	}
	return nil
}

// teach plans that into teaches the meetings that from does.
func (m *merger) teach() error {
	taught := journal.Filter{Links: []lis.Link{{Name: lis.LinkInstructor, Value: string(m.from)}}, IDsOnly: true}
	for e, err := range m.v.Scan(lis.KindCourseSection, taught) {
		if err != nil {
			return err
		}
		m.adds = append(m.adds, step{
			Change: lis.Change{Kind: e.Kind, Key: e.ID, Act: lis.Put, Operation: lis.OperationFor(e.Kind, lis.Replace)},
			alter:  func(o lis.Object) { setInstructor(o, m.from, m.into) },
		})
		m.moved[e.Kind]++
	}
	return nil
}

func ofPerson(v journal.View, k lis.Kind, id lis.SourcedID) ([]*lis.Record, error) {
	return lis.Collect(contents(withContent(v, k, lis.LinkPerson, id)))
}

func objects(records []*lis.Record) []lis.Object {
	all := make([]lis.Object, len(records))
	for i, rec := range records {
		all[i] = rec.Object
	}
	return all
}

// membershipsCovered reports whether others hold every role of a membership in
// its collection, and hold it no less actively.
func membershipsCovered(o lis.Object, others []lis.Object) bool {
	m := o.(*lis.Membership)
	var held []lis.Role
	for _, other := range others {
		if n := other.(*lis.Membership); n.CollectionSourcedID == m.CollectionSourcedID &&
			strings.EqualFold(n.MembershipIDType, m.MembershipIDType) && n.Member != nil {
			held = append(held, n.Member.Role...)
		}
	}
	if m.Member == nil || len(m.Member.Role) == 0 {
		return len(held) > 0
	}
	return !slices.ContainsFunc(m.Member.Role, func(role lis.Role) bool {
		return !slices.ContainsFunc(held, func(h lis.Role) bool { return covers(h, role) })
	})
}

func covers(held, role lis.Role) bool {
	return strings.EqualFold(held.RoleType, role.RoleType) && held.SubRole == role.SubRole &&
		(!strings.EqualFold(held.Status, lis.StatusInactive) || strings.EqualFold(role.Status, lis.StatusInactive))
}

func resultCovered(o lis.Object, others []lis.Object) bool {
	return slices.ContainsFunc(others, func(other lis.Object) bool {
		return other.(*lis.Result).LineItemSourcedID == o.(*lis.Result).LineItemSourcedID
	})
}
