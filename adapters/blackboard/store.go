package blackboard

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"lisgate/adapters"
	"lisgate/adapters/peer"
)

// render writes a file: a header row, then the rows, bars between columns.
func (f *FlatFile) render(x *file) string {
	var b strings.Builder
	columns := x.columns
	if f.o.DataSource != "" {
		columns = append(columns[:len(columns):len(columns)], columnDataSource)
	}
	b.WriteString(strings.Join(columns, "|"))
	b.WriteByte('\n')
	for _, r := range x.rows {
		for i, c := range columns {
			if i > 0 {
				b.WriteByte('|')
			}
			if c == columnDataSource {
				b.WriteString(clean(f.o.DataSource))
			} else {
				b.WriteString(r.values[c])
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// store sends a file and follows it to its end.
func (f *FlatFile) store(ctx context.Context, x *file) (status, error) {
	return f.transfer(ctx, x, "store")
}

func (f *FlatFile) endpoint(parts ...string) string {
	base, err := url.Parse(f.o.URL)
	if err != nil {
		return "" // cannot be: check has parsed it
	}
	return base.JoinPath(append([]string{"webapps", "bb-data-integration-flatfile-" + f.o.Integration, "endpoint"}, parts...)...).String()
}

func (f *FlatFile) header() http.Header {
	user := base64.StdEncoding.EncodeToString([]byte(f.o.User + ":" + string(f.o.Password)))
	return http.Header{"Authorization": {"Basic " + user}}
}

// transfer posts a file, unless an earlier call has done it, and polls its
// data set until Learn has worked it off.
func (f *FlatFile) transfer(ctx context.Context, x *file, mode string) (status, error) {
	object, content := objects[x.object].name, f.render(x)
	keys := map[string]bool{}
	for _, r := range x.rows {
		keys[object+"\x00"+r.key()] = true
	}
	code := f.pending.take(object, mode, content, keys)
	if code == "" {
		var err error
		if code, err = f.post(ctx, object, mode, content); err != nil {
			return status{}, err
		}
	}
	st, err := f.follow(ctx, code, len(x.rows))
	if err != nil && ctx.Err() != nil {
		f.pending.add(object, mode, content, code, keys)
	}
	return st, err
}

// post sends a file and returns the reference code.
func (f *FlatFile) post(ctx context.Context, object, mode, content string) (string, error) {
	header := f.header()
	header.Set("Content-Type", "text/xml") // Learn wants it so, though it is none
	r, err := f.do(ctx, http.MethodPost, f.endpoint(object, mode), content, header)
	if err != nil {
		return "", err
	}
	if err := r.Failure(mode+" "+object, fileTable, busyFor); err != nil {
		return "", err
	}
	code, ok := referenceCode(string(r.Body))
	if !ok {
		return "", &adapters.Error{
			Class: adapters.Unavailable, Answer: peer.Clip(string(r.Body)), Err: fmt.Errorf("%s %s: Learn gave no reference code, so that nobody knows whether the file was taken", mode, object),
			Hint: "see what Learn says; a page of its login or of a proxy is no answer",
		}
	}
	return code, nil
}

// codes is what reference codes look like: 32 hexadecimal digits, or a UUID.
var codes = regexp.MustCompile(`(?i)\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b`)

// codeWords finds a code of another look in the sentence around it.
var codeWords = regexp.MustCompile(`(?i)reference\s+code[\s:]+([0-9a-z_-]{4,64})`)

// referenceCode reads the code out of the sentence with which Learn answers,
// such as "Success: Feed File Uploaded. Use the reference code … to track
// these records in the logs."
func referenceCode(sentence string) (string, bool) {
	if len(sentence) > 4096 || strings.HasPrefix(strings.TrimSpace(sentence), "<") {
		return "", false // a page and no sentence
	}
	if code := codes.FindString(sentence); code != "" {
		return code, true
	}
	if found := codeWords.FindStringSubmatch(sentence); found != nil {
		return found[1], true
	}
	return "", false
}

// A status is how far Learn is with a data set.
type status struct {
	Queued    int
	Completed int
	Errors    int
	Warnings  int
	code      string
}

func (s status) said() string {
	return fmt.Sprintf("data set %s: completed %d, errors %d, warnings %d", s.code, s.Completed, s.Errors, s.Warnings)
}

// follow looks at a data set until it is at its end. Learn works while it is
// looked at: nothing queued is no end as long as rows are not accounted for.
func (f *FlatFile) follow(ctx context.Context, code string, rows int) (status, error) {
	var before status
	for still := 0; ; {
		st, err := f.look(ctx, code)
		if err != nil {
			return st, err
		}
		if st == before {
			still++
		} else {
			before, still = st, 0
		}
		worked := st.Completed + st.Errors
		switch {
		case st.Queued == 0 && worked >= rows:
			return st, nil
		case st.Queued == 0 && still >= stillFor && worked > 0 && f.o.LooseCounts:
			return st, nil
		case st.Queued == 0 && still >= stillFor*10:
			return st, &adapters.Error{
				Class: adapters.Unavailable, Narrow: true, Answer: st.said(),
				Err:  fmt.Errorf("Learn has nothing queued and accounts for %d of %d rows", worked, rows),
				Hint: "the file is sent again; when Learn counts otherwise than by rows, set looseCounts",
			}
		}
		if err := peer.Pause(ctx, f.o.Poll); err != nil {
			return st, unavailable("wait for data set %s: %w (Learn works on; the next attempt looks for its end)", code, err)
		}
	}
}

// stillFor is how many looks in a row must show the same.
const stillFor = 3

func (f *FlatFile) look(ctx context.Context, code string) (status, error) {
	r, err := f.do(ctx, http.MethodGet, f.endpoint("dataSetStatus", code), "", f.header())
	if err != nil {
		return status{code: code}, err
	}
	if err := r.Failure("look at a data set", fileTable, busyFor); err != nil {
		return status{code: code}, err
	}
	st, err := parseStatus(r.Body)
	st.code = code
	if err != nil {
		return st, &adapters.Error{Class: adapters.Unavailable, Answer: peer.Clip(string(r.Body)), Err: fmt.Errorf("look at data set %s: %w", code, err)}
	}
	return st, nil
}

// parseStatus reads the counts, wherever in the XML they stand. Without the
// queue and the errors it is no status.
func parseStatus(body []byte) (status, error) {
	var st status
	places := map[string]*int{"queuedCount": &st.Queued, "completedCount": &st.Completed, "errorCount": &st.Errors, "warningCount": &st.Warnings}
	seen := map[string]bool{}
	d := xml.NewDecoder(bytes.NewReader(body))
	for name := ""; ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return st, fmt.Errorf("the status is no XML")
		}
		switch t := token.(type) {
		case xml.StartElement:
			name = t.Name.Local
		case xml.EndElement:
			name = ""
		case xml.CharData:
			if place := places[name]; place != nil {
				n, err := strconv.Atoi(strings.TrimSpace(string(t)))
				if err != nil || n < 0 {
					return st, fmt.Errorf("%s is no count", name)
				}
				*place, seen[name] = n, true
			}
		}
	}
	if !seen["queuedCount"] || !seen["errorCount"] {
		return st, fmt.Errorf("the status lacks queuedCount or errorCount")
	}
	return st, nil
}

// Check looks at a data set that nobody has. It changes nothing.
func (f *FlatFile) Check(ctx context.Context) error {
	r, err := f.do(ctx, http.MethodGet, f.endpoint("dataSetStatus", strings.Repeat("0", 32)), "", f.header())
	if err != nil {
		return err
	}
	return r.Failure("look at the flat file integration", fileTable, busyFor)
}
