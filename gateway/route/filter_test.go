package route

import (
	"slices"
	"strings"
	"testing"
	"time"

	"lisgate/gateway/lis"
)

func TestFilters(t *testing.T) {
	table, err := New([]Rule{
		{Name: "north", When: `ext("campus") == "North"`, To: []string{"north"}},
		{Name: "learners", Kinds: []lis.Kind{lis.KindMembership}, Scope: Scope{Term: []string{"2026FA"}}, When: `role() == "Learner"`, To: []string{"lms"}},
		{Name: "numbers", Kinds: []lis.Kind{lis.KindPerson}, When: `int(userId()) > 5`, To: []string{"cards"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := must(t)(table.Targets(college(), putOf(samplePerson()))); !slices.Equal(got, []string{"north", "cards"}) {
		t.Errorf("got %v", got)
	}
	m := sampleMember(lis.Role{RoleType: "Learner"})
	m.CollectionSourcedID = "S"
	if got := must(t)(table.Targets(college(), putOf(m))); !slices.Equal(got, []string{"lms"}) {
		t.Errorf("got %v", got)
	}
	m.Member.Role[0].RoleType = "Mentor"
	if got := must(t)(table.Targets(college(), putOf(m))); got != nil {
		t.Errorf("got %v", got)
	}
}

// What a filter could not answer goes to the target, and is refused there.
func TestAFailedFilterIsARefusal(t *testing.T) {
	rules := []Rule{{Name: "numbers", When: `int(userId()) > 5`, To: []string{"cards"}}, {To: []string{"other"}}}
	table, _ := New(rules)
	c := putOf(samplePerson())
	err := table.Refusal(nil, "cards", c)
	if err == nil || !strings.Contains(err.Error(), `the filter of route "numbers" cannot be answered`) || strings.Contains(err.Error(), "ada") {
		t.Errorf("got %v", err)
	}
	if err := table.Refusal(nil, "other", c); err != nil {
		t.Errorf("got %v", err)
	}
	c.Kind = lis.KindCourseSection // whose userId is empty
	table, _ = New(append(rules, Rule{Kinds: []lis.Kind{lis.KindPerson}, To: []string{"cards"}}))
	if err := table.Refusal(nil, "cards", putOf(samplePerson())); err != nil {
		t.Errorf("another rule sends it too, but got %v", err)
	}
	table, _ = New(append(rules, Rule{Scope: Scope{Term: []string{"2026SP"}}, To: []string{"cards"}}))
	section := putOf(&lis.CourseSection{ParentOfferingID: "O"})
	if err := table.Refusal(college(), "cards", section); err == nil {
		t.Error("a rule of another term accounts for it")
	}
	if err := table.Refusal(nil, "cards", section); err != nil {
		t.Errorf("without a view got %v", err)
	}
	table, _ = New([]Rule{{When: `courseSection.maxNumberofStudents`, To: []string{"cards"}}})
	many := int64(30)
	section = putOf(&lis.CourseSection{MaxNumberOfStudents: &many})
	if got := must(t)(table.Targets(nil, section)); len(got) != 1 {
		t.Errorf("an answer that is none keeps the change back: %v", got)
	}
	if err := table.Refusal(nil, "cards", section); err == nil || !strings.Contains(err.Error(), "cannot be answered") {
		t.Errorf("got %v", err)
	}
	if err := (*Table)(nil).Refusal(nil, "cards", section); err != nil {
		t.Error(err)
	}
}

func BenchmarkScoped(b *testing.B) {
	table, _ := New([]Rule{{Scope: Scope{Term: []string{"2026FA"}}, To: []string{"a"}}})
	m := sampleMember(lis.Role{RoleType: "Learner"})
	m.CollectionSourcedID = "S"
	s, c := college(), putOf(m)
	for b.Loop() {
		table.Targets(s, c)
	}
}

func BenchmarkFiltered(b *testing.B) {
	table, _ := New([]Rule{{When: `role() == "Student" and ext("campus") == "North"`, To: []string{"a"}}})
	c := putOf(samplePerson())
	for b.Loop() {
		table.Targets(nil, c)
	}
}

func BenchmarkShape(b *testing.B) {
	s, _ := NewShaper(Mapping{Sets: []Set{{Kinds: []lis.Kind{lis.KindPerson}, Set: map[string]string{"email": `lower(email())`}}}})
	c := putOf(samplePerson())
	for b.Loop() {
		s.Shape(*c)
	}
}

// Whatever stands in a filter, it is refused or it answers within its bounds.
func FuzzWhen(f *testing.F) {
	for _, s := range []string{`role() == "Learner"`, `any(person.name, any(.partName, .instanceValue.textString matches "^A"))`,
		`let r = 1..300; any(r, any(r, any(r, # > 3)))`, `join(split(email(), "."), "x") + replace("aa", "a", "bbb")`,
		`person.name[0].partName[9].instanceValue.textString[1:2] ?? nil`, `{"a": 1}.a == 1`, `$env`, `(((((((1)))))))`,
		`map(filter(1..9, # % 2 == 0), #index)`, `courseSection?.org?.id ?? "x" in ["a"]`, `1 / 0`, `-5 ** 99 | abs()`, `roles() | first() | len()`} {
		f.Add(s)
	}
	c := putOf(samplePerson())
	f.Fuzz(func(t *testing.T, source string) {
		for _, result := range []bool{true, false} {
			as := value
			if result {
				as = yesOrNo
			}
			e, err := compile(source, as)
			if err != nil {
				continue
			}
			began := time.Now()
			_, err = e.run(newSubject(c, c.Record))
			if took := time.Since(began); took > time.Second {
				t.Errorf("it took %s", took)
			}
			if err != nil && strings.Contains(err.Error(), "example.edu") && !strings.Contains(source, "example.edu") {
				t.Errorf("it tells of the record: %v", err)
			}
		}
	})
}
