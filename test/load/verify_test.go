package load

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lisgate/adapters/canvas/canvasfake"
	"lisgate/adapters/moodle/moodlefake"
	"lisgate/gateway/lis"
)

// A ledger is what each object must be in the end, and what was sent of each kind.
type ledger struct {
	newest map[edition]int // by edition with version 0
	sent   map[lis.Kind]int64
}

func (l *ledger) note(editions []edition) {
	if l.newest == nil {
		l.newest, l.sent = map[edition]int{}, map[lis.Kind]int64{}
	}
	for _, e := range editions {
		l.newest[edition{e.kind, e.i, 0}] = max(l.newest[edition{e.kind, e.i, 0}], e.version)
		l.sent[e.kind]++
	}
}

func (l *ledger) of(k lis.Kind, i int) int { return l.newest[edition{k, i, 0}] }

// balanced checks that the balance of each target is exact, kind by kind.
func balanced(t *testing.T, l *ledger, sums map[string]sum) {
	t.Helper()
	for target, except := range map[string]lis.Kind{"moodle": lis.KindCourseOffering, "canvas": ""} {
		for _, k := range kinds {
			b, want := sums[target].kinds[k], l.sent[k]
			if k == except {
				want = 0
			}
			if b.Sent != want || b.Applied != want || b.Dead != 0 || b.Waiting != 0 {
				t.Errorf("%s, %s: %d sent, %d applied, %d refused, %d waiting; %d were sent", target, k, b.Sent, b.Applied, b.Dead, b.Waiting, want)
			}
		}
	}
}

// complaints tells of the first few of many.
type complaints struct {
	t *testing.T
	n int
}

func (c *complaints) add(format string, args ...any) {
	c.t.Helper()
	if c.n++; c.n <= 10 {
		c.t.Errorf(format, args...)
	} else if c.n == 11 {
		c.t.Error("and more of that kind")
	}
}

// moodleHas checks that Moodle has each object once, as it was sent last.
func moodleHas(t *testing.T, r *roster, l *ledger, site *moodlefake.Site) {
	t.Helper()
	c := &complaints{t: t}
	n := site.Counts()
	if want := (moodlefake.Counts{Users: r.persons, Categories: r.departments + 1, Courses: r.sections, Enrolments: r.memberships, Active: n.Active}); n != want {
		t.Errorf("Moodle has %+v; it should have %+v", n, want)
	}
	for i := range r.persons {
		if u := site.User(string(id(lis.KindPerson, i))); len(u) != 1 || stamped(u[0].First) != l.of(lis.KindPerson, i) || u[0].Suspended {
			c.add("person %d is %+v at Moodle; version %d was sent last", i, u, l.of(lis.KindPerson, i))
		}
	}
	for i := range r.sections {
		if co, ok := site.Course(string(id(lis.KindCourseSection, i))); !ok || stamped(co.Fullname) != l.of(lis.KindCourseSection, i) {
			c.add("section %d is %+v at Moodle; version %d was sent last", i, co, l.of(lis.KindCourseSection, i))
		}
	}
	shortnames := map[string]string{"Instructor": "editingteacher", "Learner": "student", "TeachingAssistant": "teacher"}
	for i := range r.memberships {
		section, person := r.seat(i)
		e, ok := site.Enrolment(string(id(lis.KindCourseSection, section)), string(id(lis.KindPerson, person)))
		var want []string
		for _, role := range r.roles(i) {
			want = append(want, shortnames[role])
		}
		slices.Sort(want)
		slices.Sort(e.Roles)
		if !ok || e.Suspended || versionAt(time.Unix(e.End, 0)) != l.of(lis.KindMembership, i) || !slices.Equal(e.Roles, want) {
			c.add("membership %d is %+v at Moodle; version %d was sent last, as %v", i, e, l.of(lis.KindMembership, i), want)
		}
	}
}

// An order holds the versions of objects to their order.
type order struct {
	complaints
	where           string
	newest, created map[string]int // version, and how often it was made, by object
	rows, again     int
}

func newOrder(t *testing.T, where string) *order {
	return &order{complaints: complaints{t: t}, where: where, newest: map[string]int{}, created: map[string]int{}}
}

// saw notes that a version of an object arrived.
func (o *order) saw(key string, version int) {
	o.t.Helper()
	switch before := o.newest[key]; {
	case version == 0:
		o.add("%s: %s came without a version", o.where, key)
	case version < before:
		o.add("%s: %s came in version %d after version %d", o.where, key, version, before)
	case version == before:
		o.again++
	}
	o.newest[key] = version
	o.rows++
}

