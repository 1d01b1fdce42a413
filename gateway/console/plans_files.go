package console

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"lisgate/gateway/cps"
	"lisgate/gateway/lis"
)

// mostFile is the longest file that is imported: several times the largest
// term of a university in either format.
const mostFile = 1 << 30

// PlanImport is a line of the answer to an import: how far it is, and as the
// last one what came of it.
type PlanImport struct {
	Read    int64         `json:"read"`
	Applied int64         `json:"applied"`
	Failed  int64         `json:"failed"`
	Done    *cps.Imported `json:"done,omitempty"`
	Error   string        `json:"error,omitempty"`
}

// What an import or export can be asked for.
var (
	importFormats = []string{"itc2019", "unitime"}
	importAs      = []string{"sis", "planner"}
	importModes   = []string{lis.PacketItems, lis.PacketTransaction, lis.PacketAudit}
	// exported are the parts of each format, the usual one first.
	exported = map[string][]string{"itc2019": {"problem", "solution"}, "unitime": {"timetable", "offerings"}, "ical": {""}}
)

// importPlans takes a file in while it comes, and answers while it does.
func (c *Console) importPlans(w http.ResponseWriter, r *http.Request) {
	order, err := importOf(r)
	if err != nil {
		refuse(w, err)
		return
	}
	_ = http.NewResponseController(w).EnableFullDuplex() // HTTP/2 is so anyway
	lines, far, told := newLines(w), PlanImport{}, time.Time{}
	progress := func(read, applied, failed int64) {
		far = PlanImport{Read: read, Applied: applied, Failed: failed}
		if now := c.Now(); now.Sub(told) >= progressEvery {
			told = now
			_ = lines.say(far) // an import is carried to its end though nobody looks
			_ = http.NewResponseController(w).Flush()
		}
	}
	body := http.MaxBytesReader(w, r.Body, mostFile)
	done, err := c.Plans.Import(r.Context(), *order, &patientBody{body, w}, progress)
	switch {
	case err == nil:
		far.Done = done
		_ = lines.say(far)
	case lines.begun:
		far.Error = tooLong(err).Error()
		_ = lines.say(far)
	default:
		refuse(w, unplanned(r.Context(), tooLong(err)))
	}
}

// progressEvery is how often an import says how far it is.
const progressEvery = 250 * time.Millisecond

// tooLong names the limit that a file has met.
func tooLong(err error) error {
	var limit *http.MaxBytesError
	if errors.As(err, &limit) {
		return fmt.Errorf("the file is longer than %d bytes, the most that is imported: part it, or send it as a bulk file (%w)", limit.Limit, err)
	}
	return err
}

func importOf(r *http.Request) (*cps.Import, error) {
	q := r.URL.Query()
	i := &cps.Import{Plan: q.Get("plan"), Format: q.Get("format"), As: q.Get("as"), Mode: q.Get("mode"), Begin: q.Get("begin"), By: operator(r)}
	err := errors.Join(word("format", i.Format, importFormats, false), word("as", i.As, importAs, true), word("mode", i.Mode, importModes, true))
	if err != nil {
		return nil, err
	}
	if _, err := day("begin", i.Begin); err != nil {
		return nil, err
	}
	return i, nil
}

// word checks a parameter that is one of some words.
func word(name, value string, words []string, optional bool) error {
	if value == "" && optional || slices.Contains(words, value) {
		return nil
	}
	return badRequest(fmt.Sprintf("%s must be one of %s, not %q", name, listed(words), value))
}

// day reads a parameter that is a day; "" is none.
func day(name, value string) (lis.Date, error) {
	if value == "" {
		return 0, nil
	}
	d, err := lis.ParseDate(value)
	if err != nil {
		return 0, badRequest(name + ": " + err.Error())
	}
	return d, nil
}

// exportPlans streams a file. When it breaks off, so does the connection: half
// a file must not look like a whole one.
func (c *Console) exportPlans(w http.ResponseWriter, r *http.Request) {
	order, err := exportOf(r.URL.Query())
	if err != nil {
		refuse(w, err)
		return
	}
	out := &download{w: w, kind: "application/xml", name: order.Format + ".xml"}
	if order.Format == "ical" {
		out.kind, out.name = "text/calendar; charset=utf-8", "timetable.ics"
	}
	err = c.Plans.Export(r.Context(), *order, out)
	switch {
	case err != nil && out.begun:
		panic(http.ErrAbortHandler)
	case err != nil:
		refuse(w, unplanned(r.Context(), err))
	default:
		out.begin()
	}
}

func exportOf(q url.Values) (*cps.Export, error) {
	e := &cps.Export{Plan: q.Get("plan"), Format: q.Get("format"), What: q.Get("what"), Term: q.Get("term"),
		Room: q.Get("room"), Person: q.Get("person"), Section: q.Get("section")}
	if err := word("format", e.Format, []string{"itc2019", "unitime", "ical"}, false); err != nil {
		return nil, err
	}
	parts := exported[e.Format]
	if e.What == "" {
		e.What = parts[0]
	}
	switch {
	case e.Format == "ical" && e.What != "":
		return nil, badRequest("a calendar has no parts: leave what out")
	case e.Format == "ical":
		return e, one(e.Room, e.Person, e.Section)
	case e.Room+e.Person+e.Section != "":
		return nil, badRequest("room, person and section are for the format ical")
	}
	return e, word("what", e.What, parts, false)
}

// one wants exactly one of them.
func one(room, person, section string) error {
	n := 0
	for _, given := range []string{room, person, section} {
		if given != "" {
			n++
		}
	}
	if n != 1 {
		return badRequest("say whose week it is: exactly one of room, person and section")
	}
	return nil
}

// drawPlans answers with a picture. It has no scripts, and may load none.
func (c *Console) drawPlans(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p := cps.Picture{Room: lis.SourcedID(q.Get("room")), Person: lis.SourcedID(q.Get("person")), Section: lis.SourcedID(q.Get("section"))}
	week, err := day("week", q.Get("week"))
	if err = errors.Join(one(q.Get("room"), q.Get("person"), q.Get("section")), err); err != nil {
		refuse(w, err)
		return
	}
	p.Week = week
	var picture bytes.Buffer
	if err := c.Plans.Draw(r.Context(), p, &picture); err != nil {
		refuse(w, unplanned(r.Context(), err))
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	_, _ = w.Write(picture.Bytes()) // the client may have gone
}

// A download sends its headers with the first byte.
type download struct {
	w          http.ResponseWriter
	kind, name string
	begun      bool
}

func (d *download) begin() {
	if !d.begun {
		d.begun = true
		d.w.Header().Set("Content-Type", d.kind)
		d.w.Header().Set("Content-Disposition", `attachment; filename="`+d.name+`"`)
	}
}

func (d *download) Write(p []byte) (int, error) {
	d.begin()
	extendWrite(d.w)
	return d.w.Write(p)
}

var _ io.Writer = (*download)(nil)
