package registrar

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"lisgate/gateway/lis"
)

func TestReadsOfEveryKind(t *testing.T) {
	each(t, func(t *testing.T, k lis.Kind) {
		h := newHouse(t)
		ask := func(v lis.Verb) *lis.Call { return call(v, k, "", "") }
		if got := h.do(ask(lis.ReadAllIDs)); got.Status.CodeMinor != lis.NoSourcedIDs || !got.Status.OK() {
			t.Errorf("all ids of none: %+v", got.Status)
		}
		h.must(call(lis.Create, k, "a", "A"), call(lis.Create, k, "b", "B"), call(lis.Create, k, "c", "C"), call(lis.Delete, k, "b", ""))
		h.expect(h.must(ask(lis.ReadAllIDs)).ids, []string{"a", "c"}, "all ids")

		if got := h.must(call(lis.Read, k, " a ", "")); got.Record.ID != "a" || says(got.Record.Object) != "A" {
			t.Errorf("read: %+v", got.Record)
		}
		for _, id := range []lis.SourcedID{"b", "nobody"} {
			if got := h.do(call(lis.Read, k, id, "")); got.Status.CodeMinor != lis.UnknownObject || got.Record != nil {
				t.Errorf("read %s: %+v", id, got.Status)
			}
		}
		set := func(ids ...lis.SourcedID) *lis.Call {
			c := ask(lis.ReadPlural)
			c.IDs = ids
			return c
		}
		got := h.must(set("c", "a"))
		if len(got.records) != 2 || got.records[0].ID != "c" || got.Status.CodeMinor != lis.FullSuccess || got.SavePoint == "" {
			t.Errorf("plural: %+v %v", got.Status, got.records)
		}
		got = h.must(set("b", "a", "nobody"))
		if len(got.records) != 1 || got.Status.Severity != lis.SeverityWarning || got.Status.CodeMinor != lis.UnknownObject ||
			!strings.Contains(got.Status.Description, `2 of 3 ids are unknown: "b", "nobody"`) {
			t.Errorf("plural with unknown ids: %+v", got.Status)
		}
		if got = h.do(set("b", "nobody")); len(got.records) != 0 || got.Status.CodeMinor != lis.NoSourcedIDs {
			t.Errorf("plural of nothing: %+v", got.Status)
		}
	})
}

func TestReadPersonCore(t *testing.T) {
	h := newHouse(t)
	h.must(put("p", &lis.Person{
		Name:  []lis.Name{{PartName: []lis.BaseValue{{InstanceName: text("First"), InstanceValue: text("Ann")}, {InstanceName: text("Last"), InstanceValue: text("Lee")}}}},
		Roles: []lis.EnterpriseRoles{{}, {UserID: []lis.UserID{{UserIDValue: text("ann")}}}},
	}))
	core := h.must(&lis.Call{Operation: "readPersonCore", ID: "p"}).Core
	if core.SourcedID != "p" || core.FormName.FormattedName.String() != "Ann Lee" || core.UserID.UserIDValue.String() != "ann" {
		t.Errorf("core %+v", core)
	}
	if got := h.do(&lis.Call{Operation: "readPersonCore", ID: "q"}); got.Status.CodeMinor != lis.UnknownObject {
		t.Errorf("of nobody: %+v", got.Status)
	}
}

func TestReadFromSavePoint(t *testing.T) {
	each(t, func(t *testing.T, k lis.Kind) {
		h := newHouse(t)
		h.must(call(lis.Create, k, "a", "A"), call(lis.Create, k, "b", "B"))
		point := h.must(call(lis.ReadAllIDs, k, "", "")).SavePoint
		if want := lis.SavePoint(h.entry(k, "b").Seq); point != want {
			t.Errorf("savepoint %s, want that of the newest change, %s", point, want)
		}
		from := func(v lis.Verb, point string) *lis.Call {
			c := call(v, k, "", "")
			c.SavePoint = point
			return c
		}
		if got := h.do(from(lis.ReadIDsFrom, point)); got.Status.CodeMinor != lis.NoSourcedIDs || got.SavePoint != point {
			t.Errorf("nothing changed: %+v", got.Status)
		}
		if got := h.do(from(lis.ReadPluralFrom, point)); got.Status.CodeMinor != lis.NoSourcedIDs || got.SavePoint != point {
			t.Errorf("nothing changed: %+v", got.Status)
		}
		h.must(call(lis.Replace, k, "c", "C"), call(lis.Delete, k, "a", ""))
		h.expect(h.must(from(lis.ReadIDsFrom, point)).ids, []string{"c", "a"}, "ids, the gone one too")
		h.expect(h.must(from(lis.ReadIDsFrom, "1960-01-01")).ids, []string{"b", "c", "a"}, "ids since ever")
		got := h.must(from(lis.ReadPluralFrom, point))
		if len(got.records) != 2 || says(got.records[0].Object) != "C" || got.records[1].ID != "a" || got.SavePoint <= point {
			t.Fatalf("records %+v", got.records)
		}
		checkTombstone(t, k, got.records[1])

		h.must(&lis.Call{Operation: lis.OperationFor(k, lis.ChangeIdentifier), ID: "b", NewID: "B"})
		h.expect(len(h.must(from(lis.ReadIDsFrom, got.SavePoint)).ids), 2, "a new identifier and the old one's end")
	})
}

