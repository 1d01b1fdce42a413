// Package canvas is an adapter for Canvas: changes go in as SIS imports, CSV
// files in a zip that Canvas works through as a job, and the REST API is read
// for what is there and for final grades.
//
// It rests on the published SIS CSV format, the SIS import API and its source
// (facts: adapters.md A2, C, E). What no document says is in tables.go.
//
// An import answers 200 when it is accepted, not when it is done: the job is
// polled to its end, and every row that Canvas did not take is told to the
// change that it came from. One import runs at a time. An import whose answer
// was lost, or whose end was not awaited, is found again before another one is
// posted.
//
// What is kept where: a person is a user, a group of the type TERM is a term,
// a group of an organisation is an account, a course offering is a course, a
// course section is a section in the course of its offering, or in a course of
// its own when it has none; a section association is a course of its own into
// which its sections are cross-listed; a membership is an enrolment for each
// of its roles. Course templates, line items and results have no place.
//
// What a Drop means:
//
//	             suspend, inactive        complete               delete
//	person       stays, enrolments as     as before              deleted, with enrolments
//	             for a membership; with
//	             SuspendUsers suspended
//	membership   inactive                 completed              deleted
//	offering     completed                completed              deleted, with enrolments
//	section      stays, ended and marked  as before              deleted, with enrolments
//	association  its sections go back and its course is completed, whatever is set
//	group        stays, marked            as before              deleted
//
// Canvas has one enrolment for a person, a section and a role. Where several
// memberships ask for it, which Options.Roster knows, it is active as long as
// one of them is, with the dates of the one of least id; it ends with the last.
// A membership that moves to another section or person is added there before
// it ends where the crosswalk says it was. What nobody asks for and a person
// made in Canvas is left alone.
//
// A section is in one course of Canvas only: of two associations that share
// it, the later one has it.
//
// Canvas has no column for "not there any more" in sections, accounts and
// terms; the mark stands in integration_id. What a Drop leaves reads as absent:
// a person is then one who is suspended, or of whom the crosswalk says that it
// was dropped and who is active nowhere. Without SuspendUsers or a crosswalk a
// person cannot be told from one who has no enrolment, and is listed.
package canvas

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
)

var (
	_ adapters.Adapter = (*Adapter)(nil)
	_ adapters.Batcher = (*Adapter)(nil)
	_ adapters.Lister  = (*Adapter)(nil)
	_ adapters.Reader  = (*Adapter)(nil)
	_ adapters.Mirror  = (*Adapter)(nil)
	_ adapters.Grades  = (*Adapter)(nil)
)

// An Adapter reaches one root account of Canvas.
type Adapter struct {
	opts  Options
	base  *url.URL
	peer  *peer.Client
	files *http.Client // for the errors file, which may lie elsewhere; it follows redirects

	turn    chan struct{}     // holds one token: who has it may import
	pending *posted           // an import whose end nobody has seen; under turn
	settled map[string]result // of an import that was followed later; under turn

	settledAt time.Time

	mu    sync.Mutex
	known map[string]bool // accounts and terms that were seen in Canvas
}

// New returns an adapter, or says what is wrong with the options.
func New(o Options) (*Adapter, error) {
	o = o.orDefault()
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("canvas: %w", err)
	}
	base, err := url.Parse(o.URL)
	if err != nil {
		return nil, errors.New("canvas: the URL is none")
	}
	a := &Adapter{opts: o, base: base, turn: make(chan struct{}, 1), settled: map[string]result{}, known: map[string]bool{}}
	a.turn <- struct{}{}
	c := peer.Connection{Timeout: o.Timeout, MaxAnswer: maxAnswer, Now: o.Now}
	if o.Transport != nil {
		c.HTTP = &http.Client{Transport: o.Transport}
	}
	a.peer = peer.New(c)
	a.files = &http.Client{Transport: a.peer.Transport()}
	return a, nil
}

// Close lets go of the connections; calls made later fail.
func (a *Adapter) Close() error { return a.peer.Close() }

