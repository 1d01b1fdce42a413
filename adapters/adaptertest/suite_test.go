package adaptertest_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/memory"
	"lisgate/gateway/lis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A numbering system gives each object a number and finds it by nothing else,
// keeps no names for memberships, and does not list those that are Inactive.
type numbering struct {
	*memory.Adapter
	walk *adaptertest.Crosswalk
	next int
}

func (n *numbering) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	o, err := n.Adapter.Apply(ctx, c)
	if err != nil {
		return o, err
	}
	if o.TargetID, err = n.walk.TargetID(ctx, c.Kind, c.Key); o.TargetID == "" {
		n.next++
		o.TargetID = strconv.Itoa(n.next)
	}
	return o, err
}

// ApplyAll is as good as Apply, one by one.
func (n *numbering) ApplyAll(ctx context.Context, changes []lis.Change) ([]lis.Outcome, []error) {
	outcomes, errs := make([]lis.Outcome, len(changes)), make([]error, len(changes))
	for i, c := range changes {
		outcomes[i], errs[i] = n.Apply(ctx, c)
	}
	return outcomes, errs
}

func (n *numbering) Mirror(r *lis.Record) *lis.Record {
	m, ok := r.Object.(*lis.Membership)
	if ok && m.Member.Role[0].Status == lis.StatusInactive {
		return nil
	} else if ok {
		return &lis.Record{Object: m}
	}
	return r
}

func (n *numbering) Read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	r, err := n.Adapter.Read(ctx, kind, id)
	if err != nil || r == nil || n.Mirror(r) == nil {
		return nil, err
	}
	return r, nil
}

func (n *numbering) List(ctx context.Context, kind lis.Kind) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		for r, err := range n.Adapter.List(ctx, kind) {
			if err == nil {
				r = n.Mirror(r)
			}
			if (err != nil || r != nil) && !yield(r, err) {
				return
			}
		}
	}
}

func TestSuiteWithCrosswalkMirrorAndBatches(t *testing.T) {
	walk := new(adaptertest.Crosswalk)
	adaptertest.Run(t, func(*testing.T) adapters.Adapter {
		return &numbering{Adapter: &memory.Adapter{BatchRows: 7}, walk: walk}
	}, adaptertest.Features{
		Crosswalk: walk,
		Effects:   func(a adapters.Adapter) int { return len(a.(*numbering).Effects()) },
	})
}

func TestSuiteOfAStrictSystemInBatches(t *testing.T) {
	kinds := []lis.Kind{lis.KindPerson, lis.KindCourseTemplate, lis.KindCourseOffering, lis.KindCourseSection, lis.KindMembership}
	adaptertest.Run(t, func(*testing.T) adapters.Adapter {
		return &memory.Adapter{BatchRows: 100, Strict: true, Kinds: kinds}
	}, adaptertest.Features{
		Kinds: kinds, NeedsParents: true,
		Effects: func(a adapters.Adapter) int { return len(a.(*memory.Adapter).Effects()) },
	})
}

func TestCrosswalk(t *testing.T) {
	x := new(adaptertest.Crosswalk)
	learn := func(want bool, act lis.Act, key, newID, target string) {
		t.Helper()
		c := lis.Change{Kind: lis.KindPerson, Act: act, Key: lis.SourcedID(key), NewID: lis.SourcedID(newID)}
		if err := x.Learn(c, lis.Outcome{TargetID: target}); (err == nil) != want {
			t.Errorf("%s %s: %v", act, key, err)
		}
	}
	learn(true, lis.Put, "a", "", "1")
	learn(true, lis.Put, "a", "", "")
	learn(false, lis.Put, "b", "", "1")
	learn(true, lis.Rekey, "a", "c", "1")
	learn(true, lis.Put, "d", "", "2")
	learn(true, lis.Drop, "d", "", "")
	learn(true, lis.Put, "e", "", "3")
	var got []string
	for _, id := range []lis.SourcedID{"a", "b", "c", "d", "e"} {
		target, _ := x.TargetID(t.Context(), lis.KindPerson, id)
		owner, _ := x.SourcedID(t.Context(), lis.KindPerson, target)
		got = append(got, fmt.Sprintf("%s=%s=%s", id, target, owner))
	}
	if text := strings.Join(got, " "); text != "a== b== c=1=c d=2= e=3=e" {
		t.Error(text)
	}
}

// A shelf is a source of whole lists, which can break.
type shelf struct {
	things map[lis.Kind][]*lis.Record
	broken bool
	kinds  []lis.Kind
}

