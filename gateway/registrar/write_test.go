package registrar

import (
	"context"
	"strings"
	"testing"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Every verb that writes a record, against an object that is absent, present,
// deleted, and after the same message was sent before.
func TestVerbsOnEveryKind(t *testing.T) {
	type want struct {
		minor lis.CodeMinor
		word  string // what the object says afterwards; "" when it is not there
	}
	created := want{"created", "new"} // createsuccess in OMS, fullsuccess elsewhere
	cases := []struct {
		verb                              lis.Verb
		absent, present, deleted, repeats want
	}{
		{lis.Create, want{lis.FullSuccess, "new"}, want{lis.IDAllocFail, "old"}, want{lis.FullSuccess, "new"}, want{lis.FullSuccess, "new"}},
		{lis.Replace, created, want{lis.FullSuccess, "new"}, created, created},
		{lis.Update, want{lis.UnknownObject, ""}, want{lis.FullSuccess, "new"}, want{lis.UnknownObject, ""}, want{lis.UnknownObject, ""}},
		{lis.Delete, want{lis.UnknownObject, ""}, want{lis.FullSuccess, ""}, want{lis.UnknownObject, ""}, want{lis.UnknownObject, ""}},
	}
	each(t, func(t *testing.T, k lis.Kind) {
		h := newHouse(t)
		check := func(state string, c *lis.Call, w want) {
			t.Helper()
			got := h.do(c)
			if w.minor == "created" {
				w.minor = lis.StatusOf(lis.DoneCreated, lis.InfoOf(k).Service, "").CodeMinor
			}
			if got.Status.CodeMinor != w.minor {
				t.Errorf("%s of %s: %+v, want %s", c.Operation, state, got.Status, w.minor)
			}
			if said := says(h.object(k, c.ID)); said != w.word {
				t.Errorf("%s of %s: the object says %q, want %q", c.Operation, state, said, w.word)
			}
		}
		for _, c := range cases {
			id := func(state string) lis.SourcedID { return lis.SourcedID(string(c.verb) + "-" + state) }
			check("absent", call(c.verb, k, id("absent"), "new"), c.absent)
			check("the same again", call(c.verb, k, id("absent"), "new"), c.repeats)

			h.must(call(lis.Create, k, id("present"), "old"))
			check("present", call(c.verb, k, id("present"), "new"), c.present)
			h.must(call(lis.Create, k, id("deleted"), "old"), call(lis.Delete, k, id("deleted"), ""))
			if c.verb == lis.Delete {
				c.deleted = want{lis.FullSuccess, ""} // it is the same message
			}
			check("deleted", call(c.verb, k, id("deleted"), "new"), c.deleted)
		}
	})
}

// says finds the word of a builder.
func says(o lis.Object) string {
	switch o := o.(type) {
	case *lis.Person:
		return o.Formatted()
	case *lis.Group:
		return o.Email
	case *lis.Membership:
		return o.Member.Role[len(o.Member.Role)-1].RoleType
	case *lis.CourseTemplate:
		return o.Title.String()
	case *lis.CourseOffering:
		return o.Title.String()
	case *lis.CourseSection:
		return o.Title.String()
	case *lis.SectionAssociation:
		return o.Title.String()
	case *lis.LineItem:
		return o.Label.String()
	case *lis.Result:
		return o.ResultScore.String()
	case *lis.ResultValue:
		return o.Label.String()
	}
	return ""
}

// A message that comes again changes nothing, unless something else did since.
func TestSameMessageTwiceHasOneEffect(t *testing.T) {
	each(t, func(t *testing.T, k lis.Kind) {
		h := newHouse(t)
		first := call(lis.Replace, k, "x", "one")
		h.must(first, first)
		if e := h.entry(k, "x"); e.Version != 1 {
			t.Errorf("the repeat made version %d", e.Version)
		}
		h.must(call(lis.Update, k, "x", "two"), call(lis.Update, k, "x", "two"))
		if e := h.entry(k, "x"); e.Version != 2 {
			t.Errorf("after a repeated update: version %d, want 2", e.Version)
		}
		h.must(first) // an older message, sent again on purpose
		if e := h.entry(k, "x"); e.Version != 3 || says(h.object(k, "x")) != "one" {
			t.Errorf("after another change the first message must count again: version %d, %q", e.Version, says(h.object(k, "x")))
		}
		h.must(call(lis.Delete, k, "x", ""), call(lis.Delete, k, "x", ""))
		if e := h.entry(k, "x"); e.Version != 4 || !e.Deleted {
			t.Errorf("after a repeated delete: %+v", e)
		}
	})
}

func TestUnchangedContentIsNoChange(t *testing.T) {
	h := newHouse(t)
	q := requestOf(call(lis.Replace, lis.KindPerson, "p", "Ann"))
	h.send(q)
	again := *q
	again.Hash = []byte("another message with the same record")
	got := h.send(&again)
	if !got.Status.OK() || !strings.HasPrefix(got.Status.Description, "unchanged") {
		t.Errorf("status %+v", got.Status)
	}
	h.expect(h.queued(), []string{"put person p"}, "changes")
	if n := len(h.messages("p")); n != 2 {
		t.Errorf("%d messages are kept, want both", n)
	}
}

func TestTargetsAreWokenAfterAChangeOnly(t *testing.T) {
	h := newHouse(t)
	h.must(call(lis.Replace, lis.KindPerson, "p", "Ann"))
	h.must(call(lis.Replace, lis.KindPerson, "p", "Ann"))
	h.do(call(lis.Update, lis.KindPerson, "nobody", "x"))
	h.expect(h.woken, []string{"lms"}, "woken")
}

func TestRefusedWritesAreKept(t *testing.T) {
	h := newHouse(t)
	q := requestOf(call(lis.Update, lis.KindPerson, "p", "Ann"))
	q.Deviations = []string{"body in no namespace"}
	h.send(q)
	m := h.messages("p")
	if len(m) != 1 || m[0].Status.CodeMinor != lis.UnknownObject || m[0].Caller != "sis" || len(m[0].Deviations) != 1 {
		t.Errorf("kept: %+v", m)
	}
	if e := h.entry(lis.KindPerson, "p"); e != nil {
		t.Errorf("a refused write left %+v", e)
	}
}

func TestRefuseKeepsWhatNoDoorCouldRead(t *testing.T) {
	h := newHouse(t)
	st := lis.StatusOf(lis.Invalid, lis.PMS, "a number was expected")
	a := h.Refuse(context.Background(), &Request{Call: &lis.Call{Operation: "replacePerson", ID: "p"}, Body: []byte("<x/>")}, st)
	if a.Status.CodeMinor != lis.InvalidData {
		t.Errorf("answered %+v", a.Status)
	}
	if m := h.messages("p"); len(m) != 1 || m[0].Status.Description != "a number was expected" {
		t.Errorf("kept %+v", m)
	}
}

func TestUnknownOperation(t *testing.T) {
	h := newHouse(t)
	if got := h.do(&lis.Call{Operation: "readPersonHoroscope"}); got.Status.CodeMinor != lis.UnsupportedLISOperation {
		t.Errorf("%+v", got.Status)
	}
}

func TestInnerIDCounts(t *testing.T) {
	h := newHouse(t)
	c := call(lis.Replace, lis.KindPerson, " inner\n", "Ann")
	c.ID = "outer"
	h.must(c)
	if h.object(lis.KindPerson, "inner") == nil || h.entry(lis.KindPerson, "outer") != nil {
		t.Error("the record must be kept under its inner id, without white space")
	}
	m := h.messages("inner")
	if len(m) != 1 || len(m[0].Deviations) != 1 || !strings.Contains(m[0].Deviations[0], "outer sourcedId") {
		t.Errorf("the deviation must be noted: %+v", m)
	}
	c = call(lis.Replace, lis.KindPerson, "", "Ben")
	c.ID = "only-outer"
	h.must(c)
	if h.object(lis.KindPerson, "only-outer") == nil {
		t.Error("without an inner id the outer one counts")
	}
}

func TestIncompleteNamesTheElement(t *testing.T) {
	op := func(name string) *lis.Call { return &lis.Call{Operation: name} }
	cases := []struct {
		call *lis.Call
		want string
	}{
		{call(lis.Replace, lis.KindPerson, " ", "Ann"), "sourcedId"},
		{&lis.Call{Operation: "replacePerson", ID: "p"}, "personRecord"},
		{&lis.Call{Operation: "replaceGroup", ID: "g", Record: &lis.Record{ID: "g"}}, "group"},
		{put("m", &lis.Membership{CollectionSourcedID: "c"}), "personSourcedId"},
		{put("m", member(" ", "p", "Learner")), "collectionSourcedId"},
		{put("r", &lis.Result{}), "lineItemSourcedId"},
		{op("deletePerson"), "sourcedId"},
		{op("changePersonIdentifier"), "sourcedId"},
		{&lis.Call{Operation: "changePersonIdentifier", ID: "p"}, "newSourcedId"},
		{&lis.Call{Operation: "updateCourseSectionStatus", ID: "s"}, "status"},
		{&lis.Call{Operation: "createCourseSectionFromCourseSection", ID: "s"}, "newSourcedId"},
		{&lis.Call{Operation: "addGroupRelationship", ID: "g"}, "relationship"},
		{&lis.Call{Operation: "removeGroupRelationship", ID: "g"}, "relationId"},
		{&lis.Call{Operation: "addCourseSectionId", ID: "a"}, "courseSectionSourcedId"},
		{op("replaceResultsForLineItem"), "lineItemSourcedId"},
		{op("readPerson"), "sourcedId"},
		{op("readPersons"), "sourcedIdSet"},
		{op("readPersonIdsFromSavePoint"), "fromSavePoint"},
		{op("readMembershipIdsForPerson"), "personSourcedId"},
		{&lis.Call{Operation: "readMembershipIdsForPersonWithRole", Of: "p"}, "role"},
		{op("readLineItemIdsWithLineItemType"), "lineItemTypeValue"},
		{op("readAllActiveCourseOfferingIdsForAcademicSession"), "academicSession"},
	}
	h := newHouse(t)
	for _, c := range cases {
		got := h.do(c.call)
		if got.Status.CodeMinor != lis.IncompleteData || !strings.HasPrefix(got.Status.Description, c.want+" ") {
			t.Errorf("%s: %+v, want %s", c.call.Operation, got.Status, c.want)
		}
	}
}

func TestRecordOfAnotherKind(t *testing.T) {
	h := newHouse(t)
	c := call(lis.Replace, lis.KindPerson, "p", "x")
	c.Record.Object = &lis.Group{}
	if got := h.do(c); got.Status.CodeMinor != lis.InvalidData {
		t.Errorf("%+v", got.Status)
	}
}

func TestEmptyPersonRecordIsLegal(t *testing.T) {
	h := newHouse(t)
	h.must(&lis.Call{Operation: "replacePerson", ID: "p", Record: &lis.Record{ID: "p"}})
	if h.object(lis.KindPerson, "p") == nil {
		t.Error("it was not kept")
	}
}

func TestCreateByProxyAllotsAnID(t *testing.T) {
	each(t, func(t *testing.T, k lis.Kind) {
		now := time.Now()
		h := newHouse(t, func(o *Options) { o.Now = func() time.Time { return now } })
		c := call(lis.CreateByProxy, k, "00000000-0000-0000-0000-000000000000", "one")
		first := h.must(c)
		if first.ID == "" || first.ID == c.Record.ID || h.object(k, first.ID) == nil {
			t.Fatalf("allotted %q", first.ID)
		}
		if m := h.messages(first.ID); len(m) != 1 || m[0].Answer != first.ID {
			t.Errorf("messages about it: %+v", m)
		}
		if again := h.must(c); again.ID != first.ID || h.entry(k, first.ID).Version != 1 {
			t.Errorf("the repeat was answered %q, want %q", again.ID, first.ID)
		}
		other := requestOf(c)
		other.Hash = []byte("from another caller")
		if got := h.send(other); got.ID == first.ID {
			t.Error("another message got the same id")
		}
		now = now.Add(25 * time.Hour)
		if late := h.must(c); late.ID == first.ID {
			t.Error("after the window it is a new message")
		} else {
			h.must(call(lis.Delete, k, late.ID, ""))
			if again := h.must(c); again.ID == late.ID {
				t.Error("the object is gone, so a new one must be made")
			}
		}
	})
}

func TestStoreTroubleIsBusy(t *testing.T) {
	h := newHouse(t)
	full := New(Options{Store: failing{h.store}})
	got := full.Do(context.Background(), requestOf(call(lis.Replace, lis.KindPerson, "p", "x")))
	if got.Status.CodeMinor != lis.TargetIsBusy || !strings.Contains(got.Status.Description, "space") {
		t.Errorf("write: %+v", got.Status)
	}
	got = full.Do(context.Background(), requestOf(&lis.Call{Operation: "readPerson", ID: "p"}))
	if got.Status.CodeMinor != lis.TargetReadFailure {
		t.Errorf("read: %+v", got.Status)
	}
}

type failing struct{ journal.Store }

func (failing) Write(context.Context, func(journal.Tx) error) error { return journal.ErrFull }
func (failing) Snapshot(context.Context) (journal.Snapshot, error)  { return nil, journal.ErrClosed }