func checkTombstone(t *testing.T, k lis.Kind, rec *lis.Record) {
	t.Helper()
	switch o := rec.Object.(type) {
	case nil:
		if k != lis.KindPerson {
			t.Errorf("the tombstone of a %s has no object", k)
		}
	case *lis.Membership:
		if o.Member.Role[0].Status != lis.StatusInactive || o.Person() != "p" {
			t.Errorf("the membership is %+v", o.Member)
		}
	case *lis.CourseTemplate, *lis.CourseOffering, *lis.CourseSection, *lis.SectionAssociation:
		if l := o.Links(); len(l) != 1 || l[0] != (lis.Link{Name: lis.LinkStatus, Value: lis.StatusDeleted}) {
			t.Errorf("the %s says %v", k, l)
		}
	default:
		if says(o) != "A" {
			t.Errorf("the %s says %q", k, says(o))
		}
	}
}

func TestBadSavePoints(t *testing.T) {
	now := time.Now().Add(time.Hour)
	h := newHouse(t, func(o *Options) { o.Now = func() time.Time { return now } })
	h.must(call(lis.Create, lis.KindPerson, "a", "A"))
	cases := map[string]lis.CodeMinor{
		"yesterday":                        lis.SavePointError,
		lis.SavePoint(now.UnixMicro() + 1): lis.SavePointSyncError,
		lis.SavePoint(now.UnixMicro()):     lis.NoSourcedIDs, // a date up to now may be asked for
		"2020-01-01":                       lis.FullSuccess,
		"2020-01-01T00:00:00.123":          lis.FullSuccess,
	}
	for point, want := range cases {
		for _, op := range []string{"readPersonIdsFromSavePoint", "readPersonsFromSavePoint"} {
			if got := h.do(&lis.Call{Operation: op, SavePoint: point}); got.Status.CodeMinor != want {
				t.Errorf("%s from %s: %+v, want %s", op, point, got.Status, want)
			}
		}
	}
}

// A reader that goes from savepoint to savepoint while others write sees
// every object as it is in the end, and the end of those that are gone.
func TestSavePointsMissNothing(t *testing.T) {
	h := newHouse(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(w)))
			for i := range 100 {
				id := lis.SourcedID(fmt.Sprint(random.IntN(30)))
				c := call(lis.Replace, lis.KindPerson, id, fmt.Sprint(w, "-", i))
				switch random.IntN(5) {
				case 0:
					c = call(lis.Delete, lis.KindPerson, id, "")
				case 1:
					c = &lis.Call{Operation: "changePersonIdentifier", ID: id, NewID: lis.SourcedID(fmt.Sprint(random.IntN(30)))}
				}
				h.Do(context.Background(), requestOf(c))
			}
		})
	}
	finished := make(chan struct{})
	go func() { writers.Wait(); close(finished) }()

	mirror := map[lis.SourcedID]string{}
	point, rounds := "1970-01-01", 0
	follow := func() {
		got := h.do(&lis.Call{Operation: "readPersonsFromSavePoint", SavePoint: point})
		for _, rec := range got.records {
			if delete(mirror, rec.ID); rec.Object != nil {
				mirror[rec.ID] = says(rec.Object)
			}
		}
		point = got.SavePoint
		rounds++
	}
	for running := true; running; {
		select {
		case <-finished:
			running = false
		default:
		}
		follow()
	}
	want := map[lis.SourcedID]string{}
	for _, id := range h.do(&lis.Call{Operation: "readAllPersonIds"}).ids {
		want[id] = says(h.object(lis.KindPerson, id))
	}
	h.expect(mirror, want, fmt.Sprintf("mirror after %d rounds", rounds))
}

// A stream that is left early, or never read, lets its snapshot go when closed.
func TestStreamsLeftEarly(t *testing.T) {
	h := newHouse(t)
	for i := range 100 {
		h.must(call(lis.Create, lis.KindPerson, lis.SourcedID(fmt.Sprint(i)), "x"))
	}
	for _, c := range []*lis.Call{call(lis.ReadAllIDs, lis.KindPerson, "", ""), {Operation: "readPersonsFromSavePoint", SavePoint: "2000-01-01"}} {
		a := h.Do(context.Background(), requestOf(c))
		if a.IDs != nil {
			for range a.IDs {
				break
			}
		}
		a.Close()
		a.Close() // twice is once
	}
}
