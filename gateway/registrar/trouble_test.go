package registrar

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// allOperations names the 156 operations.
func allOperations() []string {
	names := []string{
		"readPersonCore", "addGroupRelationship", "removeGroupRelationship", "addCourseSectionId", "removeCourseSectionId",
		"createCourseOfferingFromCourseOffering", "createCourseSectionFromCourseSection", "updateCourseOfferingStatus", "updateCourseSectionStatus",
		"replaceResultsForLineItem", "readResultValueIdForLineItem", "readResultValueIdForResult",
		"announceBulkDataExchange", "announceFailureBulkDataExchange", "cancelBulkDataExchange",
		"ignoreBulkDataExchange", "reportBulkDataExchange", "requestBulkDataExchange",
	}
	for name := range filters {
		names = append(names, name)
	}
	for i := range lis.Kinds {
		for _, v := range []lis.Verb{lis.Create, lis.CreateByProxy, lis.Delete, lis.Read, lis.ReadAllIDs, lis.ReadIDsFrom,
			lis.ReadPlural, lis.ReadPluralFrom, lis.Update, lis.Replace, lis.Discover, lis.ChangeIdentifier} {
			names = append(names, lis.OperationFor(lis.Kinds[i].Kind, v))
		}
	}
	return names
}

// filled is a call with every parameter that any operation has. The objects
// "x" of each kind, which refer to each other, are what it is about.
func filled(name string) *lis.Call {
	op, _ := lis.OperationNamed(name)
	c := &lis.Call{
		Operation: name, ID: "x", NewID: "new", Of: "x", IDs: []lis.SourcedID{"x", "y"}, SavePoint: "2001-01-01", Query: "sourcedId=x",
		AcademicSession: text("x"), Status: "Inactive", Relationship: &lis.Relationship{RelationID: "r", SourcedID: "z"}, RelationID: "r",
		Role: &lis.Role{RoleType: "Learner"}, Collection: "courseSection", LineItemType: &lis.LineItemType{LineItemTypeValue: text("Final")},
		ResultStatus:  &lis.ResultStatus{ResultStatusValue: text("Complete")},
		Records:       []*lis.Record{{ID: "x", Object: &lis.Result{ResultScore: text("9")}}},
		TransactionID: "t", Manifest: &lis.BulkManifest{DataFile: []lis.BulkDataFile{{URL: "f"}}}, Report: &lis.BulkReport{},
	}
	switch op.Verb {
	case lis.Create:
		c.ID = "fresh"
		c.Record = &lis.Record{ID: "fresh", Object: builders[op.Kind]("new word")}
	case lis.CreateByProxy, lis.Replace, lis.Update:
		c.Record = &lis.Record{ID: "x", Object: builders[op.Kind]("new word")}
	}
	return c
}

// web is a house whose objects, all named "x", refer to each other.
func web(t *testing.T) *house {
	h := newHouse(t, bulky(nil))
	result := &lis.Result{LineItemSourcedID: "x", PersonSourcedID: "x", ResultValueSourcedID: "x", StatusOfResult: &lis.ResultStatus{ResultStatusValue: text("Complete")}}
	h.must(
		put("x", &lis.Person{FormName: []lis.FormName{{FormattedName: text("Ann")}}}),
		put("x", &lis.Group{Email: "e", GroupType: &lis.GroupType{TypeValue: []lis.TypeValue{{ID: text("TERM")}}}, Relationship: []lis.Relationship{{RelationID: "r", SourcedID: "x"}}}),
		put("x", member("x", "x", "Learner")), put("g", memberOf("group", "x", "x", "Learner")),
		put("x", &lis.CourseTemplate{Title: text("T")}),
		put("x", &lis.CourseOffering{ParentTemplateID: "x", AcademicSession: text("x")}),
		put("x", &lis.CourseSection{ParentOfferingID: "x", AcademicSession: text("x")}),
		put("x", &lis.SectionAssociation{CourseSectionIDList: &lis.ListOfCourseSectionIDs{CourseSectionID: []lis.SourcedID{"x"}}}),
		put("x", &lis.LineItem{Context: &lis.Context{ContextIdentifier: "x"}, LineItemType: &lis.LineItemType{LineItemTypeValue: text("Final")}, ResultValueSourcedID: "x"}),
		put("x", result), put("x", &lis.ResultValue{Label: text("V")}),
	)
	return h
}

func TestEveryOperationHasAMeaning(t *testing.T) {
	names := allOperations()
	if len(names) != 156 {
		t.Fatalf("%d operations are tested, want 156", len(names))
	}
	refused := map[string]bool{ // there is no exchange "t" yet
		"cancelBulkDataExchange": true, "ignoreBulkDataExchange": true, "reportBulkDataExchange": true,
	}
	for _, name := range names {
		h := web(t)
		if name == "addCourseSectionId" {
			h.must(put("x", &lis.SectionAssociation{}))
		}
		if got := h.do(filled(name)); got.Status.OK() == refused[name] || got.Status.CodeMinor == "" {
			t.Errorf("%s: %+v", name, got.Status)
		}
		empty := h.do(&lis.Call{Operation: name})
		takesNothing := strings.HasPrefix(name, "readAll") && strings.HasSuffix(name, "Ids")
		if empty.Status.OK() != takesNothing && name != "announceFailureBulkDataExchange" {
			t.Errorf("%s without parameters: %+v", name, empty.Status)
		}
	}
}

