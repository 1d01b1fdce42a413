package route

import (
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"lisgate/gateway/lis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func change(source string, kind lis.Kind, act lis.Act, operation string) *lis.Change {
	return &lis.Change{Source: source, Kind: kind, Act: act, Operation: operation}
}

// must takes the error off an answer that cannot have one.
func must(t interface{ Fatal(...any) }) func([]string, error) []string {
	return func(targets []string, err error) []string {
		if err != nil {
			t.Fatal(err)
		}
		return targets
	}
}

func TestTargets(t *testing.T) {
	table, err := New([]Rule{
		{Name: "everything from Banner", From: []string{"banner"}, To: []string{"moodle", "warehouse"}},
		{Name: "grades", Kinds: []lis.Kind{lis.KindResult, lis.KindLineItem}, To: []string{"banner", "warehouse"}},
		{Name: "renames", Operations: []string{"rekey"}, To: []string{"directory"}},
		{Name: "replaced persons", Kinds: []lis.Kind{lis.KindPerson}, Operations: []string{"replace*"}, To: []string{"cards", "moodle"}},
		{Name: "deletes", Operations: []string{"deleteGroup", "drop"}, To: []string{"archive"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name   string
		change *lis.Change
		want   []string
	}{
		{"by source", change("banner", lis.KindGroup, lis.Put, "createGroup"), []string{"moodle", "warehouse"}},
		{"no rule", change("moodle", lis.KindGroup, lis.Put, "createGroup"), nil},
		{"union in order", change("banner", lis.KindPerson, lis.Put, "replacePerson"), []string{"moodle", "warehouse", "cards"}},
		{"no echo", change("banner", lis.KindResult, lis.Put, "replaceResult"), []string{"moodle", "warehouse"}},
		{"no echo to a target among several", change("moodle", lis.KindPerson, lis.Put, "replacePerson"), []string{"cards"}},
		{"by kind", change("moodle", lis.KindResult, lis.Put, "createResult"), []string{"banner", "warehouse"}},
		{"by act", change("x", lis.KindPerson, lis.Rekey, "changePersonIdentifier"), []string{"directory"}},
		{"pattern needs the kind too", change("x", lis.KindGroup, lis.Put, "replaceGroup"), nil},
		{"kind needs the pattern too", change("x", lis.KindPerson, lis.Put, "updatePerson"), nil},
		{"act without operation", change("x", lis.KindGroup, lis.Drop, ""), []string{"archive"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := must(t)(table.Targets(nil, c.change)); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestATableWithoutRulesSendsNothing(t *testing.T) {
	empty, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []*Table{empty, nil} {
		if got := must(t)(table.Targets(nil, change("x", lis.KindPerson, lis.Put, "createPerson"))); got != nil {
			t.Errorf("got %v", got)
		}
	}
}

func TestTheCallersListsStayHis(t *testing.T) {
	to := []string{"moodle"}
	table, err := New([]Rule{{To: to}})
	if err != nil {
		t.Fatal(err)
	}
	to[0] = "changed"
	if got := must(t)(table.Targets(nil, change("x", lis.KindPerson, lis.Put, ""))); got[0] != "moodle" {
		t.Errorf("got %v", got)
	}
}

func TestRefusals(t *testing.T) {
	cases := []struct {
		name string
		rule Rule
		want []string
	}{
		{"no target", Rule{Name: "a"}, []string{`route "a"`, "to is empty"}},
		{"no name", Rule{}, []string{"route number 1"}},
		{"empty target", Rule{To: []string{""}}, []string{"empty names"}},
		{"empty source", Rule{From: []string{""}, To: []string{"t"}}, []string{"empty names"}},
		{"kind", Rule{Kinds: []lis.Kind{"persons"}, To: []string{"t"}}, []string{`no kind "persons"`, `mean "person"?`}},
		{"kind in other case", Rule{Kinds: []lis.Kind{"coursesection"}, To: []string{"t"}}, []string{`mean "courseSection"?`}},
		{"kind like none", Rule{Kinds: []lis.Kind{"zzzzzzzzzzzzzzz"}, To: []string{"t"}}, []string{"such words are: person, group, membership"}},
		{"operation", Rule{Operations: []string{"replacePerson", "replacePersn"}, To: []string{"t"}}, []string{`no operation "replacePersn"`, `mean "replacePerson"?`}},
		{"act", Rule{Operations: []string{"dorp"}, To: []string{"t"}}, []string{`mean "drop"?`}},
		{"operation like none", Rule{Operations: []string{"αβγδεζηθικλμνξ"}, To: []string{"t"}}, []string{"such words are: put, drop, rekey"}},
		{"pattern for nothing", Rule{Operations: []string{"remplace*"}, To: []string{"t"}}, []string{`no operation "remplace*"`}},
		{"broken pattern", Rule{Operations: []string{"[a"}, To: []string{"t"}}, []string{"not a pattern"}},
		{"read", Rule{Operations: []string{"readPerson"}, To: []string{"t"}}, []string{"only reads"}},
		{"bulk", Rule{Operations: []string{"announceBulkDataExchange"}, To: []string{"t"}}, []string{"bulk file"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := New([]Rule{c.rule})
			if err == nil {
				t.Fatal("not refused")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
		})
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"kitten", "sitting", 3}, {"put", "", 3}, {"", "put", 3}, {"drop", "dorp", 2}, {"same", "same", 0}, {"cat", "cut", 1}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("from %q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// Every operation of LIS that changes records can be named, and no other.
func TestKnownWordsAreTheWritingOperations(t *testing.T) {
	for _, w := range known[len(acts):] {
		if op, ok := lis.OperationNamed(w); !ok || !op.Verb.Writes() || op.Kind == "" {
			t.Errorf("%q is not an operation that changes records", w)
		}
	}
	if want := 3 + 10*6 + 9; len(known) != want {
		t.Errorf("%d words, want %d", len(known), want)
	}
}

func TestTargetsAreDistinctAndNeverTheSource(t *testing.T) {
	names := rapid.SampledFrom([]string{"a", "b", "c", "d"})
	rapid.Check(t, func(t *rapid.T) {
		rules := rapid.SliceOf(rapid.Custom(func(t *rapid.T) Rule {
			return Rule{
				From: rapid.SliceOfN(names, 0, 2).Draw(t, "from"),
				To:   rapid.SliceOfN(names, 1, 4).Draw(t, "to"),
			}
		})).Draw(t, "rules")
		table, err := New(rules)
		if err != nil {
			t.Fatal(err)
		}
		c := change(names.Draw(t, "source"), lis.KindPerson, lis.Put, "createPerson")
		got := must(t)(table.Targets(nil, c))
		for i, target := range got {
			if target == c.Source || slices.Contains(got[:i], target) {
				t.Fatalf("%v for source %s", got, c.Source)
			}
			if !slices.ContainsFunc(rules, func(r Rule) bool {
				return slices.Contains(r.To, target) && (len(r.From) == 0 || slices.Contains(r.From, c.Source))
			}) {
				t.Fatalf("%s was asked for by no rule", target)
			}
		}
	})
}

func BenchmarkTargets(b *testing.B) {
	table, err := New([]Rule{
		{From: []string{"banner"}, To: []string{"moodle"}},
		{Kinds: []lis.Kind{lis.KindResult}, To: []string{"banner"}},
		{Operations: []string{"replace*"}, To: []string{"warehouse"}},
	})
	if err != nil {
		b.Fatal(err)
	}
	c := change("banner", lis.KindPerson, lis.Put, "replacePerson")
	for b.Loop() {
		table.Targets(nil, c)
	}
}
