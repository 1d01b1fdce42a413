package campus

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"testing"

	"lisgate/gateway/lis"
	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
)

func sum(t *testing.T, c *Campus) string {
	t.Helper()
	h := sha256.New()
	if err := c.WriteBulk(h); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func TestSameSeedSameBytes(t *testing.T) {
	if sum(t, Small(7)) != sum(t, Small(7)) {
		t.Error("one seed gave two campuses")
	}
	if sum(t, Small(7)) == sum(t, Small(8)) {
		t.Error("two seeds gave one campus")
	}
}

func sizes() []*Campus {
	return []*Campus{New(1, Size{}), New(2, Size{Sections: 7, Students: 3}), Small(3), New(4, Size{Rooms: 25, Sections: 201, Students: 999, Instructors: 31})}
}

// TestWhole looks whether each object is new, complete and refers only to what
// came before, and whether as many come as were told.
func TestWhole(t *testing.T) {
	for _, c := range sizes() {
		have := map[lis.Ref]bool{}
		for _, phase := range c.Seed() {
			n := 0
			for call := range phase.Calls {
				n++
				r := call.Record
				ref := lis.Ref{Kind: r.Object.Kind(), ID: r.ID}
				if have[ref] || ref.Kind != phase.Kind || r.Object.Missing() != "" {
					t.Fatalf("%v: %s: %v comes twice, in the wrong phase, or lacks %q", c.Size(), phase.Name, ref, r.Object.Missing())
				}
				for _, to := range parents(r.Object) {
					if !have[to] {
						t.Fatalf("%v: %v refers to %v, which has not come", c.Size(), ref, to)
					}
				}
				have[ref] = true
			}
			if n != phase.Count {
				t.Errorf("%v: %s: %d came, %d were told", c.Size(), phase.Name, n, phase.Count)
			}
		}
	}
}

// parents are the objects to which one refers.
func parents(o lis.Object) (refs []lis.Ref) {
	switch o := o.(type) {
	case *lis.Group:
		for _, r := range o.Relationship {
			refs = append(refs, lis.Ref{Kind: lis.KindGroup, ID: r.SourcedID})
		}
	case *lis.CourseOffering:
		refs = append(refs, lis.Ref{Kind: lis.KindCourseTemplate, ID: o.ParentTemplateID}, lis.Ref{Kind: lis.KindGroup, ID: lis.SourcedID(o.AcademicSession.String())})
	case *lis.CourseSection:
		refs = append(refs, lis.Ref{Kind: lis.KindCourseOffering, ID: o.ParentOfferingID})
	case *lis.SectionAssociation:
		for _, id := range o.Sections() {
			refs = append(refs, lis.Ref{Kind: lis.KindCourseSection, ID: id})
		}
	case *lis.Membership:
		refs = append(refs, lis.Ref{Kind: lis.Kind(o.MembershipIDType), ID: o.CollectionSourcedID}, lis.Ref{Kind: lis.KindPerson, ID: o.Person()})
	}
	return refs
}

// TestWishesFit looks whether no offering is wanted by more than it can seat.
func TestWishesFit(t *testing.T) {
	for _, c := range append(sizes(), New(1, Whole)) {
		wanted := map[int]int{}
		for wish := range c.wishCount() {
			wanted[c.courseAt(wish)]++
		}
		for i, n := range wanted {
			if k := &c.courses[i]; n > k.seats() {
				t.Errorf("%v: %d want a course with %d seats", c.Size(), n, k.seats())
			}
		}
		for s := range c.size.Students {
			had := map[int]bool{}
			for wish := s * c.wishes; wish < min((s+1)*c.wishes, c.wishCount()); wish++ {
				if had[c.courseAt(wish)] {
					t.Fatalf("%v: student %d wants a course twice", c.Size(), s)
				}
				had[c.courseAt(wish)] = true
			}
		}
	}
}

// TestWholeSize holds the campus of the tests to its size.
func TestWholeSize(t *testing.T) {
	c := New(1, Whole)
	rooms, sections, want := 0, 0, map[string]int{}
	for _, phase := range c.Seed() {
		switch phase.Kind {
		case lis.KindGroup, lis.KindCourseSection, lis.KindSectionAssociation:
		default:
			continue
		}
		for call := range phase.Calls {
			switch o := call.Record.Object.(type) {
			case *lis.Group:
				if o.IsRoom() {
					rooms++
				}
			case *lis.CourseSection:
				sections++
				q, err := o.Request()
				if err != nil {
					t.Fatal(err)
				}
				if l := o.SectionLink(); l.Parent != "" {
					want["linked"]++
				}
				if q.NoRoom {
					want["arranged"]++
				}
				for _, m := range q.Times {
					if m.Weeks != "" {
						want["half"]++
						break
					}
				}
			case *lis.SectionAssociation:
				if constraints, err := o.Constraints(); err != nil {
					t.Fatal(err)
				} else if lis.CrossListing(constraints) {
					want["cross-listed"]++
				}
			}
		}
	}
	t.Log(want)
	if rooms != 60 || sections != 900 || c.wishCount() != 48000 {
		t.Errorf("%d rooms, %d sections, %d wishes", rooms, sections, c.wishCount())
	}
	for _, kind := range []string{"linked", "arranged", "half", "cross-listed"} {
		if want[kind] == 0 {
			t.Errorf("no section is %s", kind)
		}
	}
	if InstructorID(0) == c.StudentID(0) || c.people.Student(0) != c.StudentID(0) {
		t.Error("the students are not those of package term")
	}
}

// TestBulkFile reads the file back.
func TestBulkFile(t *testing.T) {
	c := Small(5)
	var file bytes.Buffer
	if err := c.WriteBulk(&file); err != nil {
		t.Fatal(err)
	}
	n, want := 0, 0
	for _, phase := range c.Seed() {
		want += phase.Count
	}
	for item, err := range soap.ReadBulk(&file, wire.Limits{}, 2) {
		if err != nil || item.Err != nil || len(item.Deviations) > 0 {
			t.Fatal(err, item)
		}
		n++
	}
	if n != want {
		t.Errorf("%d of %d came back", n, want)
	}
}
