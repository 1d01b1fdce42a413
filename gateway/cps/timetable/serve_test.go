package timetable

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestServeAnswers304ToWhoHasIt(t *testing.T) {
	body := []byte("BEGIN:VCALENDAR\r\n")
	changed := "Sat, 01 Aug 2026 12:00:00 GMT"
	for name, c := range map[string]struct {
		header, value string
		want          int
	}{
		"first":       {"", "", 200},
		"same":        {"If-None-Match", ETag(body), 304},
		"weak":        {"If-None-Match", `"other", W/` + ETag(body), 304},
		"any":         {"If-None-Match", "*", 304},
		"other":       {"If-None-Match", ETag([]byte("other")), 200},
		"not changed": {"If-Modified-Since", changed, 304},
		"changed":     {"If-Modified-Since", "Sat, 01 Aug 2026 11:00:00 GMT", 200},
	} {
		r := httptest.NewRequest(http.MethodGet, "/room.ics", nil)
		if c.header != "" {
			r.Header.Set(c.header, c.value)
		}
		w := httptest.NewRecorder()
		w.Header().Set("Last-Modified", changed)
		Serve(w, r, ICalType, body)
		if w.Code != c.want || w.Header().Get("ETag") != ETag(body) {
			t.Errorf("%s: %d %v, want %d", name, w.Code, w.Header(), c.want)
		}
		if sent := w.Body.String() == string(body); sent != (c.want == 200) {
			t.Errorf("%s: body %q", name, w.Body)
		}
		if c.want == 200 && w.Header().Get("Content-Type") != ICalType {
			t.Errorf("%s: %v", name, w.Header())
		}
	}
}