// brittle fails the nth look or step of whoever uses it, and no other: what
// goes on after it all the same is found out.
type brittle struct {
	journal.Store
	left *int
}

var errDisk = errors.New("the disk is gone")

func (b brittle) fails() bool { *b.left--; return *b.left == -1 }

func (b brittle) Write(ctx context.Context, f func(journal.Tx) error) error {
	return b.Store.Write(ctx, func(tx journal.Tx) error { return f(brittleTx{tx, b}) })
}

func (b brittle) Snapshot(ctx context.Context) (journal.Snapshot, error) {
	s, err := b.Store.Snapshot(ctx)
	return brittleSnapshot{s, b}, err
}

type brittleTx struct {
	journal.Tx
	b brittle
}

type brittleSnapshot struct {
	journal.Snapshot
	b brittle
}

func (b brittle) get(v journal.View, k lis.Kind, id lis.SourcedID) (*journal.Entry, error) {
	if b.fails() {
		return nil, errDisk
	}
	return v.Get(k, id)
}

// scan may fail before each entry and at the end.
func (b brittle) scan(seq iter.Seq2[*journal.Entry, error]) iter.Seq2[*journal.Entry, error] {
	return func(yield func(*journal.Entry, error) bool) {
		for e, err := range seq {
			if b.fails() {
				yield(nil, errDisk)
				return
			}
			if !yield(e, err) {
				return
			}
		}
		if b.fails() {
			yield(nil, errDisk)
		}
	}
}

func (s brittleSnapshot) Get(k lis.Kind, id lis.SourcedID) (*journal.Entry, error) {
	return s.b.get(s.Snapshot, k, id)
}

func (s brittleSnapshot) Scan(k lis.Kind, f journal.Filter) iter.Seq2[*journal.Entry, error] {
	return s.b.scan(s.Snapshot.Scan(k, f))
}

func (s brittleSnapshot) Last() (int64, error) {
	if s.b.fails() {
		return 0, errDisk
	}
	return s.Snapshot.Last()
}

func (t brittleTx) Get(k lis.Kind, id lis.SourcedID) (*journal.Entry, error) {
	return t.b.get(t.Tx, k, id)
}

func (t brittleTx) Scan(k lis.Kind, f journal.Filter) iter.Seq2[*journal.Entry, error] {
	return t.b.scan(t.Tx.Scan(k, f))
}

func (t brittleTx) Append(c *lis.Change, body []byte, links []lis.Link, hash []byte, message int64, targets []string) error {
	if t.b.fails() {
		return errDisk
	}
	return t.Tx.Append(c, body, links, hash, message, targets)
}

func (t brittleTx) Message(m *journal.Message) (int64, error) {
	if t.b.fails() {
		return 0, errDisk
	}
	return t.Tx.Message(m)
}

func (t brittleTx) Exchange(id string) (*journal.Exchange, error) {
	if t.b.fails() {
		return nil, errDisk
	}
	return t.Tx.Exchange(id)
}

func (t brittleTx) PutExchange(x *journal.Exchange) error {
	if t.b.fails() {
		return errDisk
	}
	return t.Tx.PutExchange(x)
}

// Wherever the disk fails, an operation never says that it was done, a write
// leaves nothing, and no snapshot stays open.
func TestEveryOperationSurvivesTrouble(t *testing.T) {
	for _, name := range allOperations() {
		h := web(t)
		before := len(h.messages("x"))
		point := h.must(&lis.Call{Operation: "readAllPersonIds"}).SavePoint
		op, _ := lis.OperationNamed(name)
		for n := 0; ; n++ {
			left := n
			frail := houseOver(t, brittle{h.store, &left}, bulky(nil))
			a := frail.Do(context.Background(), requestOf(filled(name)))
			_, idErr := lis.Collect(a.IDs)
			_, recordErr := lis.Collect(a.Records)
			if a.Close != nil {
				a.Close()
			}
			if left >= 0 {
				break // it was done before the disk failed
			}
			want := lis.TargetReadFailure
			if op.Verb.Writes() {
				want = lis.TargetIsBusy
			}
			if a.Status.CodeMinor != want && idErr == nil && recordErr == nil {
				t.Errorf("%s, failing at %d: %+v", name, n, a.Status)
			}
			if !strings.Contains(a.Status.Description, "send it again") && idErr == nil && recordErr == nil {
				t.Errorf("%s does not say what to do: %s", name, a.Status.Description)
			}
			if now := h.must(&lis.Call{Operation: "readAllPersonIds"}).SavePoint; now != point || len(h.messages("x")) != before {
				t.Fatalf("%s, failing at %d, left something behind", name, n)
			}
		}
	}
}

// An extract that cannot be read to its end says so.
func TestExportInTrouble(t *testing.T) {
	h := web(t)
	for n := 0; ; n++ {
		left := n
		frail := houseOver(t, brittle{h.store, &left})
		items, end, err := frail.Export(t.Context(), &lis.BulkFilter{SavePoint: "2001-01-01"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = lis.Collect(items)
		end()
		if left >= 0 {
			return
		}
		if !errors.Is(err, errDisk) {
			t.Fatalf("failing at %d: %v", n, err)
		}
	}
}
