package registrar

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"
)

// A house is a registrar over a store of its own, with a target "lms" that
// hears of everything.
type house struct {
	*Registrar
	t     *testing.T
	store journal.Store

	mu    sync.Mutex
	woken []string
	open  int // snapshots that are not closed
}

var start = time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)

func newHouse(t *testing.T, settings ...func(*Options)) *house {
	t.Helper()
	return houseOver(t, newStore(t), settings...)
}

// newStore opens the store of a house: in memory, but see TestOverSQLite.
var newStore = func(t *testing.T) journal.Store {
	store := journaltest.NewMemory(time.Now)
	t.Cleanup(func() { store.Close() })
	return store
}

func houseOver(t *testing.T, store journal.Store, settings ...func(*Options)) *house {
	h := &house{t: t, store: store}
	o := Options{
		Store:   watched{store, h},
		Targets: func(journal.View, *lis.Change) ([]string, error) { return []string{"lms"}, nil },
		Wake: func(targets []string) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.woken = append(h.woken, targets...)
		},
	}
	for _, set := range settings {
		set(&o)
	}
	h.Registrar = New(o)
	t.Cleanup(func() {
		if h.open != 0 {
			t.Errorf("%d snapshots were left open", h.open)
		}
	})
	return h
}

// watched counts the snapshots that are open.
type watched struct {
	journal.Store
	h *house
}

type watchedSnapshot struct {
	journal.Snapshot
	h *house
}

func (w watched) Snapshot(ctx context.Context) (journal.Snapshot, error) {
	s, err := w.Store.Snapshot(ctx)
	if err == nil {
		w.h.count(1)
		s = watchedSnapshot{s, w.h}
	}
	return s, err
}

func (w watchedSnapshot) Close() error {
	w.h.count(-1)
	return w.Snapshot.Close()
}

func (h *house) count(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open += n
}

// requestOf is what a door makes of a call.
func requestOf(c *lis.Call) *Request {
	data, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(append([]byte("sis "), data...))
	return &Request{Call: c, Caller: "sis", MessageID: "m", Hash: sum[:], Body: data}
}

// A reply is an answer with its streams read to the end.
type reply struct {
	lis.Answer
	ids     []lis.SourcedID
	records []*lis.Record
}

func (h *house) send(q *Request) *reply {
	h.t.Helper()
	a := h.Do(context.Background(), q)
	return h.readOut(a)
}

func (h *house) readOut(a *lis.Answer) *reply {
	h.t.Helper()
	ids, err := lis.Collect(a.IDs)
	if err != nil {
		h.t.Fatal(err)
	}
	records, err := lis.Collect(a.Records)
	if err != nil {
		h.t.Fatal(err)
	}
	if a.Close != nil {
		a.Close()
	}
	return &reply{*a, ids, records}
}

func (h *house) do(c *lis.Call) *reply {
	h.t.Helper()
	return h.send(requestOf(c))
}

// must sends calls that have to succeed.
func (h *house) must(calls ...*lis.Call) *reply {
	h.t.Helper()
	var last *reply
	for _, c := range calls {
		if last = h.do(c); !last.Status.OK() {
			h.t.Fatalf("%s: %+v", c.Operation, last.Status)
		}
	}
	return last
}

