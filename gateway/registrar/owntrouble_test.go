package registrar

import (
	"errors"
	"testing"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Wherever the disk fails, what goes in one transaction leaves nothing.
func TestOneTransactionSurvivesTrouble(t *testing.T) {
	x := lis.Ref{Kind: lis.KindCourseSection, ID: "x"}
	for name, act := range map[string]func(*house) error{
		"together": func(h *house) error {
			_, err := h.Together(t.Context(), []*Request{from("a", filled("replaceCourseSection")), from("b", filled("deletePerson"))}, true, nil)
			return err
		},
		"batch": func(h *house) error {
			_, err := h.Batch(t.Context(), "a", []*lis.Call{filled("replaceCourseSection"), filled("deletePerson")}, nil, nil)
			return err
		},
		"correct": func(h *house) error {
			_, err := h.Correct(t.Context(), Correction{Ref: x, Record: &lis.Record{Object: &lis.CourseSection{Title: text("C")}}, Version: 1, Tell: []string{"lms"}})
			return err
		},
		"take away": func(h *house) error {
			_, err := h.Correct(t.Context(), Correction{Ref: x, Version: 1})
			return err
		},
		"rename": func(h *house) error {
			return h.Rename(t.Context(), Renaming{Kind: x.Kind, From: "x", To: "new", Tell: []string{"lms"}, Pairs: []journal.Pair{pairOf("new", "1", false)}})
		},
	} {
		h := web(t)
		point, messages := h.last(), len(h.messages("x"))
		for n := 0; ; n++ {
			left := n
			frail := houseOver(t, brittle{h.store, &left})
			err := act(frail)
			if left >= 0 {
				if err != nil || n < 3 || h.last() == point {
					t.Errorf("%s was not done after %d: %v", name, n, err)
				}
				break
			}
			if !errors.Is(err, errDisk) || h.last() != point || len(h.messages("x")) != messages || len(frail.woken) != 0 {
				t.Fatalf("%s, failing at %d: %v", name, n, err)
			}
		}
	}
}

func (h *house) last() (seq int64) {
	h.t.Helper()
	if err := h.store.Write(h.t.Context(), func(tx journal.Tx) (err error) {
		seq, err = tx.Last()
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return seq
}
