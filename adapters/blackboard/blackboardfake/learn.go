// Package blackboardfake pretends to be a Blackboard Learn with two of its
// doors, the snapshot flat file and REST: an http.Handler with the nastiness
// that the facts tell of (back-end facts, sections A3 and F). Tests and
// `lisgate mock` serve it.
package blackboardfake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"lisgate/adapters/peer/peerfake"
)

// A Learn holds users, courses and memberships. Its fields are set before it
// serves; empty credentials let anyone in.
type Learn struct {
	peerfake.Switches
	Integration, User, Password string // of the flat file
	Key, Secret                 string // of REST
	Now                         func() time.Time
	Looks                       int      // how often a data set is looked at until it is worked off; 2 when 0
	DataSources                 []string // those that exist; any when empty
	Budget                      int      // REST calls a day; 10,000 when 0
	TokenLife                   time.Duration
	MaxPage                     int // 100 when 0
	// RowError is asked for each row of a flat file; its text is an error,
	// which only the log tells.
	RowError func(object string, row map[string]string) string

	mu      sync.Mutex
	number  int
	users   table[*user]
	courses table[*course]
	members table[*membership]
	sets    []*dataSet
	log     []string
	files   []File
	effects int

	token    string
	tokenEnd time.Time
	tokens   int
	calls    int
	day      time.Time
}

// A File is a flat file that came.
type File struct{ Object, Mode, Content string }

type user struct {
	ID, ExternalID, UserName, Given, Middle, Family, Email, Role, Status, Source string
	Available                                                                    bool
}

type course struct {
	ID, ExternalID, CourseID, Name, Start, End, Status, Source string
	Available                                                  bool
	columns                                                    []*column
}

type membership struct {
	Course, Person, Role, Status, Source string
	Available                            bool
}

// A table keeps its rows in the order in which they came.
type table[T any] struct {
	rows map[string]T
	keys []string
}

func (t *table[T]) get(key string) T { return t.rows[key] }

func (t *table[T]) has(key string) bool { _, ok := t.rows[key]; return ok }

func (t *table[T]) put(key string, row T) {
	if t.rows == nil {
		t.rows = map[string]T{}
	}
	if !t.has(key) {
		t.keys = append(t.keys, key)
	}
	t.rows[key] = row
}

func (t *table[T]) drop(key string) {
	delete(t.rows, key)
	for i, k := range t.keys {
		if k == key {
			t.keys = append(t.keys[:i:i], t.keys[i+1:]...)
			return
		}
	}
}

const mostBody = 64 << 20

// ServeHTTP serves both doors through the switches.
func (l *Learn) ServeHTTP(w http.ResponseWriter, r *http.Request) { l.Serve(w, r, l.answer) }

func (l *Learn) answer(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/webapps/bb-data-integration-flatfile-"+l.Integration+"/endpoint/"):
		l.flatFile(w, r, strings.TrimPrefix(path, "/webapps/bb-data-integration-flatfile-"+l.Integration+"/endpoint/"))
	case strings.HasPrefix(path, restBase):
		l.rest(w, r)
	default:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, "<html><body>The page could not be found.</body></html>")
	}
}

func (l *Learn) now() time.Time {
	if l.Now == nil {
		return time.Now()
	}
	return l.Now()
}

// next makes an identifier of Learn's own.
func (l *Learn) next() string {
	l.number++
	return fmt.Sprintf("_%d_1", l.number)
}

// snapshot is the state as text, to see whether something had an effect.
func snapshot(v any) string {
	text, _ := json.Marshal(v) // plain structs can be written
	return string(text)
}

// Log returns the row errors that only administrators see.
func (l *Learn) Log() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.log...)
}

// Files returns the flat files that came, in order.
func (l *Learn) Files() []File {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]File(nil), l.files...)
}

// Effects counts what was created, altered or removed.
func (l *Learn) Effects() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.effects
}

// Calls counts the REST calls of the day.
func (l *Learn) Calls() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.calls
}

// Tokens counts the tokens that were given out.
func (l *Learn) Tokens() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tokens
}

// Users counts the users that are there, disabled ones too.
func (l *Learn) Users() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.users.keys)
}

// Status returns the row_status of a user, "" when there is none.
func (l *Learn) Status(person string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if u := l.users.get(person); u != nil {
		return u.Status
	}
	return ""
}

// Enrolled returns role and row_status of a membership, such as
// "Student enabled", "" when there is none.
func (l *Learn) Enrolled(course, person string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m := l.members.get(pair(course, person)); m != nil {
		return m.Role + " " + m.Status
	}
	return ""
}

func pair(course, person string) string { return course + "\x00" + person }
