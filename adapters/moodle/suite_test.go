package moodle

import (
	"context"
	"fmt"
	"iter"
	"net/http/httptest"
	"reflect"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/moodle/moodlefake"
	"lisgate/gateway/lis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// autumn is a day within the time frames of the samples.
func autumn() time.Time { return time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC) }

// site serves a fake over loopback.
func site(t *testing.T, o moodlefake.Options) (*moodlefake.Site, string) {
	t.Helper()
	o.Now = autumn
	o.Token = "token-1"
	s := moodlefake.New(o)
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		s.Switch(func(w *moodlefake.Switches) { w.Hang = false })
		server.Close()
	})
	return s, server.URL
}

func open(t *testing.T, url string, o Options) *Adapter {
	t.Helper()
	o.URL, o.Token, o.Now = url, "token-1", autumn
	a, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

// A gate does what the gateway does: it keeps the crosswalk, and gives listed
// memberships their names back.
type gate struct {
	*Adapter
	mu    sync.Mutex
	ids   map[lis.Ref]string
	names map[string]lis.SourcedID
}

func newGate(t *testing.T, url string, o Options, crosswalk bool) *gate {
	g := &gate{ids: map[lis.Ref]string{}, names: map[string]lis.SourcedID{}}
	if crosswalk {
		o.Crosswalk = g
	}
	g.Adapter = open(t, url, o)
	return g
}

func (g *gate) TargetID(_ context.Context, kind lis.Kind, id lis.SourcedID) (string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.ids[lis.Ref{Kind: kind, ID: id}], nil
}

func (g *gate) SourcedID(_ context.Context, kind lis.Kind, id string) (lis.SourcedID, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for ref, target := range g.ids {
		if ref.Kind == kind && target == id {
			return ref.ID, nil
		}
	}
	return "", nil
}

func (g *gate) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	o, err := g.Adapter.Apply(ctx, c)
	if err != nil {
		return o, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	ref := lis.Ref{Kind: c.Kind, ID: c.Key}
	switch c.Act {
	case lis.Drop:
		if c.Kind == lis.KindMembership {
			delete(g.ids, ref)
		}
	case lis.Rekey:
		delete(g.ids, ref)
		g.ids[lis.Ref{Kind: c.Kind, ID: c.NewID}] = o.TargetID
	default:
		g.ids[ref] = o.TargetID
	}
	if m, ok := c.Record.Object.(*lis.Membership); ok && c.Act == lis.Put {
		g.names[string(m.CollectionSourcedID)+" "+string(m.Person())] = c.Key
	}
	return o, nil
}

func (g *gate) List(ctx context.Context, kind lis.Kind) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		for r, err := range g.Adapter.List(ctx, kind) {
			if err == nil && kind == lis.KindMembership {
				m := r.Object.(*lis.Membership)
				r.ID = g.names[string(m.CollectionSourcedID)+" "+string(m.Person())]
			}
			if !yield(r, err) {
				return
			}
		}
		if kind == lis.KindMembership {
			g.suspended(ctx, yield)
		}
	}
}

// Read tells what is suspended as Inactive, for the same reason.
func (g *gate) Read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	if kind == lis.KindMembership {
		return g.readMembership(ctx, id)
	}
	return g.Adapter.Read(ctx, kind, id)
}

// suspended gives what is suspended and therefore not listed: the gateway
// knows from Mirror that it is not to be missed, the suite does not.
func (g *gate) suspended(ctx context.Context, yield func(*lis.Record, error) bool) {
	for _, id := range g.names {
		r, err := g.readMembership(ctx, id)
		if err == nil && r != nil && r.Object.(*lis.Membership).Member.Role[0].Status == "Inactive" && !yield(r, nil) {
			return
		}
	}
}

func TestSuite(t *testing.T) {
	for name, crosswalk := range map[string]bool{"with a crosswalk": true, "without": false} {
		t.Run(name, func(t *testing.T) { suite(t, crosswalk, nil) })
	}
	t.Run("with a roster that knows nothing", func(t *testing.T) { suite(t, true, &books{}) })
}

func suite(t *testing.T, crosswalk bool, roster adapters.Roster) {
	sites := map[adapters.Adapter]*moodlefake.Site{}
	mirror := open(t, "http://localhost", Options{})
	adaptertest.Run(t, func(t *testing.T) adapters.Adapter {
		s, url := site(t, moodlefake.Options{MaxInputVars: 1000})
		g := newGate(t, url, Options{Page: 2, Roster: roster}, crosswalk)
		sites[g] = s
		return g
	}, adaptertest.Features{
		Kinds:     []lis.Kind{lis.KindPerson, lis.KindGroup, lis.KindMembership, lis.KindCourseSection, lis.KindSectionAssociation},
		Forgetful: true, // Moodle keeps no sequence
		Effects:   func(a adapters.Adapter) int { return sites[a].Changes() },
		Differ:    func(put, got *lis.Record) string { return differ(mirror, put, got) },
		Hang: func(t *testing.T) adapters.Adapter {
			s, url := site(t, moodlefake.Options{})
			s.Switch(func(w *moodlefake.Switches) { w.Hang = true })
			return open(t, url, Options{})
		},
	})
}

// differ holds what came back against the mirror of what was put.
func differ(a *Adapter, put, got *lis.Record) string {
	want := a.Mirror(put)
	if m, ok := got.Object.(*lis.Membership); ok && want == nil && m.Member.Role[0].Status == "Inactive" {
		return ""
	}
	if want == nil || put.ID != got.ID || !reflect.DeepEqual(want.Object, got.Object) {
		return fmt.Sprintf("put %+v, got %+v", want, got.Object)
	}
	return ""
}
