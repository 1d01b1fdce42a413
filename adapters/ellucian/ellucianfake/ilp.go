package ellucianfake

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"lisgate/adapters/ellucian/ilp"
	"lisgate/adapters/peer/peerfake"
)

// An ILP takes grades for a SIS named BANNER.
type ILP struct {
	peerfake.Switches
	User, Password string
	Now            func() time.Time // time.Now when nil
	// Unconnected lets ILP answer that it cannot reach its SIS.
	Unconnected func() bool
	// Refuse is asked for each row; its text refuses it.
	Refuse func(g ilp.StudentGrade) (text, property string)

	mu      sync.Mutex
	grades  map[string]string    // section, student and column
	refused map[string]time.Time // when a row was last refused
	posted  []ilp.Submission
	effects int
}

// ServeHTTP answers at any address that ends in the path of the service.
func (f *ILP) ServeHTTP(w http.ResponseWriter, r *http.Request) { f.Serve(w, r, f.answer) }

func (f *ILP) now() time.Time {
	if f.Now == nil {
		return time.Now()
	}
	return f.Now()
}

func (f *ILP) answer(w http.ResponseWriter, r *http.Request) {
	user, password, _ := r.BasicAuth()
	switch {
	case user != f.User || password != f.Password:
		w.Header().Set("WWW-Authenticate", `Basic realm="ILP"`)
		http.Error(w, "", http.StatusUnauthorized)
	case !strings.HasSuffix(r.URL.Path, ilp.Path):
		http.NotFound(w, r)
	case r.Method != http.MethodPost:
		http.Error(w, `{"Message":"The requested resource does not support this method."}`, http.StatusMethodNotAllowed)
	case r.Header.Get(ilp.MediaTypeHeader) != ilp.MediaType:
		fmt.Fprint(w, "Unknown media type") // under 200, as it does
	default:
		f.submit(w, r)
	}
}

func (f *ILP) submit(w http.ResponseWriter, r *http.Request) {
	s, err := ilp.DecodeGrades(r.Body, mostBody)
	switch {
	case err != nil:
		fmt.Fprint(w, "Could not decode input") // under 200, as it does
		return
	case f.Unconnected != nil && f.Unconnected():
		ilp.EncodeConnectivityFailure(w, "The target SIS is not available.")
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.posted = append(f.posted, *s)
	var rows []ilp.RowAnswer
	for _, g := range s.StudentGrades {
		rows = append(rows, f.row(g)...)
	}
	w.Header().Set("Content-Type", "application/json")
	ilp.EncodeAnswer(w, rows)
}

// row takes or refuses one row. The lock is held.
func (f *ILP) row(g ilp.StudentGrade) []ilp.RowAnswer {
	said := func(ok bool, property, text string) ilp.RowAnswer {
		return ilp.RowAnswer{StudentID: g.StudentID, TargetSIS: "BANNER", OK: ok, Property: property, Text: text}
	}
	grades := g.Grades()
	if len(grades) == 0 {
		return []ilp.RowAnswer{said(false, "FinalGrade", "Missing grade")}
	}
	key := g.CourseID + "\x00" + g.StudentID + "\x00" + grades[0].Property
	if at, ok := f.refused[key]; ok && f.now().Sub(at) < 300*time.Second {
		return []ilp.RowAnswer{said(false, grades[0].Property, "This grade was submitted a moment ago.")}
	}
	var answers []ilp.RowAnswer
	for _, e := range f.errorsOf(g) {
		answers = append(answers, said(false, e[1], e[0]))
	}
	if len(answers) > 0 {
		if f.refused == nil {
			f.refused = map[string]time.Time{}
		}
		f.refused[key] = f.now()
		return answers
	}
	f.keep(key, grades[0].Grade)
	return []ilp.RowAnswer{said(true, "", "Successfully processed grades for Student ID "+g.StudentID+" (GE00)")}
}

func (f *ILP) keep(key, grade string) {
	if f.grades == nil {
		f.grades = map[string]string{}
	}
	if f.grades[key] != grade {
		f.grades[key] = grade
		f.effects++
	}
}

// errorsOf are the rules of the SIS: text and property of each that is broken.
func (f *ILP) errorsOf(g ilp.StudentGrade) [][2]string {
	if f.Refuse != nil {
		if text, property := f.Refuse(g); text != "" {
			return [][2]string{{text, property}}
		}
	}
	var broken [][2]string
	if day := g.LastAttendanceDate; day != "" && day[:min(10, len(day))] > f.now().Format("2006-01-02") {
		broken = append(broken, [2]string{"Last attendance date cannot be greater than the current date.", "LastAttendanceDate"})
	}
	if slices.Contains([]string{"F", "Fail"}, g.FinalGrade) && (g.LastAttendanceDate == "" || len(broken) > 0) {
		broken = append(broken, [2]string{"A last attend date is required for this grade.", "FinalGrade"})
	}
	if g.FinalGrade == "I" && g.DefaultIncompleteGrade != "F" {
		broken = append(broken, [2]string{"Cannot override default incomplete final grade.", "FinalGrade"})
	}
	return broken
}

// Grade returns the grade of a student in a column, such as FinalGrade.
func (f *ILP) Grade(section, student, column string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.grades[section+"\x00"+student+"\x00"+column]
}

// Posted returns the submissions that came, in order.
func (f *ILP) Posted() []ilp.Submission {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.posted)
}

// Effects counts the grades that were set or altered.
func (f *ILP) Effects() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.effects
}
