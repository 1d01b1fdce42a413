package blackboard_test

import (
	"errors"
	"iter"
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/blackboard"
	"lisgate/gateway/lis"
)

// people yields samples of persons from, to before to, and then an error if
// there is one.
func people(from, to int, end error) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		for n := from; n < to; n++ {
			if !yield(sample(lis.KindPerson, n), nil) {
				return
			}
		}
		if end != nil {
			yield(nil, end)
		}
	}
}

func TestRefreshPurgesWhatIsNotInTheFile(t *testing.T) {
	f, l := newFlatFile(t)
	if _, err := f.Refresh(t.Context(), lis.KindPerson, people(0, 100, nil), 100); err != nil {
		t.Fatal(err)
	}
	done, err := f.Refresh(t.Context(), lis.KindPerson, people(4, 100, nil), 100)
	if err != nil || done.Rows != 96 || done.Purged != 4 || done.Code == "" {
		t.Fatalf("%+v, %v", done, err)
	}
	if l.Users() != 96 {
		t.Errorf("%d users are left", l.Users())
	}
}

// Each of these would purge what nobody wants purged: nothing is sent.
func TestRefreshGuard(t *testing.T) {
	source := func(o *blackboard.Options) {}
	for name, c := range map[string]struct {
		set      func(*blackboard.Options)
		records  iter.Seq2[*lis.Record, error]
		expected int
		want     string
	}{
		"TooFewRows":       {source, people(0, 90, nil), 100, "purge 10 of 100 rows"},
		"Empty":            {source, people(0, 0, nil), 100, "no rows"},
		"CutOff":           {source, people(0, 100, errors.New("disk")), 100, "nothing was sent"},
		"NothingKnown":     {source, people(0, 100, nil), 0, "how many rows the last file had"},
		"SameCountSwapped": {source, people(50, 150, nil), 100, "purge 50 of 100 rows"},
		"NoDataSource":     {func(o *blackboard.Options) { o.DataSource = "" }, people(0, 100, nil), 100, "data_source_key"},
		"OneCannotGo": {source, func(yield func(*lis.Record, error) bool) {
			yield(&lis.Record{ID: "nameless", Object: &lis.Person{}}, nil)
		}, 1, "nameless"},
		"Twice": {source, func(yield func(*lis.Record, error) bool) {
			_ = yield(sample(lis.KindPerson, 1), nil) && yield(sample(lis.KindPerson, 1), nil)
		}, 2, "in the file already"},
	} {
		t.Run(name, func(t *testing.T) {
			f, l := newFlatFile(t, c.set)
			if name == "SameCountSwapped" {
				if _, err := f.Refresh(t.Context(), lis.KindPerson, people(0, 100, nil), 100); err != nil {
					t.Fatal(err)
				}
			}
			before := len(l.Files())
			_, err := f.Refresh(t.Context(), lis.KindPerson, c.records, c.expected)
			var e *adapters.Error
			if !errors.As(err, &e) || !strings.Contains(strings.ToLower(e.Error()), strings.ToLower(c.want)) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if len(l.Files()) != before {
				t.Error("a file was sent")
			}
		})
	}
}

// Only the rows of the own data source are purged.
func TestRefreshLeavesOtherSourcesAlone(t *testing.T) {
	f, l := newFlatFile(t)
	other, err := blackboard.NewFlatFile(func() blackboard.Options {
		o := options(serve(t, l), &clock{today})
		o.DataSource = "LIBRARY"
		return o
	}())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	all(t, other, put(sample(lis.KindPerson, 500)))
	if _, err := f.Refresh(t.Context(), lis.KindPerson, people(0, 10, nil), 10); err != nil {
		t.Fatal(err)
	}
	if l.Users() != 11 {
		t.Errorf("%d users", l.Users())
	}
}
