// Package moodle is the adapter to a Moodle site, by its REST web services:
// persons become accounts, groups categories, sections courses, section
// associations courses with a group for each section, memberships enrolments;
// final grades come back.
//
// It rests on what was observed of Moodle 4.3 (back-end facts, A1 and C), and
// what is known or guessed stands in the table of vocabulary.go:
//
//   - Everything is found by idnumber = sourcedId before it is made, so a call
//     whose answer was lost can be repeated. Idnumbers of accounts need not be
//     unique: two with one are a conflict for a person.
//   - Every answer is HTTP 200; what is no JSON of the function's own shape is
//     an error (classes.go is the table of codes).
//   - PHP drops form variables over max_input_vars without a word: calls are
//     kept below it, end with the token so that a cut one fails whole, and
//     enrolments are read back.
//   - Roles add up: a changed role is given before the old one is taken.
//   - A person has one enrolment in a course, whatever number of memberships.
//     With Options.Roster it is what all of them say together: the roles of
//     those that are Active, the widest of their times, suspended when none is
//     Active, and ended when none is left. Each change has all of them looked
//     at anew, so that their order does not matter. In the course of an
//     association those of its sections count as well. Without it each is
//     taken as if it were the only one.
//   - Unenrolling destroys grades, so a Drop suspends: the enrolment is
//     suspended, the account is suspended, the course hidden. A category
//     cannot be hidden over web services; it stays and loses its idnumber.
//     With Delete they go, with grades and all. A suspended enrolment keeps its
//     roles; they go when the person comes back with others. Which they were is
//     remembered while the gateway runs: after a restart one may stay beside.
//
// Suspended accounts and enrolments and hidden courses are not listed, and
// accounts and courses of that kind are read as not there.
//
// Catalogue courses and offerings have no place (sections are the courses), and
// no core function makes a column of the grade book: line items, scales and
// results are Unsupported.
package moodle

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// How many ids are remembered of each kind; of memberships more where no
// crosswalk does it.
const (
	personIDs    = 50_000
	courseIDs    = 20_000
	memberIDs    = 20_000
	allMemberIDs = 200_000
)

// An Adapter carries changes to a Moodle site.
type Adapter struct {
	o           Options
	client      *client
	persons     *cache[int]                                          // account by sourcedId
	courses     *cache[int]                                          // course by idnumber
	categories  *cache[int]                                          // category by idnumber
	memberships *cache[string]                                       // target id by sourcedId, beside the crosswalk
	left        *cache[string]                                       // the place that was left last, by course and user
	turns       turns                                                // at enrolments
	recallOf    func(context.Context, lis.SourcedID) (*place, error) // of a rehearsal: what the adapter itself remembers
	absent      *cache[time.Time]                                    // when no course was found, by idnumber
	listings    *cache[listing]                                      // associations of a section, by the id of its course
}

var (
	_ adapters.Adapter = (*Adapter)(nil)
	_ adapters.Batcher = (*Adapter)(nil)
	_ adapters.Lister  = (*Adapter)(nil)
	_ adapters.Reader  = (*Adapter)(nil)
	_ adapters.Mirror  = (*Adapter)(nil)
	_ adapters.Grades  = (*Adapter)(nil)
)

// New returns an adapter; it connects to nothing yet.
func New(o Options) (*Adapter, error) {
	o = o.orDefault()
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("moodle: %w", err)
	}
	return newAdapter(o, newClient(o)), nil
}

func newAdapter(o Options, c *client) *Adapter {
	members := memberIDs
	if o.Crosswalk == nil {
		members = allMemberIDs
	}
	return &Adapter{
		o: o, client: c,
		persons: newCache[int](personIDs), courses: newCache[int](courseIDs), categories: newCache[int](courseIDs),
		memberships: newCache[string](members), left: newCache[string](memberIDs), listings: newCache[listing](courseIDs),
		absent: newCache[time.Time](courseIDs),
	}
}

// Close lets go of idle connections; calls made later fail.
func (a *Adapter) Close() error { return a.client.peer.Close() }

// Apply carries out one change.
func (a *Adapter) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	out, errs := a.ApplyAll(ctx, []lis.Change{c})
	return out[0], errs[0]
}

// Limits returns how many rows fit into one call of any function, and PHP's
// usual post_max_size less some room.
func (a *Adapter) Limits() (changes, bytes int) {
	return min(a.client.rows(createFields), a.client.rows(enrolFields)), 7 << 20
}

// one carries out a change that has a call of its own.
func (a *Adapter) one(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	k, ok := a.kind(c.Kind)
	switch {
	case !ok:
		return lis.Outcome{}, noPlace(c.Kind)
	case c.Act == lis.Put && k.put != nil:
		return k.put(ctx, c.Key, c.Record)
	case c.Act == lis.Drop && k.drop != nil:
		return k.drop(ctx, c)
	case c.Act == lis.Rekey && c.NewID == "":
		return lis.Outcome{}, refused("Send the change of identifier again, with the new one.", "a change of identifier without the new one")
	case c.Act == lis.Rekey:
		return k.rekey(ctx, c)
	}
	return lis.Outcome{}, unsupported("", "there is no way to %q at Moodle", c.Act)
}

// A kind is what can be done with records of one kind.
type kind struct {
	put         func(context.Context, lis.SourcedID, *lis.Record) (lis.Outcome, error)
	drop, rekey func(context.Context, lis.Change) (lis.Outcome, error)
}

func (a *Adapter) kind(k lis.Kind) (kind, bool) {
	switch k {
	case lis.KindPerson:
		return kind{nil, a.dropPerson, a.rekeyPerson}, true
	case lis.KindGroup:
		return kind{a.putGroup, a.dropGroup, a.rekeyGroup}, true
	case lis.KindCourseSection:
		return kind{a.putSection, a.dropCourse, a.rekeyCourse}, true
	case lis.KindSectionAssociation:
		return kind{a.putAssociation, a.dropAssociation, a.rekeyAssociation}, true
	case lis.KindMembership:
		return kind{nil, nil, a.rekeyMembership}, true
	}
	return kind{}, false
}

// noPlace says why a kind is not taken.
func noPlace(k lis.Kind) error {
	why := map[lis.Kind]string{
		lis.KindCourseTemplate: "Sections are the courses at Moodle; do not route catalogue courses to it.",
		lis.KindCourseOffering: "Sections are the courses at Moodle; do not route offerings to it.",
		lis.KindLineItem:       "No core function of Moodle makes a column of the grade book: teachers make them, and final grades are read back.",
		lis.KindResult:         "Moodle takes grades only for an activity that is there; grades come from Moodle and do not go to it.",
		lis.KindResultValue:    "Moodle's scales cannot be made over web services.",
	}[k]
	return unsupported(why, "Moodle has no place for a %s", k)
}

func applied(id int, detail string) lis.Outcome {
	return lis.Outcome{Effect: lis.Applied, TargetID: target(id), Detail: detail}
}

func unchanged(id int, detail string) lis.Outcome {
	return lis.Outcome{Effect: lis.Unchanged, TargetID: target(id), Detail: detail}
}

func target(id int) string {
	if id == 0 {
		return ""
	}
	return strconv.Itoa(id)
}

// known returns the id that the crosswalk has for an object, 0 for none.
func (a *Adapter) known(ctx context.Context, kind lis.Kind, id lis.SourcedID) int {
	if a.o.Crosswalk == nil {
		return 0
	}
	text, err := a.o.Crosswalk.TargetID(ctx, kind, id)
	if err != nil {
		return 0 // it is looked for at the site
	}
	return digits(text)
}
