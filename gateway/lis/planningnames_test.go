package lis

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// table returns the constants of planningfields.go whose names start so.
func tableOf(t *testing.T, prefix string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "planningfields.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var patterns []string
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(v.Names[0].Name, prefix) && len(v.Values) == 1 {
			s, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			patterns = append(patterns, s)
		}
		return true
	})
	return patterns
}

// TestEveryFieldIsRead holds that each field of the table changes what the
// reader of its object says, good value or bad.
func TestEveryFieldIsRead(t *testing.T) {
	patterns := tableOf(t, "Field")
	if len(patterns) != len(planningFields) {
		t.Errorf("the table has %d fields and %d are known", len(patterns), len(planningFields))
	}
	for _, p := range patterns {
		name := FieldName(p, 2, 3)
		if got, n, m, ok := parseFieldName(name); !ok || got != p || FieldName(p, n, m) != name {
			t.Errorf("%s is not known", name)
		}
		e := extensionOf(name, "no value of any type!")
		if f := family(p); f == "itc2019" || f == "unitime" {
			continue // read by their formats with Get
		}
		if reflect.DeepEqual(readings(e), readings(nil)) {
			t.Errorf("nobody reads %s", name)
		}
	}
	for p := range planningTypes {
		if !slices.Contains(patterns, p) {
			t.Errorf("%s has a type and is no field", p)
		}
	}
}

// readings returns what every reader makes of an extension.
func readings(e *Extension) []any {
	c, o, g, a := &CourseSection{Extension: e}, &CourseOffering{Extension: e}, &Group{Extension: e}, &SectionAssociation{Extension: e}
	ms, err1 := c.Meetings()
	q, err2 := o.Request()
	p, err3 := c.Plan()
	d, err4 := o.Demand()
	r, err5 := g.Room()
	l, err6 := a.Constraints()
	return []any{ms, err1, q, err2, p, err3, d, err4, r, err5, l, err6, c.SectionLink()}
}

func TestFieldNames(t *testing.T) {
	for _, name := range []string{"", ".", "meeting", "meeting.1", "meeting.N.days", "meeting.0.days", "meeting.-1.days", "meeting.1.days.", "meeting.1.2.days",
		"meeting.1.instructor.M.role", "meeting.N.instructor.1.role", "meeting.1.instructor.2.3", "meeting.1234567890.days", "Meeting.1.days", "plan.1", "1.2.3.4",
		"meeting.1." + strings.Repeat("x", 100)} {
		if p, _, _, ok := parseFieldName(name); ok {
			t.Errorf("%q is taken for %s", name, p)
		}
	}
	if got := FieldName(FieldConstraintSection, 4, 15); got != "constraint.4.section.15" {
		t.Error(got)
	}
}

func TestUnknownPlanningFields(t *testing.T) {
	e := extensionOf("meeting.1.days", "x", "meeting.1.colour", "x", "dozen", "x", "plan.odd", "x", "unitime.class.N", "x", "itc2019.order", "1")
	want := []string{"meeting.1.colour", "plan.odd", "unitime.class.N"}
	if got := UnknownPlanningFields(e); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	e.NameVocabulary = PlanningVocabulary
	if got := UnknownPlanningFields(e); !slices.Contains(got, "dozen") {
		t.Errorf("%q", got)
	}
	if UnknownPlanningFields(nil) != nil {
		t.Error("of nothing")
	}
}
