package canvasfake

import (
	"archive/zip"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A client asks an account over HTTP.
type client struct {
	*testing.T
	*Account
	url string
}

func start(t *testing.T, o Options) client {
	t.Helper()
	a := New(o)
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	return client{t, a, server.URL}
}

// ask sends a request and reads the answer.
func (c client) ask(method, path, contentType, body string) (int, map[string]any, http.Header) {
	c.Helper()
	r, err := http.NewRequestWithContext(c.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		return 0, nil, nil
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	var v map[string]any
	_ = json.Unmarshal(text, &v)
	if v == nil {
		v = map[string]any{"text": string(text)}
	}
	return resp.StatusCode, v, resp.Header
}

const imports = "/api/v1/accounts/1/sis_imports"

// post imports one CSV and returns the job after its end.
func (c client) post(query, csv string) map[string]any {
	c.Helper()
	status, job, _ := c.ask("POST", imports+"?"+query, "text/csv", csv)
	if status != 200 {
		c.Fatalf("HTTP %d %v", status, job)
	}
	_, job, _ = c.ask("GET", fmt.Sprint(imports, "/", job["id"]), "", "")
	return job
}

const users = "user_id,login_id,full_name,status\n"

func TestRefusals(t *testing.T) {
	c := start(t, Options{})
	for name, want := range map[string]struct {
		path, kind, body string
		status           int
	}{
		"charset":    {imports, "text/csv; charset=latin1", users, 400},
		"not root":   {"/api/v1/accounts/7/sis_imports", "text/csv", users, 400},
		"no file":    {imports, "multipart/form-data; boundary=x", "--x--\r\n", 400},
		"batch mode": {imports + "?batch_mode=1&batch_mode_term_id=sis_term_id:T", "text/csv", users, 400},
		"drop":       {imports + "?diffing_drop_status=burned", "text/csv", users, 400},
		"no zip":     {imports, "application/zip", "PK?", 400},
	} {
		t.Run(name, func(t *testing.T) {
			if status, v, _ := c.ask("POST", want.path, want.kind, want.body); status != want.status {
				t.Errorf("HTTP %d %v", status, v)
			}
		})
	}
	c.Behave(func(b *Behaviour) { b.NotEnabled = true })
	if status, v, _ := c.ask("POST", imports, "text/csv", users); status != 403 || !strings.Contains(fmt.Sprint(v), "not enabled") {
		t.Errorf("HTTP %d %v", status, v)
	}
}

// TestStates: created, importing, imported by the clock, one import after the
// other.
func TestStates(t *testing.T) {
	now := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	c := start(t, Options{Now: func() time.Time { return now }, StateTime: time.Minute, RowsPerSecond: 1})
	_, first, _ := c.ask("POST", imports, "text/csv", users+"u1,u1,A,active\n")
	_, second, _ := c.ask("POST", imports, "text/csv", users+"u2,u2,B,active\n")
	state := func(job map[string]any) any {
		_, v, _ := c.ask("GET", fmt.Sprint(imports, "/", job["id"]), "", "")
		return v["workflow_state"]
	}
	for _, want := range [][2]string{{"created", "created"}, {"importing", "created"}, {"imported", "created"}, {"imported", "importing"}, {"imported", "imported"}} {
		if a, b := state(first), state(second); a != want[0] || b != want[1] {
			t.Errorf("at %s: %v and %v, want %v", now.Format(time.TimeOnly), a, b, want)
		}
		now = now.Add(63 * time.Second)
	}
	if c.MaxConcurrent() != 2 {
		t.Errorf("%d at one time", c.MaxConcurrent())
	}
}

// TestMessages: a row that is not taken is a message with its number.
func TestMessages(t *testing.T) {
	c := start(t, Options{})
	job := c.post("", users+"u1,u1,A,active\n,u2,B,active\nu3,u1,C,active\n")
	if job["workflow_state"] != "imported_with_messages" {
		t.Fatal(job)
	}
	url := job["errors_attachment"].(map[string]any)["url"].(string)
	_, v, _ := c.ask("GET", strings.TrimPrefix(url, c.url), "", "")
	for _, want := range []string{"sis_import_id,file,message,row", "No user_id given for a user,3", "already claimed u3's", ",4"} {
		if !strings.Contains(v["text"].(string), want) {
			t.Errorf("%v lacks %s", v["text"], want)
		}
	}
	for body, want := range map[string]string{"a,b\n1,2\n": "Couldn't find Canvas CSV import headers", "user_id,login_id\n\"": "Malformed CSV", "user_id,login_id\n\xff": "Invalid UTF-8"} {
		if job := c.post("", body); job["workflow_state"] != "failed_with_messages" || !strings.Contains(fmt.Sprint(job["processing_errors"]), want) {
			t.Errorf("%q: %v", body, job)
		}
	}
}

// TestDiffing removes what the second file lacks, except when it has shrunk
// beyond the threshold or is a new master.
func TestDiffing(t *testing.T) {
	two, one := users+"u1,u1,A,active\nu2,u2,B,active\n", users+"u1,u1,A,active\n"
	for query, left := range map[string]int{
		"diffing_data_set_identifier=s":                                  1,
		"diffing_data_set_identifier=s&change_threshold=5":               2,
		"diffing_data_set_identifier=s&diffing_remaster_data_set=1":      2,
		"diffing_data_set_identifier=other":                              2,
		"diffing_data_set_identifier=s&change_threshold=90&batch_mode=0": 1,
	} {
		c := start(t, Options{})
		c.post("diffing_data_set_identifier=s", two)
		job := c.post(query, one)
		if n := c.Count("user"); n != left {
			t.Errorf("%s: %d users, want %d", query, n, left)
		}
		if exceeded := strings.HasSuffix(query, "threshold=5"); job["diffing_threshold_exceeded"] != exceeded {
			t.Errorf("%s: %v", query, job["diffing_threshold_exceeded"])
		}
	}
}

// TestBatchModeAndDiffing exclude each other: diffing is dropped without a word.
func TestBatchModeAndDiffing(t *testing.T) {
	c := start(t, Options{})
	c.post("", "term_id,name,status\nT,Term,active\n")
	job := c.post("batch_mode=1&batch_mode_term_id=sis_term_id:T&diffing_data_set_identifier=s", users+"u1,u1,A,active\n")
	if job["batch_mode"] != true || job["diffing_data_set_identifier"] != nil {
		t.Errorf("%v", job)
	}
}

// TestOrderOfKinds: one zip, its files in any order; deleting a user deletes
// its enrolments, and undoing a cross-list revives a dead course.
func TestOrderOfKinds(t *testing.T) {
	c := start(t, Options{})
	var body bytes.Buffer
	z := zip.NewWriter(&body)
	for _, f := range [][2]string{
		{"z", "section_id,user_id,role,status\nS1,u1,student,active\n"}, {"y", "xlist_course_id,section_id,status\nX,S1,active\n"},
		{"x", users + "u1,u1,A,active\n"}, {"w", "section_id,course_id,name,status\nS1,C1,Section,active\n"},
		{"v", "course_id,short_name,long_name,status\nC1,C,Course,active\n"},
	} {
		w, _ := z.Create(f[0] + ".csv")
		_, _ = io.WriteString(w, f[1])
	}
	_ = z.Close()
	_, job, _ := c.ask("POST", imports, "application/zip", body.String())
	if es := c.Enrollments("S1"); len(es) != 1 || c.Find("section", "S1").Parent() != "X" {
		t.Fatalf("%v %v", es, job)
	}
	c.post("", "course_id,short_name,long_name,status\nC1,C,Course,deleted\n")
	c.post("", "xlist_course_id,section_id,status\nX,S1,deleted\n")
	if c.Find("course", "C1").State() != "claimed" || c.Find("section", "S1").Parent() != "C1" {
		t.Error("the course was not revived")
	}
	c.post("", users+"u1,u1,A,deleted\n")
	if c.Enrollments("S1")[0].State != "deleted" {
		t.Error("the enrolment outlives the user")
	}
}

// TestPages: 10 by default, 100 at most, and ids with a slash in hex only.
func TestPages(t *testing.T) {
	c := start(t, Options{})
	text := users
	for n := range 250 {
		text += fmt.Sprintf("u/%d,l%d,N,active\n", n, n)
	}
	c.post("", text)
	for query, want := range map[string]int{"": 10, "?per_page=50": 50, "?per_page=500": 100, "?per_page=100&page=3": 50} {
		_, v, head := c.ask("GET", "/api/v1/accounts/self/users"+query, "", "")
		var rows []any
		_ = json.Unmarshal([]byte(v["text"].(string)), &rows)
		if last := strings.Contains(query, "page=3"); len(rows) != want || strings.Contains(head.Get("Link"), `rel="next"`) == last {
			t.Errorf("%q: %d rows, %s", query, len(rows), head.Get("Link"))
		}
	}
	if status, _, _ := c.ask("GET", "/api/v1/users/sis_user_id:u%2F1", "", ""); status != 404 {
		t.Errorf("plain: HTTP %d", status)
	}
	if status, _, _ := c.ask("GET", "/api/v1/users/hex:sis_user_id:"+hex.EncodeToString([]byte("u/1")), "", ""); status != 200 {
		t.Errorf("hex: HTTP %d", status)
	}
}

// TestMisbehaviour: each switch does what it says.
func TestMisbehaviour(t *testing.T) {
	c := start(t, Options{Behaviour: Behaviour{Throttle: 1, LoseAnswers: 1, StuckInitializing: 1}})
	if status, v, _ := c.ask("GET", imports, "", ""); status != 403 || !strings.Contains(v["text"].(string), "Rate Limit Exceeded") {
		t.Errorf("HTTP %d %v", status, v)
	}
	if status, _, _ := c.ask("POST", imports, "text/csv", users); status != 0 || c.Imports() != 1 {
		t.Errorf("HTTP %d, %d imports; want a broken connection and one import", status, c.Imports())
	}
	if _, v, _ := c.ask("GET", imports+"?workflow_state[]=initializing", "", ""); len(v["sis_imports"].([]any)) != 1 {
		t.Errorf("%v", v)
	}
}
