package grades

import (
	"net/http/httptest"
	"strings"
	"testing"

	"lisgate/adapters/ellucian/ilp"
	"lisgate/gateway/guard"
)

// An LMS that pushes to ILP pushes to lisgate all the same: rows fail one by
// one, with text for a teacher.
func TestPlayingILP(t *testing.T) {
	h := newHouse(t)
	keeper := anybody(t)
	w := h.push(keeper, `{"ModifiedBy":"t-1","StudentGrades":[
		{"CourseId":"s-1","StudentId":"p-1","FinalGrade":"A"},
		{"CourseId":"s-1","StudentId":"p-2","FinalGrade":"F","LastAttendanceDate":"2026-09-01","MidtermGrade2":"C"},
		{"CourseId":"s-1","StudentId":"p-unknown","FinalGrade":"B"}]}`)
	a, err := ilp.DecodeAnswer(w.Body, 1<<20)
	if err != nil || w.Code != 200 || a.Status != ilp.Failure || len(a.Messages) != 4 {
		t.Fatalf("%d %+v, %v", w.Code, a, err)
	}
	for i, ok := range []bool{true, true, true, false} {
		if m := a.Messages[i]; (m.Data.Status == ilp.Success) != ok {
			t.Errorf("%d: %+v", i, m)
		}
	}
	h.settle()
	if got := h.state("p-1"); got != "accepted A after 0" {
		t.Error(got)
	}
	if w = h.push(keeper, `{`); w.Code != 400 {
		t.Errorf("a broken body: %d", w.Code)
	}
}

func anybody(t *testing.T) *guard.Guard {
	t.Helper()
	keeper, err := guard.New(guard.Options{Anonymous: &guard.AnonymousOptions{}})
	if err != nil {
		t.Fatal(err)
	}
	return keeper
}

// push is what an LMS does that pushes to ILP.
func (h *house) push(keeper *guard.Guard, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest("POST", ilp.Path, strings.NewReader(body))
	request.RemoteAddr, request.Host = "127.0.0.1:1", "127.0.0.1"
	w := httptest.NewRecorder()
	h.ILP(keeper).ServeHTTP(w, request)
	return w
}
