package console

import (
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"
)

// stalled is how long a client may make no progress, with a file that it
// sends or with an answer that it takes.
const stalled = time.Minute

// stream answers with one JSON document a line. What is wrong before the first
// is a refusal; after that it is the last line.
func stream[T any](w http.ResponseWriter, r *http.Request, rows iter.Seq2[T, error]) {
	lines := newLines(w)
	for row, err := range rows {
		switch {
		case err == nil:
			if lines.say(row) != nil {
				return // the client has gone
			}
		case lines.begun:
			_ = lines.say(map[string]string{"error": err.Error()})
			return
		default:
			refuse(w, unplanned(r.Context(), err))
			return
		}
	}
	lines.begin()
}

// ndjson writes JSON documents, one a line.
type ndjson struct {
	w       http.ResponseWriter
	encoder *json.Encoder
	begun   bool
}

func newLines(w http.ResponseWriter) *ndjson { return &ndjson{w: w, encoder: json.NewEncoder(w)} }

func (l *ndjson) begin() {
	if !l.begun {
		l.begun = true
		l.w.Header().Set("Content-Type", "application/x-ndjson")
		l.w.WriteHeader(http.StatusOK)
	}
}

func (l *ndjson) say(document any) error {
	l.begin()
	extendWrite(l.w)
	return l.encoder.Encode(document)
}

// extendWrite gives the client more time to take what comes now. A writer that
// knows no deadlines has no slow reader to cut.
func extendWrite(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(stalled))
}

// A patientBody is the body of a request that may take long, as long as it
// comes. A deadline must not outlast the body: one that passes then takes the
// context of the request with it.
type patientBody struct {
	io.Reader
	w http.ResponseWriter
}

func (b *patientBody) Read(p []byte) (int, error) {
	deadlines := http.NewResponseController(b.w)
	_ = deadlines.SetReadDeadline(time.Now().Add(stalled))
	n, err := b.Reader.Read(p)
	if err != nil {
		_ = deadlines.SetReadDeadline(time.Time{})
	}
	return n, err
}

// listed writes words with commas.
func listed[T ~string](words []T) string {
	var b strings.Builder
	for i, word := range words {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(word))
	}
	return b.String()
}
