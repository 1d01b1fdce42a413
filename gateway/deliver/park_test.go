package deliver

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// enrolment returns a membership of a person in a section.
func enrolment(id, person, section string) *lis.Record {
	return &lis.Record{ID: lis.SourcedID(id), Object: &lis.Membership{
		CollectionSourcedID: lis.SourcedID(section), MembershipIDType: "courseSection",
		Member: &lis.Member{PersonSourcedID: lis.SourcedID(person), Role: []lis.Role{{RoleType: "Learner", Status: "Active"}}},
	}}
}

// term returns the records of a small term, parents first: an offering, its
// sections, persons, and an enrolment of each person in each section.
func term(persons, sections int) (records []*lis.Record) {
	records = append(records,
		&lis.Record{ID: "t", Object: &lis.CourseTemplate{}},
		&lis.Record{ID: "o", Object: &lis.CourseOffering{ParentTemplateID: "t"}})
	for s := range sections {
		records = append(records, &lis.Record{ID: lis.SourcedID(fmt.Sprintf("s%d", s)), Object: &lis.CourseSection{ParentOfferingID: "o"}})
	}
	for p := range persons {
		id := fmt.Sprintf("p%d", p)
		records = append(records, &lis.Record{ID: lis.SourcedID(id), Object: &lis.Person{}})
		for s := range sections {
			records = append(records, enrolment(fmt.Sprintf("m%d-%d", p, s), id, fmt.Sprintf("s%d", s)))
		}
	}
	return records
}

// Enrolments and sections that come before persons and courses are parked,
// each of them, and released when the last parent is there: none is a dead
// letter (reliability A9).
func TestWhatComesBeforeItsParentsIsParked(t *testing.T) {
	for _, rows := range []int{0, 50} {
		t.Run(fmt.Sprint("rows ", rows), func(t *testing.T) {
			inHouse(t, func(h *house) {
				records := term(200, 5)
				dice := rand.New(rand.NewPCG(1, 2))
				dice.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
				lms := &memory.Adapter{Strict: true, Latency: time.Millisecond, BatchRows: rows}
				h.start(h.store, Target{Name: "lms", Adapter: lms})
				for _, r := range records {
					if r.Object.Kind() != lis.KindCourseTemplate {
						h.record(r)
					}
				}
				time.Sleep(10 * time.Second)
				h.settle()
				if s := h.standing("lms"); s.Parked != 5*200+5+1 || s.Waiting != s.Parked {
					t.Errorf("standing %+v", s)
				}
				h.record(&lis.Record{ID: "t", Object: &lis.CourseTemplate{}})
				h.Wake([]string{"lms"})
				time.Sleep(990 * time.Millisecond)
				h.balance("lms", int64(len(records)), 0, 0)
				h.end()
			})
		})
	}
}

func (h *house) standing(target string) journal.Standing {
	h.Helper()
	snapshot, err := h.store.Snapshot(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	defer snapshot.Close()
	s, err := snapshot.Standing(target)
	if err != nil {
		h.Fatal(err)
	}
	return s
}

// The person comes ever so often just while the enrolment is being tried.
func TestAParentThatComesDuringTheAttempt(t *testing.T) {
	for ms := range 30 {
		inHouse(t, func(h *house) {
			lms := &tardy{&memory.Adapter{Strict: true}}
			h.record(&lis.Record{ID: "s", Object: &lis.CourseSection{}})
			h.start(h.store, Target{Name: "lms", Adapter: lms})
			time.Sleep(100 * time.Millisecond)
			h.record(enrolment("m", "p", "s"))
			h.Wake([]string{"lms"})
			time.Sleep(time.Duration(ms) * time.Millisecond / 2)
			h.record(&lis.Record{ID: "p", Object: &lis.Person{}})
			h.Wake([]string{"lms"})
			time.Sleep(500 * time.Millisecond)
			h.balance("lms", 3, 0, 0)
			h.end()
		})
	}
}

// tardy is an adapter that takes its time to say what is missing.
type tardy struct{ *memory.Adapter }

func (a *tardy) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	outcome, err := a.Adapter.Apply(ctx, c)
	if err != nil {
		time.Sleep(10 * time.Millisecond)
	}
	return outcome, err
}

