package itc2019

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

// TestCannotHold shows that a plan which the format cannot hold is refused by
// name, and that what means the same is written.
func TestCannotHold(t *testing.T) {
	id := lis.SourcedID("lis-small-fal26-class-1")
	for name, c := range map[string]struct {
		change func(*lis.Meeting) []lis.Meeting
		want   string // in the error, or in the file
	}{
		"two meetings": {func(m *lis.Meeting) []lis.Meeting {
			return []lis.Meeting{*m, {Days: 1, StartDate: monday, EndDate: monday, Start: 60, End: 90}}
		}, "it has 2 meetings"},
		"half a week": {func(m *lis.Meeting) []lis.Meeting { m.StartDate += 2; return []lis.Meeting{*m} }, "in week 1 of the term it meets on some of its days only"},
		"outside":     {func(m *lis.Meeting) []lis.Meeting { m.StartDate -= 7; return []lis.Meeting{*m} }, "which is not in the term"},
		"other time":  {func(m *lis.Meeting) []lis.Meeting { m.Start, m.End = m.Start+5, m.End+5; return []lis.Meeting{*m} }, "none of the 3 times of its request"},
		"longer":      {func(m *lis.Meeting) []lis.Meeting { m.End += 5; return []lis.Meeting{*m} }, "none of the 3 times of its request"},
		"never":       {func(m *lis.Meeting) []lis.Meeting { m.Weeks = "0"; return []lis.Meeting{*m} }, "takes place on no day"},
		"same": {func(m *lis.Meeting) []lis.Meeting {
			m.Weeks, m.StartDate, m.EndDate = "", m.StartDate+1, m.EndDate-3
			return []lis.Meeting{*m}
		}, `<class id="1" days="0101000" start="96" weeks="111111" room="2"/>`},
		"no dates": {func(m *lis.Meeting) []lis.Meeting {
			m.Weeks, m.StartDate, m.EndDate = "", 0, 0
			return []lis.Meeting{*m}
		}, `<class id="1" days="0101000" start="96" weeks="111111" room="2"/>`},
		"arranged": {func(*lis.Meeting) []lis.Meeting {
			return []lis.Meeting{{Arranged: true, Start: lis.NoClock, End: lis.NoClock}}
		}, `<class id="1"/>`},
	} {
		t.Run(name, func(t *testing.T) {
			s := small(t)
			solve(t, s, good1, Options{})
			edit(t, s, id, func(section *lis.CourseSection) {
				ms, _ := section.Meetings()
				section.SetMeetings(c.change(&ms[0]))
			})
			var b bytes.Buffer
			got := ""
			if err := WriteSolution(&b, s); err == nil {
				got = b.String()
			} else if got = err.Error(); !strings.Contains(got, string(id)) {
				t.Errorf("the section is not named: %s", got)
			}
			if !strings.Contains(got, c.want) {
				t.Fatalf("want %s\ngot  %s", c.want, got)
			}
		})
	}
}

// TestPlaceless shows that a section of nobody's config is refused by name.
func TestPlaceless(t *testing.T) {
	s := small(t)
	edit(t, s, "lis-small-fal26-class-1", func(c *lis.CourseSection) { c.Extension.Set(lis.FieldITCSubpart, "") })
	if err := WriteProblem(io.Discard, s); err == nil || !strings.Contains(err.Error(), "lis-small-fal26-class-1 has no itc2019.config") {
		t.Fatal(err)
	}
}

// TestGone shows that a broken writer or source ends the writing.
func TestGone(t *testing.T) {
	s := small(t)
	down := errors.New("gone")
	for name, write := range map[string]func(io.Writer, Source) error{"problem": WriteProblem, "solution": WriteSolution} {
		if err := write(brokenWriter{down}, s); !errors.Is(err, down) {
			t.Error(name, err)
		}
		if err := write(io.Discard, brokenSource{s, down}); !errors.Is(err, down) {
			t.Error(name, err)
		}
	}
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

type brokenSource struct {
	*shelf
	err error
}

func (s brokenSource) Linked(lis.Kind, lis.Link) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) { yield(nil, s.err) }
}
