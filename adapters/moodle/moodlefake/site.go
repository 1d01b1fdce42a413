// Package moodlefake is a Moodle site for tests and for `lisgate mock lms`:
// the REST web services that a gateway calls, with state in memory.
//
// It behaves as a Moodle 4.3 was seen to behave (back-end facts, A1): HTTP
// 200 for every error, null for what returns nothing, one transaction for all
// rows of most writing calls, warnings beside partial success, idnumbers of
// users that need not be unique, roles that add up, grades that go with an
// enrolment, and PHP's max_input_vars, which drops what is too much and says
// nothing. What is not from a recording is marked [K] or [ours] where it stands.
package moodlefake

import (
	"slices"
	"sync"
	"time"
)

// Options say what site it is.
type Options struct {
	Token        string // the only one taken; any when empty
	Host         string // the configured host name: another gets a 303 to it; any when empty
	MaxInputVars int    // form variables that are read; no limit when 0
	Debug        bool   // developer debugging: errors carry debuginfo
	KeepRows     bool   // effects hold the row that was sent
	Without      []string
	// Roles are the ids of roles by shortname; those of a fresh site when nil.
	Roles map[string]int
	Now   func() time.Time
}

// Switches are what can go wrong while the site runs.
type Switches struct {
	Down        bool // 503 and a page for people
	Empty500    bool // PHP fails before Moodle starts
	Hang        bool // calls are read and never answered
	LoseAnswers bool // calls that write are carried out, then the connection is cut
	// RowsPerSecond is how many rows of writing calls the site takes, all
	// callers together; as many as come when 0.
	RowsPerSecond float64
	ErrorEvery    int // each nth writing call fails in the database
	MaxInputVars  int // in place of that of the options when not 0
}

// A Site is a Moodle site. Its methods can be called at any time.
type Site struct {
	o         Options
	functions map[string]*function

	switching sync.Mutex
	switches  Switches
	writes    int       // writing calls so far
	free      time.Time // when all rows taken so far are done
	released  chan struct{}

	mu         sync.RWMutex
	last       ids
	users      map[int]*user
	usernames  map[string]int
	emails     map[string]int
	idnumbers  map[string][]int
	categories map[int]*category
	courses    map[int]*course
	shortnames map[string]int
	sections   map[string]int // courses by idnumber
	groups     map[int]*group
	groupings  map[int]*grouping
	cohorts    map[int]*cohort
	effects    []Effect
}

// ids are the numbers given last.
type ids struct{ user, category, course, group, grouping, cohort, item int }

// An Effect is a row that a writing call carried out.
type Effect struct {
	Function string
	Key      string // idnumber of what it is about; of an enrolment those of course and user, with a space between
	Changed  bool   // the site is another than before
	Row      string // as it was sent, with Options.KeepRows
}

// New returns a site that holds a guest, an administrator, the gateway's own
// account and one category.
func New(o Options) *Site {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Roles == nil {
		o.Roles = map[string]int{"manager": 1, "coursecreator": 2, "editingteacher": 3, "teacher": 4, "student": 5, "guest": 6}
	}
	s := &Site{
		o: o, released: make(chan struct{}),
		users: map[int]*user{}, usernames: map[string]int{}, emails: map[string]int{}, idnumbers: map[string][]int{},
		categories: map[int]*category{}, courses: map[int]*course{}, shortnames: map[string]int{}, sections: map[string]int{},
		groups: map[int]*group{}, groupings: map[int]*grouping{}, cohorts: map[int]*cohort{},
	}
	s.functions = s.table()
	for _, u := range []*user{
		{Username: "guest", First: "Guest", Last: "User"}, {Username: "admin", First: "Admin", Last: "User"},
		{Username: "lisgw", First: "LIS", Last: "Gateway"},
	} {
		u.Email, u.Auth = u.Username+"@localhost.invalid", "manual"
		s.addUser(u)
	}
	s.last.category = 1
	s.categories[1] = &category{ID: 1, Name: "Category 1", Path: "/1", Depth: 1}
	s.addCourse(&course{Shortname: "site", Fullname: "Site", Format: "site"}) // course 1 is the front page
	return s
}

// Switch changes the switches.
func (s *Site) Switch(change func(*Switches)) {
	s.switching.Lock()
	defer s.switching.Unlock()
	change(&s.switches)
	if !s.switches.Hang {
		close(s.released)
		s.released = make(chan struct{})
	}
}

func (s *Site) now() int64 { return s.o.Now().Unix() }

// Effects returns the rows carried out so far, in order.
func (s *Site) Effects() []Effect {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.effects)
}

// Changes counts the effects that changed something.
func (s *Site) Changes() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n := 0
	for i := range s.effects {
		if s.effects[i].Changed {
			n++
		}
	}
	return n
}

// effect notes a row; the caller holds mu.
func (s *Site) effect(c *call, key string, changed bool, row *node) {
	e := Effect{Function: c.function, Key: key, Changed: changed}
	if s.o.KeepRows && row != nil {
		e.Row = row.String()
	}
	s.effects = append(s.effects, e)
}
