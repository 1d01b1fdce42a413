package term

import (
	"encoding/json"
	"hash/fnv"
	"strings"
	"testing"
	"unicode"

	"lisgate/gateway/lis"
)

// print makes one number of a whole term, grades included.
func print(t *testing.T, seed uint64, scale float64) uint64 {
	t.Helper()
	h := fnv.New64a()
	tm := New(seed, scale)
	for _, phase := range append(tm.Roster(), tm.Grades()...) {
		for call := range phase.Calls {
			text, err := json.Marshal(call)
			if err != nil {
				t.Fatal(err)
			}
			h.Write(text)
		}
	}
	return h.Sum64()
}

func TestSameSeedSameTerm(t *testing.T) {
	if print(t, 7, 0.1) != print(t, 7, 0.1) {
		t.Error("one seed gave two terms")
	}
	if print(t, 7, 0.1) == print(t, 8, 0.1) {
		t.Error("two seeds gave one term")
	}
}

func TestCounts(t *testing.T) {
	counts := New(1, 1).Counts()
	want := map[lis.Kind]int{
		lis.KindCourseSection: 60, lis.KindPerson: 2000, lis.KindMembership: 12000,
		lis.KindCourseTemplate: 40, lis.KindCourseOffering: 40, lis.KindSectionAssociation: 10,
		lis.KindGroup: 19, lis.KindResultValue: 2, lis.KindLineItem: 60, lis.KindResult: 11760,
	}
	for kind, n := range want {
		if counts[kind] != n {
			t.Errorf("%s: %d, want %d", kind, counts[kind], n)
		}
	}
	if n := New(1, 3).Counts()[lis.KindMembership]; n < 36000 {
		t.Errorf("scale 3 has %d memberships", n)
	}
}

// TestPhasesCountRight holds the counts that are told beforehand against what comes.
func TestPhasesCountRight(t *testing.T) {
	for _, scale := range []float64{0, 0.05, 0.1, 0.35, 1} {
		tm := New(3, scale)
		for _, phase := range append(tm.Roster(), tm.Grades()...) {
			n := 0
			for call := range phase.Calls {
				n += max(1, len(call.Records))
			}
			if n != phase.Count {
				t.Errorf("scale %v: %s: %d came, %d were told", scale, phase.Name, n, phase.Count)
			}
		}
	}
}

// TestWhole sends a whole term and looks whether each object is new, complete
// and refers only to what came before.
func TestWhole(t *testing.T) {
	tm := New(5, 1)
	have := map[lis.Kind]map[lis.SourcedID]bool{}
	for _, phase := range append(tm.Roster(), tm.Grades()...) {
		for call := range phase.Calls {
			for _, r := range records(call) {
				kind := r.Object.Kind()
				if have[kind] == nil {
					have[kind] = map[lis.SourcedID]bool{}
				}
				if have[kind][r.ID] || r.ID == "" {
					t.Fatalf("%s %s came twice", kind, r.ID)
				}
				have[kind][r.ID] = true
				if m := r.Object.Missing(); m != "" {
					t.Errorf("%s %s has no %s", kind, r.ID, m)
				}
				for _, ref := range references(r.Object) {
					if !have[ref.kind][ref.id] {
						t.Errorf("%s %s refers to %s %s, which has not come", kind, r.ID, ref.kind, ref.id)
					}
				}
			}
		}
	}
}

func records(c *lis.Call) []*lis.Record {
	if c.Record != nil {
		return []*lis.Record{c.Record}
	}
	return c.Records
}

type reference struct {
	kind lis.Kind
	id   lis.SourcedID
}

func references(o lis.Object) []reference {
	switch o := o.(type) {
	case *lis.Group:
		var list []reference
		for _, r := range o.Relationship {
			list = append(list, reference{lis.KindGroup, r.SourcedID})
		}
		return list
	case *lis.CourseOffering:
		return []reference{
			{lis.KindCourseTemplate, o.ParentTemplateID}, {lis.KindGroup, lis.SourcedID(o.AcademicSession.String())},
			{lis.KindGroup, lis.SourcedID(o.Org.ID.String())},
		}
	case *lis.CourseSection:
		return []reference{{lis.KindCourseOffering, o.ParentOfferingID}}
	case *lis.SectionAssociation:
		var list []reference
		for _, id := range o.Sections() {
			list = append(list, reference{lis.KindCourseSection, id})
		}
		return list
	case *lis.Membership:
		return []reference{{lis.KindCourseSection, o.CollectionSourcedID}, {lis.KindPerson, o.Person()}}
	case *lis.LineItem:
		return []reference{{lis.KindCourseSection, o.Context.ContextIdentifier}, {lis.KindResultValue, o.ResultValueSourcedID}}
	case *lis.Result:
		return []reference{{lis.KindLineItem, o.LineItemSourcedID}, {lis.KindPerson, o.PersonSourcedID}, {lis.KindResultValue, o.ResultValueSourcedID}}
	}
	return nil
}

func TestMemberships(t *testing.T) {
	tm := New(11, 1)
	type seat struct{ section, person lis.SourcedID }
	seats := map[seat]bool{}
	taken := map[lis.SourcedID]int{}
	instructors := map[lis.SourcedID]int{}
	for call := range tm.memberships {
		m := call.Record.Object.(*lis.Membership)
		s := seat{m.CollectionSourcedID, m.Person()}
		if seats[s] {
			t.Errorf("%v sits twice in a section", s)
		}
		seats[s] = true
		switch m.Member.Role[0].RoleType {
		case "Learner":
			taken[m.Person()]++
		case "Instructor":
			instructors[m.CollectionSourcedID]++
		}
	}
	for i := range tm.Sections() {
		if n := instructors[SectionID(i)]; n != 1 {
			t.Errorf("section %d has %d instructors", i, n)
		}
	}
	for person, n := range taken {
		if n != coursesPerStudent {
			t.Errorf("%s takes %d courses", person, n)
		}
	}
}

func TestPeople(t *testing.T) {
	scripts := map[string]bool{}
	logins, mails := map[string]bool{}, map[string]bool{}
	oneWord := 0
	tm := New(2, 1)
	for i := range tm.people {
		p := tm.Person(i).Object.(*lis.Person)
		mark(scripts, p.Formatted())
		if p.Part("Last") == "" {
			oneWord++
		}
		login, mail := p.Roles[0].UserID[0].UserIDValue.String(), p.ContactInfo[0].ContactInfoValue.String()
		if logins[login] || mails[mail] {
			t.Errorf("%s is used twice", mail)
		}
		logins[login], mails[mail] = true, true
		if !strings.HasSuffix(mail, ".example.edu") || strings.ContainsFunc(mail, func(r rune) bool { return r > unicode.MaxASCII || r == ' ' }) {
			t.Errorf("%q is no address under example.edu", mail)
		}
	}
	for _, script := range []string{"Latin", "Cyrillic", "Greek", "Arabic", "Hebrew", "Devanagari", "Han", "Hiragana", "Hangul", "Thai", "Tamil", "Ethiopic", "Georgian", "Armenian"} {
		if !scripts[script] {
			t.Errorf("nobody is written in %s", script)
		}
	}
	if oneWord == 0 {
		t.Error("nobody has one name only")
	}
}

func mark(scripts map[string]bool, s string) {
	for _, r := range s {
		for name, table := range unicode.Scripts {
			if unicode.Is(table, r) {
				scripts[name] = true
			}
		}
	}
}
