package canvas

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lisgate/adapters"
	"lisgate/adapters/canvas/canvasfake"
	"lisgate/gateway/lis"
)

// TestTwoRolesOfOnePerson: a membership that ends, or is sent again, leaves the
// role of the other one alone; one after the other and in one batch.
func TestTwoRolesOfOnePerson(t *testing.T) {
	l := keep(t, nil)
	l.send(l.put("b1", "S1", 1, "Learner"))
	l.send(l.put("b2", "S1", 1, "Instructor"))
	l.want(1, "S1/Instructor", "S1/Learner")
	l.send(l.put("b1", "S1", 1, "Learner"))
	l.want(1, "S1/Instructor", "S1/Learner")
	l.send(l.put("b1", "S1", 1, "Learner!"))
	l.want(1, "S1/Instructor")
	l.send(l.put("b1", "S1", 1, "Learner"), l.put("b2", "S1", 1, "Instructor"))
	l.want(1, "S1/Instructor", "S1/Learner")
	l.send(l.put("b1", "S1", 1, "Learner!"), l.put("b2", "S1", 1, "Instructor"))
	l.want(1, "S1/Instructor")
	l.send(l.drop("b2"), l.put("b1", "S1", 1, "Learner"))
	l.want(1, "S1/Learner")
}

// TestOneRoleTwice: the enrolment stays as long as one of two memberships
// wants it.
func TestOneRoleTwice(t *testing.T) {
	for name, send := range map[string]func(l *ledger, changes ...lis.Change){
		"singly": func(l *ledger, changes ...lis.Change) {
			for _, c := range changes {
				l.send(c)
			}
		},
		"in one batch": func(l *ledger, changes ...lis.Change) { l.send(changes...) },
	} {
		t.Run(name, func(t *testing.T) {
			l := keep(t, nil)
			send(l, l.put("c1", "S1", 1, "Learner"))
			send(l, l.put("c2", "S1", 1, "Learner"), l.put("c1", "S1", 1, "Learner!"))
			l.want(1, "S1/Learner")
			send(l, l.put("c1", "S1", 1, "Learner"), l.put("c2", "S1", 1, "Learner!"))
			l.want(1, "S1/Learner")
			send(l, l.put("c1", "S1", 1, "Learner!"))
			l.want(1)
			send(l, l.put("c2", "S1", 1, "Learner"), l.drop("c1"))
			l.want(1, "S1/Learner")
			send(l, l.drop("c2"))
			l.want(1)
		})
	}
}

// TestMembershipMoves to another section, and to another person, under its id.
func TestMembershipMoves(t *testing.T) {
	l := keep(t, nil)
	l.send(l.put("m", "S1", 1, "Learner"))
	before := len(l.fake.Effects())
	l.send(l.put("m", "S2", 1, "Learner"))
	l.want(1, "S2/Learner")
	if e := l.fake.Effects()[before:]; len(e) != 2 || e[0].State != "active" || e[1].State != "inactive" {
		t.Errorf("not added before it was ended: %v", e)
	}
	l.send(l.put("m", "S2", 2, "Learner"))
	l.want(1)
	l.want(2, "S2/Learner")
	l.send(l.put("n", "S2", 2, "Learner"), l.put("m", "S1", 1, "Instructor")) // another one stays where it was
	l.want(1, "S1/Instructor")
	l.want(2, "S2/Learner")
	l.send(l.drop("n"), l.put("m", "S2", 1, "Learner", "Instructor"))
	l.want(1, "S2/Instructor", "S2/Learner")
	l.want(2)
	l.send(l.put("m", "S1", 1, "Learner"))
	l.want(1, "S1/Learner")
}

// TestMoveWithoutRoster ends what the crosswalk says was there.
func TestMoveWithoutRoster(t *testing.T) {
	l := keep(t, func(o *Options) { o.Roster = nil })
	l.send(l.put("m", "S1", 1, "Learner"))
	l.send(l.put("m", "S2", 1, "Learner"))
	l.want(1, "S2/Learner")
	l.send(l.put("m", "S2", 2, "Learner"))
	l.want(1)
	l.want(2, "S2/Learner")
}

// TestMovedAndDropped: Canvas never heard of the move.
func TestMovedAndDropped(t *testing.T) {
	l := keep(t, nil)
	l.send(l.put("m", "S1", 1, "Learner"))
	l.put("m", "S2", 1, "Instructor")
	l.send(l.drop("m"))
	l.want(1)
}

