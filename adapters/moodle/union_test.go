package moodle

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/moodle/moodlefake"
	"lisgate/gateway/lis"
)

// books are the records, as a roster of them.
type books struct {
	mu    sync.Mutex
	live  map[lis.SourcedID]*lis.Record
	err   error
	asked func()
}

func (k *books) Memberships(_ context.Context, collection, person lis.SourcedID) ([]*lis.Record, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.asked != nil {
		k.asked()
	}
	var found []*lis.Record
	for _, r := range k.live {
		if m := r.Object.(*lis.Membership); m.CollectionSourcedID == collection && m.Person() == person {
			found = append(found, r)
		}
	}
	return found, k.err
}

// says writes changes down, as the journal does before they are delivered.
func (k *books) says(cs ...lis.Change) []lis.Change {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, c := range cs {
		if delete(k.live, c.Key); c.Act == lis.Put {
			k.live[c.Key] = c.Record
		}
	}
	return cs
}

// united is a world with a person in one section, and the records of it.
func united(t *testing.T, o Options) (*world, *books) {
	t.Helper()
	k := &books{live: map[lis.SourcedID]*lis.Record{}}
	o.Roster = k
	w := newWorld(t, moodlefake.Options{}, o)
	class(w, 1)
	return w, k
}

// as is a membership of the person, with its own identifier.
func as(id, section, role, status string) *lis.Record {
	r := memberRecord(section, 0, role)
	r.ID = lis.SourcedID(id)
	r.Object.(*lis.Membership).Member.Role[0].Status = status
	return r
}

// both tries flows one change at a time and all in one batch.
func both(t *testing.T, try func(t *testing.T, w *world, tell func(...lis.Change))) {
	t.Helper()
	for name, batched := range map[string]bool{"one by one": false, "in one batch": true} {
		t.Run(name, func(t *testing.T) {
			w, k := united(t, Options{})
			try(t, w, func(cs ...lis.Change) {
				t.Helper()
				if batched {
					w.all(k.says(cs...), nil)
					return
				}
				for _, c := range cs {
					w.must(k.says(c)...)
				}
			})
		})
	}
}

func (w *world) stands(section string, suspended bool, roles ...string) {
	w.Helper()
	if e := w.enrolment(section, 0); e.Suspended != suspended || !slices.Equal(slices.Sorted(slices.Values(e.Roles)), roles) {
		w.Errorf("in %s: %+v, want suspended %v and %v", section, e, suspended, roles)
	}
}

func TestASecondMembershipWithTheSameRoleIsDropped(t *testing.T) {
	both(t, func(t *testing.T, w *world, tell func(...lis.Change)) {
		tell(put(as("a1", "S1", "Learner", "Active")), put(as("a2", "S1", "Learner", "Active")))
		tell(drop(as("a2", "S1", "Learner", "Active")))
		w.stands("S1", false, "student")
		tell(drop(as("a1", "S1", "Learner", "Active")))
		w.stands("S1", true, "student")
	})
}

func TestOneOfTwoMembershipsBecomesInactive(t *testing.T) {
	both(t, func(t *testing.T, w *world, tell func(...lis.Change)) {
		tell(put(as("b1", "S1", "Learner", "Active")), put(as("b2", "S1", "Instructor", "Active")), put(as("b1", "S1", "Learner", "Inactive")))
		w.stands("S1", false, "editingteacher")
		tell(put(as("b2", "S1", "Instructor", "Inactive")))
		w.stands("S1", true, "editingteacher", "student")
		tell(put(as("b1", "S1", "Learner", "Active")))
		w.stands("S1", false, "student")
	})
}

func TestAMembershipTakesThePlaceOfAnother(t *testing.T) {
	both(t, func(t *testing.T, w *world, tell func(...lis.Change)) {
		tell(put(as("c1", "S1", "Learner", "Active")))
		tell(put(as("c2", "S1", "Learner", "Active")), put(as("c1", "S1", "Learner", "Inactive")))
		w.stands("S1", false, "student")
	})
}

func TestARoleChangesByDropAndCreate(t *testing.T) {
	both(t, func(t *testing.T, w *world, tell func(...lis.Change)) {
		tell(put(as("CM-LEARNER-CS1", "S1", "Learner", "Active")))
		tell(drop(as("CM-LEARNER-CS1", "S1", "Learner", "Active")), put(as("CM-INSTRUCTOR-CS1", "S1", "Instructor", "Active")))
		w.stands("S1", false, "editingteacher")
	})
}

