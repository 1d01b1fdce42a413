package console

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"lisgate/gateway/cps"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A fakeDesk holds one section, and notes what it is asked.
type fakeDesk struct {
	rows    []*cps.Standing
	trouble error // after the rows
	asked   []any
	file    string
	heard   chan struct{} // told when an import has something of the file
}

func (d *fakeDesk) Summaries(context.Context) ([]cps.Summary, error) {
	return []cps.Summary{{Plan: "fall", Planner: "unitime", SIS: "banner", Held: 1}}, d.trouble
}

func (d *fakeDesk) Standings(_ context.Context, plan string, state lis.PlanState) iter.Seq2[*cps.Standing, error] {
	d.asked = append(d.asked, plan, state)
	return func(yield func(*cps.Standing, error) bool) {
		for _, s := range d.rows {
			if !yield(s, nil) {
				return
			}
		}
		if d.trouble != nil {
			yield(nil, d.trouble)
		}
	}
}

func (d *fakeDesk) Standing(_ context.Context, section lis.SourcedID) (*cps.Standing, error) {
	for _, s := range d.rows {
		if s.Section == section {
			return s, nil
		}
	}
	return nil, d.trouble
}

func (d *fakeDesk) Decide(_ context.Context, sections []lis.SourcedID, approve bool, by, reason string) ([]cps.Decided, error) {
	d.asked = append(d.asked, sections, approve, by, reason)
	return []cps.Decided{{Section: sections[0], State: lis.PlanProposed, Text: "on its way to banner"}}, d.trouble
}

func (d *fakeDesk) Publish(_ context.Context, plan string, sections []lis.SourcedID, by string) (*cps.Published, error) {
	d.asked = append(d.asked, plan, sections, by)
	return &cps.Published{Published: 3}, d.trouble
}

func (d *fakeDesk) Answers(context.Context) iter.Seq2[*cps.Answer, error] {
	return func(yield func(*cps.Answer, error) bool) {
		yield(&cps.Answer{Section: "s-1", Kind: "late", Times: 2}, nil)
	}
}

func (d *fakeDesk) Import(_ context.Context, i cps.Import, file io.Reader, progress func(read, applied, failed int64)) (*cps.Imported, error) {
	d.asked = append(d.asked, i)
	if d.heard != nil {
		first := make([]byte, 5)
		_, _ = io.ReadFull(file, first)
		d.file = string(first)
		progress(1, 1, 0)
		d.heard <- struct{}{}
	}
	text, err := io.ReadAll(file)
	if d.file += string(text); err != nil {
		return nil, err
	}
	if d.trouble != nil {
		return nil, d.trouble
	}
	n := int64(2)
	return &cps.Imported{Report: &lis.BulkReport{Read: &n}, Warnings: []string{"no titles in it"}}, nil
}

func (d *fakeDesk) Export(_ context.Context, e cps.Export, w io.Writer) error {
	d.asked = append(d.asked, e)
	for range d.rows {
		_, _ = io.WriteString(w, strings.Repeat("<class/>", 1<<10))
	}
	return d.trouble
}

func (d *fakeDesk) Draw(_ context.Context, p cps.Picture, w io.Writer) error {
	d.asked = append(d.asked, p)
	_, _ = io.WriteString(w, "<svg/>")
	return d.trouble
}

// planning is a console over a fake desk.
func planning(t *testing.T) (*Console, *fakeDesk) {
	t.Helper()
	c, d := desk(t, true), &fakeDesk{rows: []*cps.Standing{{Plan: "fall", Section: "dept/s-1", State: lis.PlanProposed}, {Plan: "fall", Section: "s-2", State: lis.PlanProposed}}}
	c.Plans = d
	return c, d
}