// TestManyMove: where they were is read once for all of them.
func TestManyMove(t *testing.T) {
	l := keep(t, nil)
	var come, move []lis.Change
	for n := range 30 {
		l.send(put(person(10 + n)))
		come = append(come, l.put(lis.SourcedID(string(person(10+n).ID)+"-m"), "S1", 10+n, "Learner"))
	}
	l.send(come...)
	for n := range 30 {
		move = append(move, l.put(lis.SourcedID(string(person(10+n).ID)+"-m"), "S2", 10+n, "Learner"))
	}
	before := l.fake.Requests()
	l.send(move...)
	if n := l.fake.Requests() - before; n > 8 {
		t.Errorf("%d requests", n)
	}
	l.want(10, "S2/Learner")
	l.want(39, "S2/Learner")
}

// TestEnrolledByHand: what a person made in Canvas is not ours to end.
func TestEnrolledByHand(t *testing.T) {
	l := keep(t, nil)
	l.send(l.put("m", "S1", 1, "Learner"), l.put("n", "S1", 2, "Learner"))
	l.fake.EnrollInUI("S1", string(person(1).ID), "TeacherEnrollment")
	l.send(l.put("m", "S1", 1, "ContentDeveloper"))
	l.want(1, "S1/ContentDeveloper", "S1/Instructor")
}

// TestTargetIDOfAFollowedImport: a change whose import was followed later tells
// the crosswalk the same.
func TestTargetIDOfAFollowedImport(t *testing.T) {
	l := keep(t, nil)
	l.send(l.put("c1", "S1", 1, "Learner"))
	c := l.put("c2", "S1", 1, "Learner")
	sleep := l.a.opts.Sleep
	leave(t, l.a, c)
	l.a.opts.Sleep = sleep
	imports := l.fake.Imports()
	if o := l.send(c)[0]; o.TargetID == "" || l.fake.Imports() != imports {
		t.Errorf("%v, %d imports more", o, l.fake.Imports()-imports)
	}
}

// TestListedForEach: memberships that share an enrolment are all listed, each
// as its mirror.
func TestListedForEach(t *testing.T) {
	l := keep(t, func(o *Options) { o.Removal = adapters.Delete })
	l.send(l.put("c1", "S1", 1, "Learner!"), l.put("c2", "S1", 1, "Learner"), l.put("c3", "S1", 1, "Learner", "Instructor"), l.put("d", "S1", 2, "Learner"))
	all, err := collect(t, l.a, lis.KindMembership)
	if err != nil || len(all) != 4 {
		t.Fatalf("%d memberships, %v", len(all), err)
	}
	for _, r := range all {
		mirrored := l.a.Mirror(l.records[r.ID])
		read, err := l.a.Read(t.Context(), lis.KindMembership, r.ID)
		if !equal(mirrored, r) || !equal(mirrored, read) || err != nil {
			t.Errorf("%s is listed as %v and read as %v, %v; want %v", r.ID, r, read, err, mirrored)
		}
	}
}

func equal(a, b *lis.Record) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, y := a.Object.(*lis.Membership), b.Object.(*lis.Membership)
	return a.ID == b.ID && seatOf(x) == seatOf(y) && x.Member.Role[0].Status == y.Member.Role[0].Status && x.Member.Role[0].RoleType == y.Member.Role[0].RoleType
}

// TestUnionOfMemberships: whatever happens to three memberships of a person in
// two sections, or of another person, in whatever batches, with records that
// may be ahead of what is sent and changes that newer ones replace, Canvas ends with what they say together.
func TestUnionOfMemberships(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		ids := rapid.SampledFrom([][]lis.SourcedID{{"x1"}, {"x1", "x2"}, {"x1", "x2", "x3"}}).Draw(r, "ids")
		replace := len(ids) == 1 // of several, one may count on a change that is never sent; reconcile tells what is left then
		l := keep(t, func(o *Options) {
			o.Removal = rapid.SampledFrom([]adapters.Removal{adapters.Suspend, adapters.Complete, adapters.Delete}).Draw(r, "removal")
		})
		var queue []lis.Change
		for n := rapid.IntRange(1, 10).Draw(r, "steps"); n > 0; n-- {
			queue = append(queue, step(r, l, ids))
			if rapid.Bool().Draw(r, "flush") {
				queue = flush(r, l, queue, replace)
			}
		}
		for len(queue) > 0 {
			queue = flush(r, l, queue, replace)
		}
		for who := 1; who <= 2; who++ {
			if got, want := l.active(who), l.union(who); !slices.Equal(got, append([]string{}, want...)) {
				r.Fatalf("Canvas has %q of person %d, the memberships say %q", got, who, want)
			}
		}
	})
}

