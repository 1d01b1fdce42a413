package blackboard_test

import (
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/blackboard"
	"lisgate/gateway/lis"
)

func rosterKinds() []lis.Kind {
	return []lis.Kind{lis.KindPerson, lis.KindCourseSection, lis.KindMembership}
}

// The flat file alone: nothing can be read back.
func TestFlatFileSuite(t *testing.T) {
	open := func(t *testing.T, hang bool) adapters.Adapter {
		p := &pairs{to: map[lis.Ref]string{}}
		f, l := newFlatFile(t, func(o *blackboard.Options) { o.Crosswalk = p })
		l.Hang.Store(hang)
		return &told{f, l, p, map[lis.SourcedID]*lis.Record{}}
	}
	adaptertest.Run(t, func(t *testing.T) adapters.Adapter { return open(t, false) }, adaptertest.Features{
		Kinds: rosterKinds(), Forgetful: true,
		Effects: func(a adapters.Adapter) int { return a.(*told).fake.Effects() },
		Hang:    func(t *testing.T) adapters.Adapter { return open(t, true) },
	})
}

// Both doors: written by the flat file, read by REST.
func TestBothSuite(t *testing.T) {
	var mirror func(put, got *lis.Record) string
	adaptertest.Run(t, func(t *testing.T) adapters.Adapter {
		p := &pairs{to: map[lis.Ref]string{}}
		l, url, c := newLearn(t)
		l.MaxPage = 2
		o := options(url, c)
		o.Crosswalk = p
		a, err := blackboard.New(o)
		if err != nil {
			t.Fatal(err)
		}
		mirror = differ(a.(adapters.Mirror))
		return &reading{&told{a, l, p, map[lis.SourcedID]*lis.Record{}}, a.(adapters.Lister), a.(adapters.Reader)}
	}, adaptertest.Features{
		Kinds: rosterKinds(), Forgetful: true,
		Effects: func(a adapters.Adapter) int { return a.(*reading).fake.Effects() },
		Differ:  func(put, got *lis.Record) string { return mirror(put, got) },
	})
}
