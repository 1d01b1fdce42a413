package reconcile

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/memory"
	"lisgate/gateway/deliver"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A house is a journal with a registrar, and an engine to a target in memory.
type house struct {
	*testing.T
	store journal.Store
	reg   *registrar.Registrar
	eng   *deliver.Engine
	lms   *memory.Adapter
	over  adapters.Adapter // what the comparison sees; lms unless set
	as    func(*Options)   // how the comparison is made, besides
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{T: t, store: journaltest.NewMemory(time.Now), lms: &memory.Adapter{}}
	h.eng = deliver.New(h.store, zap.NewNop(), time.Now, nil)
	h.reg = registrar.New(registrar.Options{Store: h.store, Wake: h.eng.Wake,
		Targets: func(journal.View, *lis.Change) ([]string, error) { return []string{"lms"}, nil }})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.eng.Run(ctx, []deliver.Target{{Name: "lms", Adapter: h.lms}}) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		h.store.Close()
	})
	return h
}

func (h *house) say(operation string, r *lis.Record) {
	h.Helper()
	call := &lis.Call{Operation: operation, ID: r.ID}
	if r.Object != nil {
		call.Record = r
	}
	if a := h.reg.Do(h.Context(), &registrar.Request{Call: call, Caller: "sis"}); !a.Status.OK() {
		h.Fatalf("%s: %+v", operation, a.Status)
	}
}

func (h *house) settle() {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), 10*time.Second)
	defer cancel()
	h.eng.Wake([]string{"lms"})
	if err := h.eng.Idle(ctx); err != nil {
		h.Fatal(err)
	}
	time.Sleep(2 * time.Millisecond) // what follows is later than the last delivery
}

// term brings persons, a section and memberships to the target.
func (h *house) term(n int) {
	h.Helper()
	h.say("replaceCourseSection", &lis.Record{ID: "s-1", Object: &lis.CourseSection{Title: lis.NewText("en", "Optics")}})
	for i := range n {
		r := adaptertest.Sample(lis.KindPerson, i)
		r.ID = lis.SourcedID(fmt.Sprintf("p-%02d", i))
		h.say("replacePerson", r)
		h.say("replaceMembership", membership(i, "Learner"))
	}
	h.settle()
}

func membership(i int, role string) *lis.Record {
	return &lis.Record{ID: lis.SourcedID(fmt.Sprintf("m-%02d", i)), Object: &lis.Membership{CollectionSourcedID: "s-1", MembershipIDType: "courseSection",
		Member: &lis.Member{PersonSourcedID: lis.SourcedID(fmt.Sprintf("p-%02d", i)), Role: []lis.Role{{RoleType: role}}}}}
}

// drift does something to the target that the records do not know of.
func (h *house) drift(act lis.Act, r *lis.Record) {
	h.Helper()
	o, err := h.lms.Apply(h.Context(), lis.Change{ID: fmt.Sprint(act, r.ID, time.Now().UnixNano()), Seq: h.seq(r), Kind: r.Object.Kind(), Key: r.ID, Act: act, Record: r})
	if err != nil || o.Effect != lis.Applied {
		h.Fatal(o, err)
	}
}