// Limits returns the most changes and bytes of one import. Canvas bears far
// more; a smaller one is sooner done and sooner tried again.
func (a *Adapter) Limits() (changes, bytes int) { return a.opts.Rows, 20 << 20 }

// Apply is ApplyAll of one change.
func (a *Adapter) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	outcomes, errs := a.ApplyAll(ctx, []lis.Change{c})
	return outcomes[0], errs[0]
}

// A result is what became of one change.
type result struct {
	outcome lis.Outcome
	err     error
}

// ApplyAll carries changes out in one import, or two; see parts. Changes of one
// object must not come together: Canvas has no order within a file.
func (a *Adapter) ApplyAll(ctx context.Context, changes []lis.Change) ([]lis.Outcome, []error) {
	results := make([]result, len(changes))
	if err := a.take(ctx); err != nil {
		return split(all(results, err))
	}
	defer func() { a.turn <- struct{}{} }()
	if err := a.settle(ctx); err != nil {
		return split(all(results, err))
	}
	var err error
	for _, part := range parts(changes) {
		var done []result
		if err == nil {
			done, err = a.importAll(ctx, pick(changes, part))
		} else { // what hangs on an import that did not end waits with it
			done = all(make([]result, len(part)), err)
		}
		for i, r := range done {
			results[part[i]] = r
		}
	}
	return split(results)
}

// parts says which changes go into one import, by their places. Canvas takes
// courses before cross-lists, and a section that is sent home revives its
// course: so courses and sections go after the association that lets go of them.
func parts(changes []lis.Change) [][]int {
	var first, then []int
	associations := slices.ContainsFunc(changes, func(c lis.Change) bool { return c.Kind == lis.KindSectionAssociation })
	for i, c := range changes {
		if associations && c.Act == lis.Drop && (c.Kind == lis.KindCourseOffering || c.Kind == lis.KindCourseSection) {
			then = append(then, i)
		} else {
			first = append(first, i)
		}
	}
	if len(then) == 0 {
		return [][]int{first}
	}
	return [][]int{first, then}
}

func pick(changes []lis.Change, places []int) []lis.Change {
	var picked []lis.Change
	for _, i := range places {
		picked = append(picked, changes[i])
	}
	return picked
}

// importAll carries changes out in one import. The error is one of the import
// as a whole.
func (a *Adapter) importAll(ctx context.Context, changes []lis.Change) ([]result, error) {
	results := make([]result, len(changes))
	b := a.newBatch(changes)
	b.recall(ctx)
	for i := range changes {
		if done, ok := a.settledFor(changes[i].ID); ok {
			results[i] = done
			continue
		}
		results[i] = b.add(ctx, i)
	}
	b.arrange(results)
	verdicts, err := a.carry(ctx, b)
	b.settle(results, verdicts, err)
	return results, asClassed(err)
}

// settledFor is what became of a change in an import that was followed later.
func (a *Adapter) settledFor(id string) (result, bool) {
	done, ok := a.settled[id]
	delete(a.settled, id)
	return done, ok && a.opts.Now().Sub(a.settledAt) < keepSettled
}

// keepSettled is how long a result waits for the call that asks for it [ours].
// After that the change is sent again, which has no second effect.
const keepSettled = time.Hour

// take waits for our turn.
func (a *Adapter) take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return unavailable("wait for the import before this one: %w", err)
	}
	select {
	case <-a.turn:
		return nil
	case <-ctx.Done():
		return unavailable("wait for the import before this one: %w", ctx.Err())
	}
}

func all(results []result, err error) []result {
	for i := range results {
		results[i].err = err
	}
	return results
}

func split(results []result) ([]lis.Outcome, []error) {
	outcomes, errs := make([]lis.Outcome, len(results)), make([]error, len(results))
	for i, r := range results {
		if errs[i] = r.err; r.err == nil {
			outcomes[i] = r.outcome
		}
	}
	return outcomes, errs
}
