// Package ellucianfake pretends to be Ellucian's ILP and Ethos: small
// http.Handlers with the nastiness that the facts tell of (back-end facts,
// sections B1, B2 and F). Tests and `lisgate mock` serve them.
package ellucianfake

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"lisgate/adapters/peer/peerfake"
)

// mostBody bounds what is read of a request.
const mostBody = 8 << 20

// An Ethos keeps objects by resource and GUID, and a queue of changes.
type Ethos struct {
	peerfake.Switches
	Key      string
	Now      func() time.Time // time.Now when nil
	Life     time.Duration    // of a token; 5 minutes when 0
	MaxPage  int              // x-max-page-size; 500 when 0
	Versions map[string]string
	// Restricted is said in x-content-restricted, "" for nothing.
	Restricted string
	// Total overrides x-total-count, as a count with duplicate joins does.
	Total func(resource string, real int) int
	// Refuse is asked for each submission; its text refuses it.
	Refuse func(body map[string]any) string

	mu        sync.Mutex
	tokens    map[string]time.Time
	issued    int
	objects   map[string][]map[string]any
	queue     []map[string]any
	number    int64 // of the newest change
	given     int64 // the newest that a call without lastProcessedID gave
	submitted map[string]map[string]any
	effects   int
	reported  []map[string]any
}

// ServeHTTP serves /auth, /api, /consume and /errors.
func (f *Ethos) ServeHTTP(w http.ResponseWriter, r *http.Request) { f.Serve(w, r, f.answer) }

func (f *Ethos) now() time.Time {
	if f.Now == nil {
		return time.Now()
	}
	return f.Now()
}

func (f *Ethos) answer(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	bearer := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if r.URL.Path == "/auth" {
		f.auth(w, r, bearer)
		return
	}
	if end, ok := f.tokens[bearer]; !ok || !f.now().Before(end) {
		complain(w, http.StatusUnauthorized, "Invalid or expired token")
		return
	}
	switch {
	case r.URL.Path == "/consume":
		f.consume(w, r)
	case r.URL.Path == "/errors" && r.Method == http.MethodPost:
		f.report(w, r)
	case strings.HasPrefix(r.URL.Path, "/api/"):
		f.api(w, r, strings.TrimPrefix(r.URL.Path, "/api/"))
	default:
		complain(w, http.StatusNotFound, "Not found")
	}
}

func complain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"errors": []map[string]string{{"code": "Global.Internal.Error", "description": text}}})
}

func (f *Ethos) auth(w http.ResponseWriter, r *http.Request, key string) {
	if r.Method != http.MethodPost || key != f.Key {
		complain(w, http.StatusUnauthorized, "Unknown API key")
		return
	}
	life := f.Life
	if life == 0 {
		life = 5 * time.Minute
	}
	f.issued++
	end := f.now().Add(life)
	part := base64.RawURLEncoding.EncodeToString
	token := part([]byte(`{"alg":"HS256"}`)) + "." + part(fmt.Appendf(nil, `{"exp":%d,"jti":"%d"}`, end.Unix(), f.issued)) + "." + part([]byte("sig"))
	if f.tokens == nil {
		f.tokens = map[string]time.Time{}
	}
	f.tokens[token] = end
	io.WriteString(w, token)
}

// consume is the queue. With lastProcessedID all up to that number go; without
// it what the call before gave goes, kept or not.
func (f *Ethos) consume(w http.ResponseWriter, r *http.Request) {
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || limit < 1 || limit > 1000 {
		complain(w, http.StatusBadRequest, "limit is 1 to 1000")
		return
	}
	upTo := f.given
	if said := r.URL.Query().Get("lastProcessedID"); said != "" {
		if upTo, err = strconv.ParseInt(said, 10, 64); err != nil {
			complain(w, http.StatusBadRequest, "lastProcessedID is no number")
			return
		}
	}
	f.queue = slices.DeleteFunc(f.queue, func(n map[string]any) bool { return numberOf(n) <= upTo })
	batch := f.queue[:min(limit, len(f.queue))]
	if len(batch) > 0 {
		f.given = numberOf(batch[len(batch)-1])
	}
	w.Header().Set("x-remaining", strconv.Itoa(len(f.queue)-len(batch)))
	reply(w, http.StatusOK, append([]map[string]any{}, batch...))
}

func numberOf(n map[string]any) int64 {
	number, _ := strconv.ParseInt(n["id"].(string), 10, 64) // publish wrote it
	return number
}

func (f *Ethos) report(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, mostBody)).Decode(&body) != nil {
		complain(w, http.StatusBadRequest, "no JSON")
		return
	}
	f.reported = append(f.reported, body)
	reply(w, http.StatusCreated, body)
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}
