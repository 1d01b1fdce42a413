package canvas

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/canvas/canvasfake"
	"lisgate/gateway/lis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const token = "t0ken-of-the-test"

// serve starts an account and gives its address.
func serve(t *testing.T, o canvasfake.Options) (*canvasfake.Account, string) {
	t.Helper()
	o.Token = token
	fake := canvasfake.New(o)
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return fake, server.URL
}

// open makes an adapter that polls without waiting.
func open(t *testing.T, url string, change func(*Options)) *Adapter {
	t.Helper()
	o := Options{URL: url, Token: token, Poll: time.Microsecond, Wait: 5 * time.Millisecond}
	if change != nil {
		change(&o)
	}
	a, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

// A crossing is an adapter with a crosswalk that is kept as the gateway does.
type crossing struct {
	*Adapter
	fake *canvasfake.Account
	walk *walk
}

type walk struct {
	mu  sync.Mutex
	ids map[lis.SourcedID]string
}

func (w *walk) TargetID(_ context.Context, kind lis.Kind, id lis.SourcedID) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ids[lis.SourcedID(kind)+" "+id], nil
}

func (w *walk) SourcedID(_ context.Context, kind lis.Kind, target string) (lis.SourcedID, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, t := range w.ids {
		if prefix := lis.SourcedID(kind) + " "; t == target && len(id) > len(prefix) && id[:len(prefix)] == prefix {
			return id[len(prefix):], nil
		}
	}
	return "", nil
}

// Apply writes down what the gateway would.
func (c crossing) Apply(ctx context.Context, change lis.Change) (lis.Outcome, error) {
	o, err := c.Adapter.Apply(ctx, change)
	if err != nil {
		return o, err
	}
	c.walk.mu.Lock()
	defer c.walk.mu.Unlock()
	prefix := lis.SourcedID(change.Kind) + " "
	if o.TargetID != "" {
		c.walk.ids[prefix+change.Key] = o.TargetID
	}
	if change.Act == lis.Rekey {
		c.walk.ids[prefix+change.NewID] = c.walk.ids[prefix+change.Key]
		delete(c.walk.ids, prefix+change.Key)
	}
	return o, nil
}

func openCrossing(t *testing.T, change func(*Options)) adapters.Adapter {
	fake, url := serve(t, canvasfake.Options{})
	w := &walk{ids: map[lis.SourcedID]string{}}
	a := open(t, url, func(o *Options) {
		o.Crosswalk = w
		if change != nil {
			change(o)
		}
	})
	prepare(t, a)
	return crossing{a, fake, w}
}

// prepare puts the term and the department of the samples into Canvas, which
// no kind of the suite brings along.
func prepare(t *testing.T, a *Adapter) {
	t.Helper()
	must(t, a, put(adaptertest.Sample(lis.KindGroup, 0)))
	must(t, a, put(&lis.Record{ID: "2026-FALL", Object: &lis.Group{
		GroupType:   &lis.GroupType{TypeValue: []lis.TypeValue{{Type: lis.NewText("", "TERM")}}},
		Description: &lis.Description{ShortDescription: lis.NewText("en", "Fall 2026")},
		TimeFrame:   &lis.TimeFrame{Begin: "2026-09-01", End: "2026-12-18"},
	}}))
}

func put(r *lis.Record) lis.Change {
	return lis.Change{ID: "put-" + string(r.ID), Kind: r.Object.Kind(), Key: r.ID, Act: lis.Put, Created: true, Record: r}
}

func drop(r *lis.Record) lis.Change {
	c := put(r)
	c.ID, c.Act, c.Created, c.Time = "drop-"+string(r.ID), lis.Drop, false, time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)
	return c
}

func must(t *testing.T, a adapters.Adapter, c lis.Change) lis.Outcome {
	t.Helper()
	o, err := a.Apply(t.Context(), c)
	if err != nil {
		t.Fatalf("%s %s %s: %v", c.Act, c.Kind, c.Key, err)
	}
	return o
}

var kinds = []lis.Kind{lis.KindPerson, lis.KindGroup, lis.KindMembership, lis.KindCourseOffering, lis.KindCourseSection, lis.KindSectionAssociation}

// TestSuite runs the suite for each removal under which what is Inactive can
// be told from what is gone.
func TestSuite(t *testing.T) {
	for _, removal := range []adapters.Removal{adapters.Delete, adapters.Complete} {
		t.Run(string(removal), func(t *testing.T) {
			adaptertest.Run(t, func(t *testing.T) adapters.Adapter {
				return openCrossing(t, func(o *Options) { o.Removal, o.SuspendUsers = removal, true })
			}, adaptertest.Features{
				Kinds:     kinds,
				Forgetful: true, // Canvas keeps no sequence
				Effects:   func(a adapters.Adapter) int { return len(a.(crossing).fake.Effects()) },
				Differ:    differ,
				Hang: func(t *testing.T) adapters.Adapter {
					_, url := serve(t, canvasfake.Options{Behaviour: canvasfake.Behaviour{Hang: true}})
					return open(t, url, nil)
				},
			})
		})
	}
}

// differ compares with the mirror of what was put.
func differ(put, got *lis.Record) string {
	want := mirror.Mirror(put)
	if shared(want, got) {
		return ""
	}
	if want != nil && want.ID == got.ID && reflect.DeepEqual(want.Object, got.Object) {
		return ""
	}
	a, _ := json.Marshal(want)
	b, _ := json.Marshal(got)
	return fmt.Sprintf("want %s\n got %s", a, b)
}

// shared: a section is in one course of Canvas, so of two associations that
// share it, as the samples do, the later one has it.
func shared(want, got *lis.Record) bool {
	w, is := want.Object.(*lis.SectionAssociation)
	g, was := got.Object.(*lis.SectionAssociation)
	if !is || !was || len(g.Sections()) >= len(w.Sections()) {
		return false
	}
	for _, s := range g.Sections() {
		if !slices.Contains(w.Sections(), s) {
			return false
		}
	}
	return want.ID == got.ID && g.Title.String() == w.Title.String()
}

var mirror = func() *Adapter {
	a, err := New(Options{URL: "http://localhost", Token: token, Removal: adapters.Delete})
	if err != nil {
		panic(err)
	}
	return a
}()