// seq is that of the newest change of an object: the target heeds no older one.
func (h *house) seq(r *lis.Record) int64 {
	h.Helper()
	snap, err := h.store.Snapshot(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	defer snap.Close()
	if e, err := snap.Get(r.Object.Kind(), r.ID); err != nil || e != nil {
		return e.Seq
	}
	return 1
}

func (h *house) options() Options {
	var a adapters.Adapter = h.lms
	if h.over != nil {
		a = h.over
	}
	o := Options{Store: h.store, Target: "lms", Adapter: a, Now: time.Now,
		Wanted: func(journal.View, *lis.Change) (bool, error) { return true, nil }}
	if h.as != nil {
		h.as(&o)
	}
	return o
}

// diff returns the differences in short, and the summaries.
func (h *house) diff(each func(*Difference)) ([]string, []Summary) {
	h.Helper()
	var found []string
	sums, err := Compare(h.Context(), h.options(), func(d *Difference) error {
		said := string(d.What) + " " + string(d.Kind) + " " + string(d.ID)
		for _, f := range d.Fields {
			said += " " + f.Name
		}
		found = append(found, said)
		if each != nil {
			each(d)
		}
		return nil
	})
	if err != nil {
		h.Fatal(err)
	}
	slices.Sort(found)
	return found, sums
}

func (h *house) expect(got, want []string) {
	h.Helper()
	if !slices.Equal(got, want) {
		h.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestNoDriftNoDifference(t *testing.T) {
	h := newHouse(t)
	h.term(20)
	found, sums := h.diff(nil)
	h.expect(found, nil)
	for _, s := range sums {
		if s.Kind == lis.KindPerson && (s.Wanted != 20 || s.Listed != 20) {
			t.Errorf("summary %+v", s)
		}
	}
}

// drifted is a target with one drift of each sort.
func drifted(t *testing.T) (*house, []string) {
	h := newHouse(t)
	h.term(20)
	h.drift(lis.Drop, &lis.Record{ID: "p-03", Object: &lis.Person{}})
	h.drift(lis.Put, membership(5, "Instructor"))
	h.drift(lis.Put, membership(77, "Learner"))
	h.say("deleteMembership", &lis.Record{ID: "m-07"})
	h.settle()
	h.drift(lis.Put, membership(7, "Learner"))
	return h, []string{
		"differs membership m-05 member.role[0].roleType",
		"extra membership m-07", "extra membership m-77",
		"missing person p-03",
	}
}

func TestDriftIsListedExactly(t *testing.T) {
	h, want := drifted(t)
	found, _ := h.diff(func(d *Difference) {
		if d.ID == "m-07" && d.Why != "it was deleted" || d.ID == "m-77" && d.Why != "the records do not know it" {
			t.Errorf("%+v", d)
		}
	})
	h.expect(found, want)
}

func (h *house) heal(extras bool) *Healing {
	h.Helper()
	healing := &Healing{Store: h.store, Remove: h.reg, Target: "lms", Caller: "operator", Extras: extras}
	h.diff(func(d *Difference) {
		if err := healing.Add(h.Context(), d); err != nil {
			h.Fatal(err)
		}
	})
	if err := healing.Flush(h.Context()); err != nil {
		h.Fatal(err)
	}
	h.settle()
	return healing
}

// Healing mends what the records know of, and what they do not only when told.
func TestHealEndsTheDrift(t *testing.T) {
	h, _ := drifted(t)
	if did := h.heal(false); did.Resent != 3 || did.Left != 1 || did.Removed != 0 {
		t.Errorf("healed %+v", did)
	}
	found, _ := h.diff(nil)
	h.expect(found, []string{"extra membership m-77"})
	if did := h.heal(true); did.Removed != 1 {
		t.Errorf("healed %+v", did)
	}
	found, _ = h.diff(nil)
	h.expect(found, nil)
}

// brokenOff is a target whose list of persons ends in an error, or says one
// person twice.
type brokenOff struct {
	*memory.Adapter
	twice bool
}

func (b brokenOff) List(ctx context.Context, kind lis.Kind) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		n := 0
		for r, err := range b.Adapter.List(ctx, kind) {
			if n++; kind == lis.KindPerson && n == 6 {
				if !b.twice {
					yield(nil, &adapters.Error{Class: adapters.Unavailable, Err: errors.New("connection cut")})
					return
				}
				if !yield(r, err) {
					return
				}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// Pain 8: what was not read is never taken for absent.
func TestAnIncompleteListTellsNothingMissing(t *testing.T) {
	for _, twice := range []bool{false, true} {
		h := newHouse(t)
		h.term(20)
		h.over = brokenOff{h.lms, twice}
		found, sums := h.diff(nil)
		h.expect(found, nil)
		for _, s := range sums {
			if (s.Kind == lis.KindPerson) != (s.Trouble != "") {
				t.Errorf("twice %v: %+v", twice, s)
			}
		}
	}
}

// anonymous is a target that keeps no ids of memberships, no agents, and only
// the family name of a person.
type anonymous struct{ *memory.Adapter }

func (a anonymous) Mirror(r *lis.Record) *lis.Record {
	m, ok := r.Object.(*lis.Membership)
	if !ok {
		return r
	}
	if m.Member.Role[0].Status == lis.StatusInactive {
		return nil
	}
	return &lis.Record{ID: r.ID, Object: &lis.Membership{CollectionSourcedID: m.CollectionSourcedID,
		Member: &lis.Member{PersonSourcedID: m.Person(), Role: []lis.Role{{RoleType: m.Member.Role[0].RoleType}}}}}
}

func (a anonymous) List(ctx context.Context, kind lis.Kind) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		for r, err := range a.Adapter.List(ctx, kind) {
			if kind == lis.KindMembership {
				if r = a.Mirror(r); r == nil {
					continue
				}
				r.ID = ""
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// A membership without an id is known by its person, collection and role.
func TestMembershipsWithoutIDs(t *testing.T) {
	h := newHouse(t)
	h.term(5)
	second := membership(2, "Instructor") // the same person, twice in the section
	second.ID = "m-02-teaches"
	h.say("replaceMembership", second)
	inactive := membership(4, "Learner")
	inactive.Object.(*lis.Membership).Member.Role[0].Status = lis.StatusInactive
	h.say("replaceMembership", inactive)
	h.settle()
	h.over = anonymous{h.lms}
	found, _ := h.diff(nil)
	h.expect(found, nil)
	h.drift(lis.Drop, membership(1, ""))
	h.drift(lis.Put, membership(4, "Learner")) // made active by hand
	found, _ = h.diff(nil)
	h.expect(found, []string{"extra membership m-04", "missing membership m-01"})
	h.heal(false)
	found, _ = h.diff(nil)
	h.expect(found, nil)
}

// A target that can only be asked is asked for each record.
func TestReaderWithoutList(t *testing.T) {
	h := newHouse(t)
	h.term(5)
	h.drift(lis.Drop, &lis.Record{ID: "p-03", Object: &lis.Person{}})
	h.over = struct {
		adapters.Adapter
		adapters.Reader
	}{h.lms, h.lms}
	found, _ := h.diff(nil)
	h.expect(found, []string{"missing person p-03"})
	h.over = struct{ adapters.Adapter }{h.lms}
	if _, err := Compare(t.Context(), h.options(), nil); err == nil {
		t.Error("a target that can neither list nor read was compared")
	}
}