func step(r *rapid.T, l *ledger, ids []lis.SourcedID) lis.Change {
	id := rapid.SampledFrom(ids).Draw(r, "id")
	if l.records[id] != nil && rapid.IntRange(0, 3).Draw(r, "drop") == 0 {
		return l.drop(id)
	}
	roles := rapid.SampledFrom([][]string{{"Learner"}, {"Instructor"}, {"Learner!"}, {"Instructor!"}, {"Learner", "Instructor"}, {"Learner!", "Instructor"}}).Draw(r, "roles")
	return l.put(id, rapid.SampledFrom([]string{"S1", "S2"}).Draw(r, "section"), rapid.SampledFrom([]int{1, 1, 1, 2}).Draw(r, "person"), roles...)
}

// flush sends some of what waits, no object twice in a batch. What a newer
// change replaces may be left out.
func flush(r *rapid.T, l *ledger, queue []lis.Change, replace bool) []lis.Change {
	if newer := slices.ContainsFunc(queue[1:], func(c lis.Change) bool { return c.Key == queue[0].Key }); newer && replace && rapid.Bool().Draw(r, "superseded") {
		return queue[1:]
	}
	most := rapid.IntRange(1, len(queue)).Draw(r, "batch")
	seen, n := map[lis.SourcedID]bool{}, 0
	for n < most && !seen[queue[n].Key] {
		seen[queue[n].Key] = true
		n++
	}
	l.send(queue[:n]...)
	return queue[n:]
}

// TestDroppedPersonReadsAsAbsent: with and without suspension, until the
// person comes back, or is active in Canvas again.
func TestDroppedPersonReadsAsAbsent(t *testing.T) {
	for name, suspend := range map[string]bool{"left": false, "suspended": true} {
		t.Run(name, func(t *testing.T) {
			l := keep(t, func(o *Options) { o.SuspendUsers = suspend })
			l.send(l.put("m", "S1", 1, "Learner"))
			l.send(l.drop("m"))
			listed(t, l.a, 2) // no enrolment is no Drop
			l.send(drop(person(1)))
			listed(t, l.a, 1)
			if r, err := l.a.Read(t.Context(), lis.KindPerson, person(1).ID); r != nil || err != nil {
				t.Errorf("reads as %v, %v", r, err)
			}
			l.send(put(person(1)))
			listed(t, l.a, 2)
			l.send(drop(person(1)))
			listed(t, l.a, 1)
			if !suspend {
				l.fake.EnrollInUI("S1", string(person(1).ID), "StudentEnrollment")
				listed(t, l.a, 2)
			}
		})
	}
}

func listed(t *testing.T, a *Adapter, want int) {
	t.Helper()
	all, err := collect(t, a, lis.KindPerson)
	if err != nil || len(all) != want {
		t.Errorf("%d persons are listed, %v; want %d", len(all), err, want)
	}
}

// TestSecondImportWaitsForTheFirst: what hangs on an import whose end nobody
// saw is not sent, and comes after it the next time.
func TestSecondImportWaitsForTheFirst(t *testing.T) {
	l := keep(t, nil)
	together := &lis.Record{ID: "X1", Object: &lis.SectionAssociation{Title: lis.NewText("en", "Together"),
		CourseSectionIDList: &lis.ListOfCourseSectionIDs{CourseSectionID: []lis.SourcedID{"S1", "S2"}}}}
	l.send(put(together))
	imports := l.fake.Imports()
	changes := []lis.Change{drop(together), drop(offeringOf("O1"))}
	l.fake.Behave(func(b *canvasfake.Behaviour) { b.StuckInitializing = 1 })
	sleep := l.a.opts.Sleep
	cut, looks := lostAfter(sleep, 1)
	l.a.opts.Sleep = cut
	_, errs := l.a.ApplyAll(t.Context(), changes)
	of(t, errs[0], adapters.Unavailable)
	of(t, errs[1], adapters.Unavailable)
	if l.fake.Imports() != imports+1 || *looks != 1 || l.a.pending == nil || l.a.pending.batch.changes[0].Key != "X1" {
		t.Errorf("%d imports were sent, %d looks; the first is not kept", l.fake.Imports()-imports, *looks)
	}
}
