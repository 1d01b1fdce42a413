package load

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"lisgate/adapters/canvas/canvasfake"
	"lisgate/adapters/moodle/moodlefake"
)

const token = "t-load"

// A record counts the calls to a pretend system, and keeps what Canvas was
// sent: its effects do not say what stood in a row.
type record struct {
	mu      sync.Mutex
	calls   map[string]int
	imports []map[string][][]string // each by sheet
}

func (r *record) call(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.calls == nil {
		r.calls = map[string]int{}
	}
	r.calls[name]++
}

// serve puts a handler on loopback.
func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

// serveMoodle serves a site as PHP comes: with max_input_vars of 1000.
func serveMoodle(t *testing.T) (*moodlefake.Site, *record, string) {
	site, calls := moodlefake.New(moodlefake.Options{Token: token, MaxInputVars: 1000, KeepRows: true}), &record{}
	return site, calls, serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		_, rest, _ := strings.Cut(string(body[:min(len(body), 200)]), "wsfunction=")
		name, _, _ := strings.Cut(rest, "&")
		calls.call(name)
		r.Body = io.NopCloser(bytes.NewReader(body))
		site.ServeHTTP(w, r)
	})
}

// serveCanvas serves an account that takes a moment for each import.
func serveCanvas(t *testing.T) (*canvasfake.Account, *record, string) {
	account, calls := canvasfake.New(canvasfake.Options{Token: token, StateTime: 50 * time.Millisecond}), &record{}
	return account, calls, serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls.call(r.Method + " " + lastWord(r.URL.Path))
		if r.Method == http.MethodPost {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return
			}
			calls.keep(t, r.Header.Get("Content-Type"), body)
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		account.ServeHTTP(w, r)
	})
}

// lastWord is the last part of a path that is no identifier.
func lastWord(path string) string {
	for part := range strings.SplitSeq(path, "/") {
		if part != "" && strings.Trim(part, "abcdefghijklmnopqrstuvwxyz_") == "" {
			path = part
		}
	}
	return path
}

// keep reads the rows out of an import.
func (r *record) keep(t *testing.T, contentType string, body []byte) {
	sheets, err := unpack(contentType, body)
	if err != nil {
		t.Errorf("an import that cannot be read: %v", err)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.imports = append(r.imports, sheets)
}

func unpack(contentType string, body []byte) (map[string][][]string, error) {
	_, media, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, err
	}
	form, err := multipart.NewReader(bytes.NewReader(body), media["boundary"]).ReadForm(64 << 20)
	if err != nil {
		return nil, err
	}
	file, err := form.File["attachment"][0].Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	z, err := zip.NewReader(file, form.File["attachment"][0].Size)
	if err != nil {
		return nil, err
	}
	sheets := map[string][][]string{}
	for _, f := range z.File {
		name, _, _ := strings.Cut(f.Name, "-")
		if sheets[name], err = readSheet(f); err != nil {
			return nil, err
		}
	}
	return sheets, nil
}

func readSheet(f *zip.File) ([][]string, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return csv.NewReader(r).ReadAll()
}
