// Package canvasfake imitates a root account of Canvas, with what it does
// wrong when it is told to: the SIS import of CSV files as a job that is
// polled, and as much of the REST API as is read back. It stands in for the
// real one in tests and behind `lisgate mock lms --kind canvas`.
//
// It follows the published SIS CSV format and SIS import API and the
// published source of the importers: files are known by their header columns,
// kinds are taken in the order of kindOrder, rows are counted from 1 with the
// header, a row that is not taken is a message and the others go on. What is
// inferred or ours is marked where it stands.
package canvasfake

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options say what the account is like.
type Options struct {
	Token string           // the bearer token that is asked for; any is taken when empty
	Now   func() time.Time // time.Now when nil

	Polls         int           // how often an import is asked for before each next state
	StateTime     time.Duration // how long it stays in each state
	RowsPerSecond int           // how fast it imports; 0 takes no time

	Behaviour Behaviour // at the beginning
}

// Behaviour is what goes wrong. Behave changes it.
type Behaviour struct {
	Down      bool    // 503 to everything
	Hang      bool    // no answer to anything, until the caller gives up
	Throttle  int     // so many of the next requests are refused for coming too fast
	Status429 bool    // throttled with 429 in place of 403
	Remaining float64 // X-Rate-Limit-Remaining of every answer; 0 for 700

	NotEnabled   bool // 403: SIS imports are not enabled for this account
	NotRoot      bool // 400: not a root account
	Unauthorized bool // 401: the token lacks the right

	LoseAnswers       int    // so many of the next imports are taken, and the connection is cut
	StuckInitializing int    // so many of the next imports stay in initializing
	EndIn             string // state in which imports end without having done anything, such as failed
	IgnoreParams      bool   // parameters of an import are dropped without a word
	RefuseOverlap     bool   // an import is refused while another one runs; Canvas itself queues it
	NoErrorsFile      bool   // no errors_attachment, only the first pairs
	NoRowNumbers      bool   // the errors file has no numbers of rows
	RepeatPages       bool   // every page holds what the first one holds

	// RowErrors says why a row is not taken, "" when it is.
	RowErrors func(kind string, row int, fields map[string]string) string
}

// An Account is a root account of Canvas over HTTP.
type Account struct {
	opts Options
	mux  *http.ServeMux

	mu        sync.Mutex
	behaviour Behaviour
	tables    map[string]*table
	enrolled  map[enrollmentKey]*Enrollment
	lists     map[*Object][]*Enrollment // of a section or a user
	logins    map[string]*Object
	imports   []*sisImport
	effects   []Effect
	nextID    int64
	requests  int
	most      int // imports that were unfinished at one time
	posted    int
}

// New returns an account that holds nothing.
func New(o Options) *Account {
	if o.Now == nil {
		o.Now = time.Now
	}
	a := &Account{opts: o, behaviour: o.Behaviour, enrolled: map[enrollmentKey]*Enrollment{}, lists: map[*Object][]*Enrollment{}, logins: map[string]*Object{}, tables: map[string]*table{}}
	for _, kind := range kindOrder {
		a.tables[kind] = newTable()
	}
	a.routes()
	return a
}

// Behave changes how the account behaves from now on.
func (a *Account) Behave(change func(*Behaviour)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change(&a.behaviour)
}

// ServeHTTP answers one request.
func (a *Account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if a.misbehaves(w, r) {
		return
	}
	if a.opts.Token != "" && r.Header.Get("Authorization") != "Bearer "+a.opts.Token && !strings.HasPrefix(r.URL.Path, "/files/") {
		w.Header().Set("WWW-Authenticate", `Bearer realm="canvas-lms"`)
		answer(w, http.StatusUnauthorized, object{"errors": []object{{"message": "Invalid access token."}}})
		return
	}
	a.mux.ServeHTTP(w, r)
}

// misbehaves answers what is refused before anybody looks at it.
func (a *Account) misbehaves(w http.ResponseWriter, r *http.Request) bool {
	a.mu.Lock()
	a.requests++
	b := a.behaviour
	throttled := b.Throttle > 0
	if throttled {
		a.behaviour.Throttle--
	}
	a.mu.Unlock()
	if b.Hang {
		<-r.Context().Done()
		return true
	}
	remaining := b.Remaining
	if remaining == 0 {
		remaining = 700
	}
	w.Header().Set("X-Request-Cost", "0.1")
	switch {
	case b.Down:
		http.Error(w, "<html><body>Service Unavailable</body></html>", http.StatusServiceUnavailable)
	case throttled:
		throttle(w, b)
	case b.Unauthorized:
		answer(w, http.StatusUnauthorized, object{"status": "unauthorized", "errors": []object{{"message": "user not authorized to perform that action"}}})
	default:
		w.Header().Set("X-Rate-Limit-Remaining", decimal(remaining))
		return false
	}
	return true
}

// throttle answers as the documentation of throttling says: 403 with the
// words. Later versions answer 429 [general knowledge].
func throttle(w http.ResponseWriter, b Behaviour) {
	w.Header().Set("X-Rate-Limit-Remaining", decimal(b.Remaining))
	status := http.StatusForbidden
	if b.Status429 {
		status = http.StatusTooManyRequests
	}
	http.Error(w, "403 Forbidden (Rate Limit Exceeded)", status)
}

// routes are the calls that the account answers.
func (a *Account) routes() {
	a.mux = http.NewServeMux()
	for pattern, call := range map[string]http.HandlerFunc{
		"POST /api/v1/accounts/{account}/sis_imports":           a.start,
		"GET /api/v1/accounts/{account}/sis_imports":            a.listImports,
		"GET /api/v1/accounts/{account}/sis_imports/importing":  a.importing,
		"GET /api/v1/accounts/{account}/sis_imports/{id}":       a.showImport,
		"PUT /api/v1/accounts/{account}/sis_imports/{id}/abort": a.abort,
		"GET /files/{id}/download":                              a.download,
		"GET /api/v1/accounts/{id}":                             a.show("account"),
		"GET /api/v1/accounts/{account}/sub_accounts":           a.list("account"),
		"GET /api/v1/accounts/{account}/terms":                  a.list("term"),
		"GET /api/v1/accounts/{account}/users":                  a.list("user"),
		"GET /api/v1/accounts/{account}/courses":                a.list("course"),
		"GET /api/v1/users/{id}":                                a.show("user"),
		"GET /api/v1/users/{id}/logins":                         a.listLogins,
		"GET /api/v1/courses/{id}":                              a.show("course"),
		"GET /api/v1/courses/{id}/sections":                     a.listSections,
		"GET /api/v1/sections/{id}":                             a.show("section"),
		"GET /api/v1/courses/{id}/enrollments":                  a.listEnrollments("course"),
		"GET /api/v1/sections/{id}/enrollments":                 a.listEnrollments("section"),
		"GET /api/v1/users/{id}/enrollments":                    a.listEnrollments("user"),
	} {
		a.mux.HandleFunc(pattern, call)
	}
	a.mux.HandleFunc("/", notFound)
}