func TestWithoutPlansNothingIsFound(t *testing.T) {
	c := desk(t, true)
	for _, path := range []string{"GET ", "GET /sections", "GET /sections/s-1", "POST /decide", "POST /publish", "GET /answers", "POST /import", "GET /export", "GET /draw"} {
		method, path, _ := strings.Cut(path, " ")
		if status, text := tell(c, method, "/admin/v1/plans"+path, "{}"); status != http.StatusNotFound || !strings.Contains(text, "the config has no plans") {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
}

func TestStandingsAreStreamed(t *testing.T) {
	c, d := planning(t)
	status, text := tell(c, "GET", "/admin/v1/plans/sections?plan=fall&state=held", "")
	if status != http.StatusOK || strings.Count(text, "\n") != 2 || !strings.Contains(text, `"dept/s-1"`) || d.asked[0] != "fall" || d.asked[1] != cps.HeldState {
		t.Errorf("%d %s %v", status, text, d.asked)
	}
	if status, text := tell(c, "GET", "/admin/v1/plans/sections?state=hold", ""); status != http.StatusBadRequest || !strings.Contains(text, "there are held, draft") {
		t.Errorf("%d %s", status, text)
	}
	d.trouble = errors.New("there is no plan falll")
	if status, text := tell(c, "GET", "/admin/v1/plans/sections", ""); status != http.StatusOK || !strings.HasSuffix(text, "{\"error\":\"there is no plan falll\"}\n") {
		t.Errorf("%d %s", status, text)
	}
	d.rows = nil
	if status, text := tell(c, "GET", "/admin/v1/plans/sections?plan=falll", ""); status != http.StatusBadRequest || !strings.Contains(text, "falll") {
		t.Errorf("%d %s", status, text)
	}
	if status, text := tell(c, "GET", "/admin/v1/plans/answers", ""); status != http.StatusOK || !strings.Contains(text, `"kind":"late"`) {
		t.Errorf("%d %s", status, text)
	}
}

func TestOneStanding(t *testing.T) {
	c, d := planning(t)
	if status, text := tell(c, "GET", "/admin/v1/plans/sections/dept/s-1", ""); status != http.StatusOK || !strings.Contains(text, `"dept/s-1"`) {
		t.Errorf("%d %s", status, text)
	}
	if status, text := tell(c, "GET", "/admin/v1/plans/sections/s-9", ""); status != http.StatusNotFound || !strings.Contains(text, "s-9") {
		t.Errorf("%d %s", status, text)
	}
	if _, text := tell(c, "GET", "/admin/v1/plans", ""); !strings.Contains(text, `"held": 1`) {
		t.Error(text)
	}
	d.trouble = journal.ErrClosed
	if status, _ := tell(c, "GET", "/admin/v1/plans", ""); status != http.StatusInternalServerError {
		t.Errorf("trouble is told as %d", status)
	}
}

func TestPlansAreDecidedAndPublished(t *testing.T) {
	c, d := planning(t)
	for body, want := range map[string]string{
		`{"approve":true}`: "say which sections", `{"sections":[""],"approve":true}`: "none of them empty",
		`{"sections":["s-1"]}`: "it is returned to the planner", `{"section":"s-1"}`: "unknown field",
	} {
		if status, text := tell(c, "POST", "/admin/v1/plans/decide", body); status != http.StatusBadRequest || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s", body, status, text)
		}
	}
	_, text := tell(c, "POST", "/admin/v1/plans/decide", `{"sections":["s-1"],"approve":false,"reason":"too late"}`)
	var got []cps.Decided
	if err := json.Unmarshal([]byte(text), &got); err != nil || len(got) != 1 || got[0].Text != "on its way to banner" {
		t.Fatal(err, text)
	}
	if len(d.asked) != 4 || d.asked[1] != false || d.asked[2] != "anonymous" || d.asked[3] != "too late" {
		t.Errorf("asked %v", d.asked)
	}
	if _, text := tell(c, "POST", "/admin/v1/plans/publish", `{"plan":"fall"}`); !strings.Contains(text, `"published": 3`) {
		t.Error(text)
	}
	d.trouble = errors.New("there is no plan falll")
	if status, text := tell(c, "POST", "/admin/v1/plans/publish", `{"plan":"falll"}`); status != http.StatusBadRequest || !strings.Contains(text, "falll") {
		t.Errorf("%d %s", status, text)
	}
}

func TestAnImportSaysHowFarItIs(t *testing.T) {
	c, d := planning(t)
	status, text := tell(c, "POST", "/admin/v1/plans/import?format=itc2019&as=planner&mode=audit&begin=2026-08-24&plan=fall", "<solution/>")
	want := cps.Import{Plan: "fall", Format: "itc2019", As: "planner", Mode: "audit", Begin: "2026-08-24", By: "anonymous"}
	if status != http.StatusOK || d.file != "<solution/>" || d.asked[0] != want || !strings.Contains(text, `"recordsRead":2`) {
		t.Errorf("%d %s %v", status, text, d.asked)
	}
	d.trouble = errors.New("line 3: no class")
	if status, text := tell(c, "POST", "/admin/v1/plans/import?format=unitime", "x"); status != http.StatusBadRequest || !strings.Contains(text, "line 3") {
		t.Errorf("%d %s", status, text)
	}
	for query, want := range map[string]string{"": "itc2019, unitime", "format=ical": "itc2019, unitime", "format=unitime&as=lms": "sis, planner",
		"format=unitime&mode=all": "transaction", "format=itc2019&begin=soon": "is not a date"} {
		if status, text := tell(c, "POST", "/admin/v1/plans/import?"+query, "x"); status != http.StatusBadRequest || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s", query, status, text)
		}
	}
}

