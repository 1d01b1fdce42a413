package blackboardfake

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// A dataSet is a file that is being worked off, a part at each look.
type dataSet struct {
	code, object, mode string
	rows               []map[string]string
	done, errors       int
	completed, warned  int
	step               int
}

func (l *Learn) flatFile(w http.ResponseWriter, r *http.Request, path string) {
	if user, password, _ := r.BasicAuth(); user != l.User || password != l.Password {
		w.Header().Set("WWW-Authenticate", `Basic realm="Blackboard"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	object, mode, ok := strings.Cut(path, "/")
	switch {
	case ok && object == "dataSetStatus" && r.Method == http.MethodGet:
		l.look(w, mode)
	case r.Method != http.MethodPost || !ok || !slices.Contains([]string{"person", "course", "membership"}, object):
		http.NotFound(w, r)
	case !slices.Contains([]string{"store", "refresh", "delete"}, mode):
		http.NotFound(w, r)
	case !strings.HasPrefix(r.Header.Get("Content-Type"), "text/xml"):
		io.WriteString(w, "Error: the content type is not supported.") // under 200
	default:
		l.take(w, r, object, mode)
	}
}

// take queues a file and answers with a sentence.
func (l *Learn) take(w http.ResponseWriter, r *http.Request, object, mode string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	lines := strings.Split(strings.TrimRight(string(body), "\n"), "\n")
	if err != nil || len(lines) < 2 {
		io.WriteString(w, "Error: the feed file is empty.") // under 200
		return
	}
	l.files = append(l.files, File{object, mode, string(body)})
	columns := strings.Split(lines[0], "|")
	set := &dataSet{code: fmt.Sprintf("%032x", 0xb0b0000000+len(l.sets)+1), object: object, mode: mode}
	for _, line := range lines[1:] {
		cells := strings.Split(line, "|")
		row := map[string]string{}
		for i, c := range columns {
			if i < len(cells) {
				row[c] = cells[i]
			}
		}
		if len(cells) != len(columns) {
			row = nil // it cannot be read
		}
		set.rows = append(set.rows, row)
	}
	looks := max(l.Looks, 1)
	if l.Looks == 0 {
		looks = 2
	}
	set.step = (len(set.rows) + looks - 1) / looks
	l.sets = append(l.sets, set)
	fmt.Fprintf(w, "Success: Feed File Uploaded. Use the reference code %s to track these records in the logs.", set.code)
}

// look answers with the counts, then works on: the first look sees all
// queued. What came earlier is worked off first.
func (l *Learn) look(w http.ResponseWriter, code string) {
	type answer struct {
		XMLName   xml.Name `xml:"dataSetStatus"`
		Completed int      `xml:"completedCount"`
		UID       string   `xml:"dataSetUid"`
		Errors    int      `xml:"errorCount"`
		Queued    int      `xml:"queuedCount"`
		Warnings  int      `xml:"warningCount"`
	}
	a := answer{UID: code}
	for _, set := range l.sets {
		if set.code != code {
			l.work(set, len(set.rows))
			continue
		}
		a.Completed, a.Errors, a.Queued, a.Warnings = set.completed, set.errors, len(set.rows)-set.done, set.warned
		l.work(set, set.step)
		break
	}
	w.Header().Set("Content-Type", "application/xml")
	io.WriteString(w, xml.Header)
	xml.NewEncoder(w).Encode(a)
}

// work works off some rows of a data set.
func (l *Learn) work(set *dataSet, rows int) {
	for ; rows > 0 && set.done < len(set.rows); rows-- {
		row := set.rows[set.done]
		set.done++
		problem := "the row has too many or too few columns"
		if row != nil {
			problem = l.store(set.object, row)
		}
		if problem != "" {
			set.errors++
			l.log = append(l.log, fmt.Sprintf("%s %s row %d: %s", set.code, set.object, set.done, problem))
		} else {
			set.completed++
		}
		if set.done == len(set.rows) && set.mode == "refresh" {
			l.purge(set)
		}
	}
}

// purge removes what a refresh did not hold, of the same data source.
func (l *Learn) purge(set *dataSet) {
	held := map[string]bool{}
	source := ""
	for _, row := range set.rows {
		if row != nil {
			held[keyOf(set.object, row)], source = true, row["data_source_key"]
		}
	}
	drop := func(keys []string, of func(string) string, drop func(string)) {
		for _, key := range slices.Clone(keys) {
			if !held[key] && of(key) == source {
				drop(key)
				l.effects++
			}
		}
	}
	switch set.object {
	case "person":
		drop(l.users.keys, func(k string) string { return l.users.get(k).Source }, l.users.drop)
	case "course":
		drop(l.courses.keys, func(k string) string { return l.courses.get(k).Source }, l.courses.drop)
	case "membership":
		drop(l.members.keys, func(k string) string { return l.members.get(k).Source }, l.members.drop)
	}
}

func keyOf(object string, row map[string]string) string {
	switch object {
	case "person":
		return row["external_person_key"]
	case "course":
		return row["external_course_key"]
	}
	return pair(row["external_course_key"], row["external_person_key"])
}