func (h *house) entry(k lis.Kind, id lis.SourcedID) *journal.Entry {
	h.t.Helper()
	snap, err := h.store.Snapshot(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	defer snap.Close()
	e, err := snap.Get(k, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return e
}

func (h *house) object(k lis.Kind, id lis.SourcedID) lis.Object {
	h.t.Helper()
	e := h.entry(k, id)
	if e == nil || e.Deleted {
		return nil
	}
	rec, err := lis.UnmarshalRecord(k, id, e.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return rec.Object
}

// messages returns what is kept about an object.
func (h *house) messages(id lis.SourcedID) []*journal.Message {
	h.t.Helper()
	snap, err := h.store.Snapshot(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	defer snap.Close()
	m, err := lis.Collect(snap.Messages(id))
	if err != nil {
		h.t.Fatal(err)
	}
	return m
}

// queued returns the changes in the queue as "put person p", oldest first.
func (h *house) queued() []string {
	h.t.Helper()
	var all []journal.Delivery
	now := time.Now().Add(24 * time.Hour)
	for {
		d, err := h.store.Lease(context.Background(), "lms", 100000, now, now.Add(time.Hour))
		if err != nil {
			h.t.Fatal(err)
		}
		if len(d) == 0 {
			break
		}
		all = append(all, d...)
		var done []journal.Settlement
		for _, d := range d {
			done = append(done, journal.Settlement{Target: "lms", Seq: d.Seq, Fence: d.Fence, State: journal.Applied, At: now})
		}
		if err := h.store.Settle(context.Background(), done); err != nil {
			h.t.Fatal(err)
		}
	}
	slices.SortFunc(all, func(a, b journal.Delivery) int { return int(a.Seq - b.Seq) })
	var words []string
	for _, d := range all {
		words = append(words, string(d.Act)+" "+string(d.Kind)+" "+string(d.Key))
	}
	return words
}

func (h *house) expect(got any, want any, what string) {
	h.t.Helper()
	g, _ := json.Marshal(got)
	w, _ := json.Marshal(want)
	if string(g) != string(w) {
		h.t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

func text(s string) *lis.Text { return lis.NewText("en", s) }

// builders make an object of each kind that says a word somewhere.
var builders = map[lis.Kind]func(word string) lis.Object{
	lis.KindPerson: func(w string) lis.Object {
		return &lis.Person{FormName: []lis.FormName{{FormattedName: text(w)}}}
	},
	lis.KindGroup:              func(w string) lis.Object { return &lis.Group{Email: w} },
	lis.KindMembership:         func(w string) lis.Object { return member("sec", "p", w) },
	lis.KindCourseTemplate:     func(w string) lis.Object { return &lis.CourseTemplate{Title: text(w)} },
	lis.KindCourseOffering:     func(w string) lis.Object { return &lis.CourseOffering{Title: text(w)} },
	lis.KindCourseSection:      func(w string) lis.Object { return &lis.CourseSection{Title: text(w)} },
	lis.KindSectionAssociation: func(w string) lis.Object { return &lis.SectionAssociation{Title: text(w)} },
	lis.KindLineItem:           func(w string) lis.Object { return &lis.LineItem{Label: text(w)} },
	lis.KindResult: func(w string) lis.Object {
		return &lis.Result{LineItemSourcedID: "li", PersonSourcedID: "p", ResultScore: text(w)}
	},
	lis.KindResultValue: func(w string) lis.Object { return &lis.ResultValue{Label: text(w)} },
}

func member(collection, person lis.SourcedID, role string) *lis.Membership {
	return memberOf("courseSection", collection, person, role)
}

func memberOf(kind string, collection, person lis.SourcedID, role string) *lis.Membership {
	return &lis.Membership{CollectionSourcedID: collection, MembershipIDType: kind,
		Member: &lis.Member{PersonSourcedID: person, Role: []lis.Role{{RoleType: role, Status: "Active"}}}}
}

// call makes a call with one of the common verbs; the record says a word.
func call(v lis.Verb, k lis.Kind, id lis.SourcedID, word string) *lis.Call {
	c := &lis.Call{Operation: lis.OperationFor(k, v), ID: id}
	switch v {
	case lis.Create, lis.Replace, lis.Update, lis.CreateByProxy:
		c.Record = &lis.Record{ID: id, Object: builders[k](word)}
	}
	return c
}

// put replaces an object.
func put(id lis.SourcedID, o lis.Object) *lis.Call {
	return &lis.Call{Operation: lis.OperationFor(o.Kind(), lis.Replace), ID: id, Record: &lis.Record{ID: id, Object: o}}
}

func each(t *testing.T, f func(t *testing.T, k lis.Kind)) {
	for i := range lis.Kinds {
		k := lis.Kinds[i].Kind
		t.Run(string(k), func(t *testing.T) { f(t, k) })
	}
}