func TestAMembershipMovesAwayFromAnotherOfItsOwn(t *testing.T) {
	both(t, func(t *testing.T, w *world, tell func(...lis.Change)) {
		w.must(put(sectionRecord("S2", "Two")))
		tell(put(as("a1", "S1", "Learner", "Active")), put(as("a2", "S1", "Learner", "Active")))
		tell(put(as("a2", "S2", "Learner", "Active")))
		w.stands("S1", false, "student")
		w.stands("S2", false, "student")
		tell(drop(as("a1", "S1", "Learner", "Active")))
		w.stands("S1", true, "student")
	})
}

func TestAnAssociationIsWhatItsSectionsSay(t *testing.T) {
	both(t, func(t *testing.T, w *world, tell func(...lis.Change)) {
		w.must(put(sectionRecord("S2", "Two")))
		tell(put(as("a1", "S1", "Learner", "Active")), put(as("a2", "S2", "Instructor", "Active")))
		w.must(put(&lis.Record{ID: "X1", Object: course{Shortname: "Joint"}.association([]lis.SourcedID{"S1", "S2"})}))
		in := func(suspended bool, groups []string, roles ...string) {
			t.Helper()
			w.stands("X1", suspended, roles...)
			if e := w.enrolment("X1", 0); !suspended && !slices.Equal(e.Groups, groups) {
				t.Errorf("groups %v, want %v", e.Groups, groups)
			}
		}
		tell(put(as("a3", "S1", "Learner", "Active")), put(as("a1", "S1", "Learner", "Inactive")))
		in(false, []string{"S1", "S2"}, "editingteacher", "student")
		tell(drop(as("a3", "S1", "Learner", "Active")))
		in(false, []string{"S2"}, "editingteacher")
		direct := as("d", "X1", "TeachingAssistant", "Active")
		direct.Object.(*lis.Membership).MembershipIDType = string(lis.KindSectionAssociation)
		tell(put(direct))
		in(false, []string{"S2"}, "editingteacher", "teacher")
		tell(drop(direct))
		in(false, []string{"S2"}, "editingteacher")
		tell(drop(as("a2", "S2", "Instructor", "Active")))
		in(true, nil, "editingteacher")
		tell(put(as("a1", "S1", "Learner", "Active")))
		in(false, []string{"S1"}, "student")
	})
}

func TestAMembershipThatIsInactiveIsReadAsSuchBesideAnother(t *testing.T) {
	w, k := united(t, Options{})
	w.must(k.says(put(as("a1", "S1", "Learner", "Inactive")), put(as("a2", "S1", "Learner", "Active")))...)
	for id, there := range map[lis.SourcedID]bool{"a1": false, "a2": true} {
		if r, err := w.Adapter.Read(t.Context(), lis.KindMembership, id); err != nil || (r != nil) != there {
			t.Errorf("%s: %+v, %v", id, r, err)
		}
	}
}

func TestTheRecordsCannotBeRead(t *testing.T) {
	w, k := united(t, Options{})
	k.err = fmt.Errorf("disk")
	w.refuses(put(as("a1", "S1", "Learner", "Active")), adapters.Unavailable, "ask the records")
	if n := w.site.Counts().Enrolments; n != 0 {
		t.Errorf("%d enrolments were made of half of the records", n)
	}
}

// Workers carry changes of one person's memberships at the same time: none of
// them may tell Moodle what was so a moment ago.
func TestOneAtATimeWorksAtAnEnrolment(t *testing.T) {
	w, k := united(t, Options{})
	asked := 0
	k.asked = func() {
		asked++
		if w.turns.tryTake([]string{"seat S1 P0"}) == nil {
			t.Error("another worker can change the enrolment between the question and the call")
		}
	}
	w.must(k.says(put(as("a1", "S1", "Learner", "Active")))...)
	w.must(k.says(drop(as("a1", "S1", "Learner", "Active")))...)
	if asked != 2 {
		t.Errorf("the records were asked %d times, want 2", asked)
	}
	release, err := w.turns.take(t.Context(), []string{"a", "b", "a"})
	if err != nil {
		t.Fatal(err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := w.turns.take(ended, []string{"c", "b"}); err == nil {
		t.Error("what is taken was given to another")
	}
	release()
	if release, err = w.turns.take(t.Context(), []string{"c", "b"}); err != nil {
		t.Fatal(err)
	}
	release()
	if len(w.turns.taken) != 0 {
		t.Errorf("still taken: %v", w.turns.taken)
	}
}