// moodleInOrder checks that no older version of an object was carried out after
// a newer one, and that nothing was made twice.
func moodleInOrder(t *testing.T, effects []moodlefake.Effect) *order {
	t.Helper()
	o := newOrder(t, "Moodle")
	for _, e := range effects {
		field := func(name string) string { return fieldOf(e.Row, name) }
		switch e.Function {
		case "core_user_create_users", "core_user_update_users":
			o.saw("user "+e.Key, stamped(field("firstname")))
		case "core_course_create_courses", "core_course_update_courses":
			o.saw("course "+e.Key, stamped(field("fullname")))
		case "enrol_manual_enrol_users":
			seconds, _ := strconv.ParseInt(field("timeend"), 10, 64)
			o.saw("enrolment "+e.Key+" "+field("roleid"), versionAt(time.Unix(seconds, 0)))
		}
		if strings.Contains(e.Function, "create") {
			if o.created[e.Key]++; o.created[e.Key] > 1 {
				o.add("Moodle: %s was made more than once", e.Key)
			}
		}
	}
	return o
}

// fieldOf reads a field of a row as the pretend Moodle keeps it: key=value, not
// escaped, with & between.
func fieldOf(row, name string) string {
	_, rest, ok := strings.Cut("&"+row, "&"+name+"=")
	if !ok {
		return ""
	}
	for _, next := range []string{"&username=", "&lastname=", "&shortname=", "&idnumber=", "&email=", "&suspend=", "&userid=", "&auth="} {
		rest, _, _ = strings.Cut(rest, next)
	}
	return rest
}

// canvasHas checks the same of Canvas.
func canvasHas(t *testing.T, r *roster, l *ledger, account *canvasfake.Account) {
	t.Helper()
	for kind, want := range map[string]int{"user": r.persons, "course": r.count(lis.KindCourseOffering), "section": r.sections,
		"account": r.departments, "term": 1, "enrollment": r.seats()} {
		if n := account.Count(kind); n != want {
			t.Errorf("Canvas has %d of kind %s; it should have %d", n, kind, want)
		}
	}
	c := &complaints{t: t}
	for _, k := range []struct {
		kind        lis.Kind
		name, field string
	}{{lis.KindPerson, "user", "name"}, {lis.KindCourseOffering, "course", "name"}, {lis.KindCourseSection, "section", "name"}} {
		for i := range r.count(k.kind) {
			if o := account.Find(k.name, string(id(k.kind, i))); o == nil || stamped(o.Fields[k.field]) != l.of(k.kind, i) {
				c.add("%s %d is %+v at Canvas; version %d was sent last", k.kind, i, o, l.of(k.kind, i))
			}
		}
	}
	canvasSeats(c, r, l, account)
}

// canvasSeats checks each enrolment.
func canvasSeats(c *complaints, r *roster, l *ledger, account *canvasfake.Account) {
	c.t.Helper()
	there := map[string]string{}
	for i := range r.sections {
		for _, e := range account.Enrollments(string(id(lis.KindCourseSection, i))) {
			there[fmt.Sprintf("%d %s %s", i, e.User.SIS, e.Type)] = e.State + " " + e.End
		}
	}
	types := map[string]string{"Instructor": "TeacherEnrollment", "Learner": "StudentEnrollment", "TeachingAssistant": "TaEnrollment"}
	for i := range r.memberships {
		section, person := r.seat(i)
		for _, role := range r.roles(i) {
			key, want := fmt.Sprintf("%d %s %s", section, id(lis.KindPerson, person), types[role]), "active "+endOf(l.of(lis.KindMembership, i)).Format(time.RFC3339)
			if there[key] != want {
				c.add("membership %d is %q at Canvas as %s; it should be %q", i, there[key], role, want)
			}
		}
	}
}

// canvasInOrder checks the order in what Canvas was sent. Of one object only
// one row may stand in an import, for its rows have no order.
func canvasInOrder(t *testing.T, imports []map[string][][]string) *order {
	t.Helper()
	o := newOrder(t, "Canvas")
	for n, sheets := range imports {
		seen := map[string]bool{}
		for name, rows := range sheets {
			for _, row := range rows[1:] {
				key, version := canvasRow(name, rows[0], row)
				if key == "" {
					continue
				}
				if seen[key] {
					o.add("Canvas: %s stands in import %d twice", key, n)
				}
				seen[key] = true
				o.saw(key, version)
			}
		}
	}
	return o
}

// canvasRow is the object and the version of a row, "" for one that has none.
func canvasRow(sheet string, columns, row []string) (key string, version int) {
	field := func(name string) string { return row[slices.Index(columns, name)] }
	switch sheet {
	case "users":
		return "user " + field("user_id"), stamped(field("full_name"))
	case "courses":
		return "course " + field("course_id"), stamped(field("long_name"))
	case "sections":
		return "section " + field("section_id"), stamped(field("name"))
	case "enrollments":
		at, _ := time.Parse(time.RFC3339, field("end_date"))
		return "enrolment " + url.PathEscape(field("section_id")) + " " + field("user_id") + " " + field("role"), versionAt(at)
	}
	return "", 0
}
