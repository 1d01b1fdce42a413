package blackboard_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/blackboard"
	"lisgate/adapters/blackboard/blackboardfake"
	"lisgate/gateway/lis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// A clock is moved by hand.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// today is when the tests play.
var today = time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)

// pairs is a crosswalk as the gateway keeps one.
type pairs struct {
	mu sync.Mutex
	to map[lis.Ref]string
}

func (p *pairs) TargetID(_ context.Context, kind lis.Kind, id lis.SourcedID) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.to[lis.Ref{Kind: kind, ID: id}], nil
}

func (p *pairs) SourcedID(_ context.Context, kind lis.Kind, target string) (lis.SourcedID, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for ref, to := range p.to {
		if ref.Kind == kind && to == target {
			return ref.ID, nil
		}
	}
	return "", nil
}

// learned does what the gateway does after an Apply.
func (p *pairs) learned(c lis.Change, o lis.Outcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.Act == lis.Rekey {
		delete(p.to, lis.Ref{Kind: c.Kind, ID: c.Key})
		c.Key = c.NewID
	}
	if o.TargetID != "" {
		p.to[lis.Ref{Kind: c.Kind, ID: c.Key}] = o.TargetID
	}
}

func options(url string, c *clock) blackboard.Options {
	return blackboard.Options{
		URL: url, Integration: "BBLEARN", User: "sis", Password: "pa:ss", DataSource: "SIS", Poll: time.Millisecond,
		Key: "app", KeySecret: "hush", Connection: blackboard.Connection{Now: c.Now, Timeout: 5 * time.Second},
	}
}

func newLearn(t *testing.T) (*blackboardfake.Learn, string, *clock) {
	t.Helper()
	c := &clock{today}
	l := &blackboardfake.Learn{Integration: "BBLEARN", User: "sis", Password: "pa:ss", Key: "app", Secret: "hush", Now: c.Now}
	return l, serve(t, l), c
}

func newFlatFile(t *testing.T, set ...func(*blackboard.Options)) (*blackboard.FlatFile, *blackboardfake.Learn) {
	t.Helper()
	l, url, c := newLearn(t)
	o := options(url, c)
	for _, s := range set {
		s(&o)
	}
	f, err := blackboard.NewFlatFile(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, l
}

// a told adapter is one around which the gateway stands: it keeps the
// crosswalk, and knows whether Learn had to do anything for a Drop, which the
// flat file does not say.
type told struct {
	adapters.Adapter
	fake   *blackboardfake.Learn
	pairs  *pairs
	asleep map[lis.SourcedID]*lis.Record // memberships that were put as Inactive
}

func (a *told) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	before := a.fake.Effects()
	o, err := a.Adapter.Apply(ctx, c)
	if err != nil {
		return o, err
	}
	a.pairs.learned(c, o)
	if c.Act == lis.Drop && a.fake.Effects() == before {
		o.Effect = lis.Unchanged
	}
	if m, ok := c.Record.Object.(*lis.Membership); ok {
		delete(a.asleep, c.Key)
		if c.Act == lis.Put && m.Member.Role[0].Status == "Inactive" {
			a.asleep[c.Key] = c.Record
		}
	}
	return o, nil
}

// reading is a told adapter with the powers of REST. What is Inactive is
// disabled at Learn and so is neither read nor listed; the suite expects to
// see it, so it is looked for in the fake itself.
type reading struct {
	*told
	lister adapters.Lister
	reader adapters.Reader
}

func (a *reading) Read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	if r := a.sleeping(kind, id); r != nil {
		return r, nil
	}
	return a.reader.Read(ctx, kind, id)
}

func (a *reading) sleeping(kind lis.Kind, id lis.SourcedID) *lis.Record {
	r := a.asleep[id]
	if kind != lis.KindMembership || r == nil {
		return nil
	}
	m := r.Object.(*lis.Membership)
	if !strings.HasSuffix(a.fake.Enrolled(string(m.CollectionSourcedID), string(m.Person())), " disabled") {
		return nil
	}
	return r
}

func (a *reading) List(ctx context.Context, kind lis.Kind) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		for r, err := range a.lister.List(ctx, kind) {
			if !yield(r, err) {
				return
			}
		}
		for id := range a.asleep {
			if r := a.sleeping(kind, id); r != nil && !yield(r, nil) {
				return
			}
		}
	}
}

// differ compares with what Learn has a place for.
func differ(mirror adapters.Mirror) func(put, got *lis.Record) string {
	return func(put, got *lis.Record) string {
		want := mirror.Mirror(put)
		if m, ok := got.Object.(*lis.Membership); want == nil && ok && m.Member.Role[0].Status == "Inactive" {
			return ""
		} else if want == nil {
			return "it came back and should not"
		}
		if want.ID != got.ID || !reflect.DeepEqual(want.Object, got.Object) {
			w, _ := lis.MarshalRecord(want)
			g, _ := lis.MarshalRecord(got)
			return "want " + string(w) + "\ngot " + string(g)
		}
		return ""
	}
}

func classed(t *testing.T, err error, want adapters.Class) *adapters.Error {
	t.Helper()
	var e *adapters.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want one of class %s", err, want)
	}
	if e.Class != want {
		t.Fatalf("error %v (answer %q), want class %s", err, e.Answer, want)
	}
	return e
}

func put(r *lis.Record) lis.Change {
	return lis.Change{ID: "put-" + string(r.ID), Kind: r.Object.Kind(), Key: r.ID, Act: lis.Put, Record: r}
}

func drop(r *lis.Record) lis.Change {
	return lis.Change{ID: "drop-" + string(r.ID), Kind: r.Object.Kind(), Key: r.ID, Act: lis.Drop, Record: r}
}

func sample(kind lis.Kind, n int) *lis.Record { return adaptertest.Sample(kind, n) }

// all applies changes that have to succeed.
func all(t *testing.T, b adapters.Batcher, changes ...lis.Change) []lis.Outcome {
	t.Helper()
	outcomes, errs := b.ApplyAll(t.Context(), changes)
	for i, err := range errs {
		if err != nil {
			t.Fatalf("%s %s %s: %v", changes[i].Act, changes[i].Kind, changes[i].Key, err)
		}
	}
	return outcomes
}
