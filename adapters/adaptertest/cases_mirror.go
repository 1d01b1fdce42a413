package adaptertest

import (
	"reflect"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// mirror demands that a mirror alters nothing, and looks the same each time.
// Whether it is true is seen wherever something is read back or listed.
func (b *bench) mirror() {
	a := b.start()
	m, ok := a.(adapters.Mirror)
	if !ok {
		b.Skip("it has no mirror")
	}
	for _, info := range lis.Kinds {
		for n := range 10 {
			r := Sample(info.Kind, n)
			first, second := m.Mirror(r), m.Mirror(r)
			if !reflect.DeepEqual(r, Sample(info.Kind, n)) {
				b.Errorf("the mirror of %s %s altered it", info.Kind, r.ID)
			}
			if !reflect.DeepEqual(first, second) {
				b.Errorf("the mirror of %s %s is another each time", info.Kind, r.ID)
			}
			if first != nil && (first.Object == nil || first.Object.Kind() != info.Kind) {
				b.Errorf("the mirror of %s %s is none of a %s", info.Kind, r.ID, info.Kind)
			}
		}
	}
}

// hidden reports whether a record does not come back at all, by its mirror.
// An author's Differ knows better.
func (b *bench) hidden(a adapters.Adapter, r *lis.Record) bool {
	m, ok := a.(adapters.Mirror)
	return ok && b.Differ == nil && m.Mirror(r) == nil
}

// nameOf returns the identifier of a record that was listed. A system that
// keeps none for memberships lists them without: collection and person say
// which of those that were put it is.
func nameOf(got *lis.Record, put map[lis.SourcedID]*lis.Record) lis.SourcedID {
	m, ok := got.Object.(*lis.Membership)
	if got.ID != "" || !ok {
		return got.ID
	}
	for id, r := range put {
		if p, ok := r.Object.(*lis.Membership); ok && p.CollectionSourcedID == m.CollectionSourcedID && p.Person() == m.Person() {
			return id
		}
	}
	return ""
}