// What the server lets a message take is no limit of an import, and how far it
// is comes while it works.
func TestAnImportOutlivesTheReadTimeout(t *testing.T) {
	c, d := planning(t)
	d.heard = make(chan struct{}, 1)
	server := httptest.NewUnstartedServer(c)
	server.Config.ReadTimeout = 20 * time.Millisecond
	server.Start()
	defer server.Close()
	file, rest := io.Pipe()
	go func() {
		_, _ = io.WriteString(rest, "<timetable>")
		<-d.heard
		<-time.After(3 * server.Config.ReadTimeout)
		_, _ = io.WriteString(rest, "</timetable>")
		rest.Close()
	}()
	response, err := http.Post(server.URL+"/admin/v1/plans/import?format=unitime", "", file)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := json.NewDecoder(response.Body)
	var line PlanImport
	if err := lines.Decode(&line); err != nil || line.Read != 1 {
		t.Fatalf("%v %+v", err, line)
	}
	if err := lines.Decode(&line); err != nil || line.Error != "" || line.Done == nil || d.file != "<timetable></timetable>" {
		t.Errorf("%v %+v %q", err, line, d.file)
	}
}

func TestAFileThatIsTooLongIsToldTheLimit(t *testing.T) {
	c, d := planning(t)
	d.trouble = &http.MaxBytesError{Limit: 5}
	if status, text := tell(c, "POST", "/admin/v1/plans/import?format=unitime", "x"); status != http.StatusBadRequest || !strings.Contains(text, "longer than 5 bytes, the most that is imported") {
		t.Errorf("%d %s", status, text)
	}
}

func TestExport(t *testing.T) {
	c, d := planning(t)
	server := httptest.NewServer(c)
	defer server.Close()
	get := func(query string) (*http.Response, string, error) {
		response, err := http.Get(server.URL + "/admin/v1/plans/export?" + query)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		return response, string(text), err
	}
	if r, text, err := get("format=unitime&term=2026FA"); err != nil || r.Header.Get("Content-Type") != "application/xml" || len(text) != 16<<10 ||
		d.asked[0] != (cps.Export{Format: "unitime", What: "timetable", Term: "2026FA"}) {
		t.Errorf("%v %v %v", r.Header, err, d.asked)
	}
	if r, _, _ := get("format=ical&room=r-1"); r.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Errorf("%v", r.Header)
	}
	for query, want := range map[string]string{"": "itc2019, unitime, ical", "format=ical": "exactly one", "format=ical&room=r&person=p": "exactly one",
		"format=ical&room=r&what=problem": "no parts", "format=unitime&what=problem": "timetable, offerings", "format=unitime&room=r": "for the format ical"} {
		if r, text, _ := get(query); r.StatusCode != http.StatusBadRequest || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s", query, r.StatusCode, text)
		}
	}
	d.trouble = errors.New("the journal is away")
	if _, _, err := get("format=unitime"); err == nil {
		t.Error("half a file looks whole")
	}
	d.rows = nil
	if r, text, _ := get("format=unitime"); r.StatusCode != http.StatusBadRequest || !strings.Contains(text, "the journal is away") {
		t.Errorf("%d %s", r.StatusCode, text)
	}
}

func TestDraw(t *testing.T) {
	c, d := planning(t)
	r := httptest.NewRequest("GET", "/admin/v1/plans/draw?room=r-1&week=2026-09-07", nil)
	r.RemoteAddr, r.Host = "127.0.0.1:1", "127.0.0.1"
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	monday, _ := lis.ParseDate("2026-09-07")
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/svg+xml" || d.asked[0] != (cps.Picture{Room: "r-1", Week: monday}) {
		t.Errorf("%d %v %v", w.Code, w.Header(), d.asked)
	}
	for query, want := range map[string]string{"": "exactly one", "room=r&section=s": "exactly one", "room=r&week=37": "is not a date"} {
		if status, text := tell(c, "GET", "/admin/v1/plans/draw?"+query, ""); status != http.StatusBadRequest || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s", query, status, text)
		}
	}
}
