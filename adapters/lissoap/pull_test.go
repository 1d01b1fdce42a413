package lissoap

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/gateway/lis"
)

// pulled reads a pull to its end and says what came, and the last cursor.
func pulled(t *testing.T, a adapters.Adapter, cursor string) (said []string, last string) {
	t.Helper()
	last = cursor
	for item, err := range a.(adapters.Source).Pull(t.Context(), cursor) {
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case item.Act != "":
			said = append(said, fmt.Sprintf("%s %s %s", item.Act, item.Kind, item.Key))
		case item.Begins != "":
			said = append(said, "begins "+string(item.Begins))
		case item.Ends != "":
			said = append(said, "ends "+string(item.Ends))
		}
		if item.Cursor != "" {
			last = item.Cursor
		}
	}
	return said, last
}

func some(said []string, of lis.Kind) []string {
	var left []string
	for _, s := range said {
		var act, kind, id string
		if n, _ := fmt.Sscan(s, &act, &kind, &id); n >= 2 && kind == string(of) {
			left = append(left, s)
		}
	}
	return left
}

func TestPullBySavepoint(t *testing.T) {
	e := &endpoint{point: "2026-09-01T08:00:01Z", changed: map[object]string{}}
	a := open(t, Options{URL: serve(t, e)})
	put := func(n int, at string) lis.SourcedID {
		r := adaptertest.Sample(lis.KindPerson, n)
		e.records[object{lis.KindPerson, r.ID}] = r
		e.changed[object{lis.KindPerson, r.ID}] = at
		return r.ID
	}
	first, second := put(1, "2026-09-01T08:00:00Z"), put(2, "2026-09-01T08:00:01Z")
	e.changed[object{lis.KindPerson, "long-gone"}] = "2026-08-01T08:00:00Z"
	said, cursor := pulled(t, a, "")
	want := []string{"begins person", "put person " + string(first), "put person " + string(second), "ends person"}
	slices.Sort(want[1:3])
	if got := some(said, lis.KindPerson); !slices.Equal(got, want) {
		t.Errorf("first pull: %q", got)
	}
	if said, _ = pulled(t, a, cursor); len(said) != 0 {
		t.Errorf("nothing changed, and %q came", said)
	}
	third := put(3, "2026-09-02T08:00:00Z")
	delete(e.records, object{lis.KindPerson, first})
	e.changed[object{lis.KindPerson, first}] = "2026-09-02T08:00:00Z"
	e.point = "2026-09-02T08:00:00Z"
	said, _ = pulled(t, a, cursor)
	want = []string{"drop person " + string(first), "put person " + string(third)}
	slices.SortFunc(want, compareIDs)
	if got := some(said, lis.KindPerson); !slices.Equal(got, want) {
		t.Errorf("second pull: %q, want %q", got, want)
	}
}

// compareIDs orders lines of some by the id at their end.
func compareIDs(a, b string) int { return strings.Compare(strings.Fields(a)[2], strings.Fields(b)[2]) }

// A peer without savepoints is listed whole each time.
func TestPullWithoutSavepoints(t *testing.T) {
	e := &endpoint{takes: func(op lis.Operation) bool { return op.Verb != lis.ReadIDsFrom }}
	a := open(t, Options{URL: serve(t, e)})
	r := adaptertest.Sample(lis.KindPerson, 1)
	e.records[object{lis.KindPerson, r.ID}] = r
	for range 2 {
		said, cursor := pulled(t, a, "")
		if got := some(said, lis.KindPerson); !slices.Equal(got, []string{"begins person", "put person " + string(r.ID), "ends person"}) || cursor != "" {
			t.Errorf("pull: %q, cursor %q", got, cursor)
		}
	}
}
