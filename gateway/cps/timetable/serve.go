package timetable

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"
)

// The media types of what this package writes.
const (
	ICalType = "text/calendar; charset=utf-8"
	SVGType  = "image/svg+xml; charset=utf-8"
)

// ETag returns a strong entity tag: the same for the same bytes, and for no
// others.
func ETag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:18]) + `"`
}

// Serve answers a GET or HEAD with a body and its ETag, or with 304 where the
// asker has it already. It may be kept but must be asked for again, and by
// nobody but the asker: timetables of people are private. A Last-Modified that
// the caller has set on w counts too.
func Serve(w http.ResponseWriter, r *http.Request, contentType string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("ETag", ETag(body))
	h.Set("Cache-Control", "private, no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	if contentType == SVGType {
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	}
	modified, err := http.ParseTime(h.Get("Last-Modified"))
	if err != nil {
		modified = time.Time{}
	}
	http.ServeContent(w, r, "", modified, bytes.NewReader(body))
}
