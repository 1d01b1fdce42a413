package canvasfake

import (
	"maps"
	"time"
)

// An Object is a user, an account, a term, a course or a section. Its fields
// have the names that the REST API gives them.
type Object struct {
	ID     int64
	SIS    string
	Fields map[string]string

	sticky map[string]bool // edited in the user interface: an import leaves it alone
	parent *Object         // of an account; the account of a course; the course of a section
	home   *Object         // of a section: the course it was cross-listed out of
	term   *Object         // of a course
}

// State is the object's workflow_state.
func (o *Object) State() string { return o.Fields["workflow_state"] }

// Parent is the SIS ID of what the object stands in, "" for the root account.
func (o *Object) Parent() string {
	if o.parent == nil {
		return ""
	}
	return o.parent.SIS
}

// Term is the SIS ID of the term of a course, "" for the default term.
func (o *Object) Term() string {
	if o.term == nil {
		return ""
	}
	return o.term.SIS
}

// An Enrollment is a person in a section, in a role.
type Enrollment struct {
	ID              int64
	User, Section   *Object
	Type, Role      string // StudentEnrollment; Role is the label of a custom role, else as Type
	Associated      *Object
	State           string
	Import          int64 // the last import that had it, 0 when a person made it
	Start, End      string
	Score, Grade    string // final ones; "" for none
	CurrentScore    string
	Created, Change time.Time
}

type enrollmentKey struct {
	section, user, associated int64
	role                      string
}

// An Effect is a row that altered something.
type Effect struct {
	Import int64
	Kind   string
	ID     string // the SIS ID; of an enrolment section/user/role
	State  string // workflow_state afterwards
}

// A table holds the objects of a kind.
type table struct {
	sis  map[string]*Object
	ids  map[int64]*Object
	rows []*Object
}

func newTable() *table { return &table{sis: map[string]*Object{}, ids: map[int64]*Object{}} }

func (a *Account) id() int64 {
	a.nextID++
	return a.nextID + 100
}

// add makes a new object, under its SIS ID.
func (a *Account) add(kind, sis string) *Object {
	o := &Object{ID: a.id(), SIS: sis, Fields: map[string]string{}}
	t := a.tables[kind]
	t.sis[sis], t.ids[o.ID] = o, o
	t.rows = append(t.rows, o)
	return o
}

// Find returns a copy of an object, nil when there is none. Kind is user,
// account, term, course or section.
func (a *Account) Find(kind, sis string) *Object {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.advance()
	o := a.tables[kind].sis[sis]
	if o == nil {
		return nil
	}
	c := *o
	c.Fields = maps.Clone(o.Fields)
	return &c
}

// Enrollments returns copies of the enrolments of a section, in the order in
// which they were made.
func (a *Account) Enrollments(section string) []Enrollment {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.advance()
	var found []Enrollment
	for _, e := range a.lists[a.tables["section"].sis[section]] {
		found = append(found, *e)
	}
	return found
}

// Count returns how many objects of a kind there are that are not deleted;
// kind may be enrollment too.
func (a *Account) Count(kind string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.advance()
	n := 0
	if kind == "enrollment" {
		for _, e := range a.enrolled {
			if e.State != "deleted" {
				n++
			}
		}
		return n
	}
	for _, o := range a.tables[kind].rows {
		if o.State() != "deleted" {
			n++
		}
	}
	return n
}

// Effects returns what was altered, in order.
func (a *Account) Effects() []Effect {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.advance()
	return append([]Effect(nil), a.effects...)
}

// Requests returns how many requests came, Imports how many imports were
// taken, and MaxConcurrent how many of them were unfinished at one time.
func (a *Account) Requests() int { a.mu.Lock(); defer a.mu.Unlock(); return a.requests }

// Imports returns how many imports were taken.
func (a *Account) Imports() int { a.mu.Lock(); defer a.mu.Unlock(); return a.posted }

// MaxConcurrent returns how many imports were unfinished at one time.
func (a *Account) MaxConcurrent() int { a.mu.Lock(); defer a.mu.Unlock(); return a.most }

// EditInUI changes a field as a person does in the user interface: imports
// leave it alone from then on, unless they override stickiness. It reports
// whether there is such an object.
func (a *Account) EditInUI(kind, sis, field, value string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.advance()
	o := a.tables[kind].sis[sis]
	if o == nil {
		return false
	}
	if o.sticky == nil {
		o.sticky = map[string]bool{}
	}
	o.Fields[field], o.sticky[field] = value, true
	return true
}

// Grade sets the final score and grade of the students of that name in a
// section, as the grade book does.
func (a *Account) Grade(section, user, score, grade string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.advance()
	found := false
	for _, e := range a.lists[a.tables["section"].sis[section]] {
		if e.User.SIS == user && e.Type == "StudentEnrollment" {
			e.Score, e.Grade, e.CurrentScore, found = score, grade, score, true
		}
	}
	return found
}

// EnrollInUI enrols a user in a section as a person does in the user interface.
func (a *Account) EnrollInUI(section, user, kind string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.advance()
	s, u := a.tables["section"].sis[section], a.tables["user"].sis[user]
	key := enrollmentKey{section: s.ID, user: u.ID, role: kind}
	e := a.enrolled[key]
	if e == nil {
		e = &Enrollment{ID: a.id(), User: u, Section: s, Type: kind, Role: kind, Created: a.opts.Now()}
		a.enrolled[key] = e
		a.lists[s], a.lists[u] = append(a.lists[s], e), append(a.lists[u], e)
	}
	e.State, e.Change = "active", a.opts.Now()
}