// What is parked is looked at now and then: the parent may come in another way.
func TestWhatIsParkedIsTriedNowAndThen(t *testing.T) {
	inHouse(t, func(h *house) {
		tried := &attempts{}
		lms := &memory.Adapter{Fail: func(c lis.Change) error {
			tried.note(c)
			return &adapters.Error{Class: adapters.Missing, Parent: "u42", ParentKind: lis.KindPerson, Err: errors.New("no such user")}
		}}
		h.start(h.store, Target{Name: "lms", Adapter: lms, MaxDelay: 30 * time.Second, GiveUpAfter: 30 * time.Minute})
		h.put("lms", "a")
		time.Sleep(29 * time.Minute)
		tried.mu.Lock()
		tried.gaps(t, time.Minute, 2*time.Minute, 4*time.Minute, 6*time.Minute, 6*time.Minute)
		tried.mu.Unlock()
		s := h.of("a")[0]
		if s.State != journal.Parked || s.Parent != (lis.Ref{Kind: lis.KindPerson, ID: "u42"}) || !strings.Contains(s.Reason, "waits for u42") {
			t.Errorf("settled %+v", s)
		}
		time.Sleep(7 * time.Minute)
		h.balance("lms", 0, 1, 0)
		h.end()
	})
}

// What was looked at again and again while it was parked goes in full calls
// when its parent is there, with what is new: waiting is no failing.
func TestWhatWasParkedForLongGoesTogether(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &batches{Adapter: &memory.Adapter{Strict: true, BatchRows: 100, Latency: time.Second}}
		h.record(&lis.Record{ID: "p", Object: &lis.Person{}})
		for i := range 100 {
			h.record(enrolment(fmt.Sprint("m", i), "p", "s"))
		}
		h.start(h.store, Target{Name: "lms", Adapter: lms, Workers: 1})
		time.Sleep(24 * time.Hour)
		before := len(lms.sizes())
		for i := range 100 {
			h.record(&lis.Record{ID: lis.SourcedID(fmt.Sprint("q", i)), Object: &lis.Person{}})
		}
		h.record(&lis.Record{ID: "s", Object: &lis.CourseSection{}})
		h.Wake([]string{"lms"})
		time.Sleep(time.Minute)
		h.balance("lms", 202, 0, 0)
		if after := lms.sizes()[before:]; len(after) > 5 {
			t.Errorf("the calls had %v changes", after)
		}
		h.end()
	})
}

// What looks like the same object there waits for a person, with the hint.
func TestAMatchIsHeld(t *testing.T) {
	inHouse(t, func(h *house) {
		var linked atomic.Bool
		lms := &memory.Adapter{Fail: func(c lis.Change) error {
			if linked.Load() {
				return nil
			}
			return &adapters.Error{Class: adapters.Refused, Match: "4711", Err: errors.New("the user name is taken")}
		}}
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		h.put("lms", "a")
		h.settle()
		s := h.of("a")[0]
		if s.State != journal.Held || s.Hold != journal.HoldMatch || s.Match != "4711" || !strings.Contains(s.Reason, "the user name is taken; if the two are one") {
			t.Errorf("settled %+v", s)
		}
		linked.Store(true)
		h.decide(true, s.Seq)
		h.balance("lms", 1, 0, 0)
		if pair, err := h.store.PairOf(t.Context(), "lms", lis.KindPerson, "a"); err != nil || pair == nil || len(pair.Hash) != 16 {
			t.Errorf("the crosswalk has %+v, %v", pair, err)
		}
		h.end()
	})
}

// decide ends holds and waits until nothing is to be done.
func (h *house) decide(approve bool, seqs ...int64) {
	h.Helper()
	n, err := h.store.Decide(h.Context(), "lms", seqs, approve, "ann", time.Now())
	if err != nil || n != len(seqs) {
		h.Fatalf("decided %d of %d: %v", n, len(seqs), err)
	}
	h.Wake([]string{"lms"})
	time.Sleep(time.Second)
	h.settle()
}