func (s *shelf) Pull(ctx context.Context, cursor string) iter.Seq2[adapters.Item, error] {
	return func(yield func(adapters.Item, error) bool) {
		now := fmt.Sprintf("%p %v", s.things, s.things)
		if cursor == now {
			return
		}
		for _, kind := range s.kinds {
			if !s.list(ctx, kind, yield) {
				return
			}
		}
		yield(adapters.Item{Cursor: now}, nil)
	}
}

var errBroken = &adapters.Error{Class: adapters.Unavailable, Err: errors.New("the shelf fell down")}

func (s *shelf) list(ctx context.Context, kind lis.Kind, yield func(adapters.Item, error) bool) bool {
	if !yield(adapters.Item{Begins: kind}, nil) {
		return false
	}
	for i, r := range s.things[kind] {
		if s.broken && i == 1 {
			s.broken = false
			yield(adapters.Item{}, errBroken)
			return false
		}
		if ctx.Err() != nil {
			yield(adapters.Item{}, &adapters.Error{Class: adapters.Unavailable, Err: ctx.Err()})
			return false
		}
		if !yield(adapters.Item{Kind: kind, Act: lis.Put, Key: r.ID, Record: r, Where: fmt.Sprintf("%s %d", kind, i)}, nil) {
			return false
		}
	}
	return yield(adapters.Item{Ends: kind}, nil)
}

func TestSourceOfLists(t *testing.T) {
	kinds := []lis.Kind{lis.KindPerson, lis.KindMembership}
	adaptertest.RunSource(t, func(*testing.T) (adapters.Source, adaptertest.SourceControl) {
		s := &shelf{kinds: kinds, things: map[lis.Kind][]*lis.Record{}}
		return s, adaptertest.SourceControl{
			Set:   func(_ *testing.T, kind lis.Kind, records ...*lis.Record) { s.things[kind] = records },
			Break: func(*testing.T) { s.broken = true },
		}
	}, adaptertest.SourceFeatures{Kinds: kinds, Lists: true})
}

// A tape is a source of changes, with its place in it as the cursor.
type tape struct {
	items []adapters.Item
	there map[lis.Ref]*lis.Record
	taken int // acknowledged
}

func (s *tape) Pull(ctx context.Context, cursor string) iter.Seq2[adapters.Item, error] {
	from, _ := strconv.Atoi(cursor)
	return func(yield func(adapters.Item, error) bool) {
		for i, it := range s.items[from:] {
			if ctx.Err() != nil {
				yield(adapters.Item{}, &adapters.Error{Class: adapters.Unavailable, Err: ctx.Err()})
				return
			}
			if it.Cursor = strconv.Itoa(from + i + 1); !yield(it, nil) {
				return
			}
		}
	}
}

func (s *tape) Acknowledge(_ context.Context, cursor string, _ []adapters.Rejection) (err error) {
	s.taken, err = strconv.Atoi(cursor)
	return err
}

func (s *tape) set(_ *testing.T, kind lis.Kind, records ...*lis.Record) {
	for ref := range s.there {
		if ref.Kind == kind && !slices.ContainsFunc(records, func(r *lis.Record) bool { return r.ID == ref.ID }) {
			delete(s.there, ref)
			s.items = append(s.items, adapters.Item{Kind: kind, Act: lis.Drop, Key: ref.ID, Where: "tape"})
		}
	}
	for _, r := range records {
		ref := lis.Ref{Kind: kind, ID: r.ID}
		if was := s.there[ref]; was == nil || text(was) != text(r) {
			s.there[ref] = r
			s.items = append(s.items, adapters.Item{Kind: kind, Act: lis.Put, Key: r.ID, Record: r, Where: "tape"})
		}
	}
}

func text(r *lis.Record) string {
	b, _ := lis.MarshalRecord(r)
	return string(b)
}

func TestSourceOfChanges(t *testing.T) {
	var last *tape
	adaptertest.RunSource(t, func(*testing.T) (adapters.Source, adaptertest.SourceControl) {
		last = &tape{there: map[lis.Ref]*lis.Record{}}
		return last, adaptertest.SourceControl{Set: last.set, Seen: func(t *testing.T, cursor string) {
			if n, _ := strconv.Atoi(cursor); n != last.taken {
				t.Errorf("%d acknowledged, and %d kept", last.taken, n)
			}
		}}
	}, adaptertest.SourceFeatures{Kinds: []lis.Kind{lis.KindPerson, lis.KindGroup}})
}
