package ellucian

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/ellucian/ilp"
	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
)

// ApplyAll hands over results: those of one section and submitter in one
// call. The answer names rows by their student only, so a student is at most
// once in a call.
func (a *ILP) ApplyAll(ctx context.Context, changes []lis.Change) ([]lis.Outcome, []error) {
	outcomes, errs := make([]lis.Outcome, len(changes)), make([]error, len(changes))
	var rows []*row
	for i, c := range changes {
		r, done, err := a.rowOf(ctx, i, c)
		switch {
		case err != nil:
			errs[i] = err
		case done:
			outcomes[i] = lis.Outcome{Effect: lis.Unchanged, Detail: "ILP keeps no identifier of a result"}
		default:
			if errs[i] = a.failed.wait(r.key, a.Now()); errs[i] == nil {
				rows = append(rows, r)
			}
		}
	}
	for groups := groupRows(rows, a.o.MaxRows); len(groups) > 0; groups = groups[1:] {
		if err := a.submit(ctx, groups[0], outcomes, errs); err != nil {
			for _, g := range groups { // it cannot be reached: the rest need not try
				fail(g, errs, err)
			}
			break
		}
	}
	return outcomes, errs
}

func fail(rows []*row, errs []error, err error) {
	for _, r := range rows {
		errs[r.at] = err
	}
}

// groupRows puts each row into the first group of its section and submitter
// that has room and does not hold the student yet.
func groupRows(rows []*row, most int) [][]*row {
	type group struct {
		section, submitter string
		students           map[string]bool
	}
	var groups []group
	var members [][]*row
next:
	for _, r := range rows {
		for i, g := range groups {
			if g.section == r.grade.CourseID && g.submitter == r.submitter && !g.students[r.grade.StudentID] && len(members[i]) < most {
				g.students[r.grade.StudentID] = true
				members[i] = append(members[i], r)
				continue next
			}
		}
		groups = append(groups, group{r.grade.CourseID, r.submitter, map[string]bool{r.grade.StudentID: true}})
		members = append(members, []*row{r})
	}
	return members
}

// submit posts one group and tells each row what became of it. An error is
// one of the whole system.
func (a *ILP) submit(ctx context.Context, rows []*row, outcomes []lis.Outcome, errs []error) error {
	s := ilp.Submission{ModifiedBy: rows[0].submitter}
	for _, r := range rows {
		s.StudentGrades = append(s.StudentGrades, r.grade)
	}
	body, err := json.Marshal(s)
	if err != nil {
		return unavailable("write grades: %w", err)
	}
	answer, err := a.post(ctx, string(body))
	var e *adapters.Error
	switch {
	case errors.As(err, &e) && (e.Class == adapters.Refused || e.Narrow):
		e.Whole = e.Class == adapters.Refused && len(rows) > 1 // ILP does not say which row
		fail(rows, errs, err)
		return nil
	case err != nil:
		return err
	}
	for _, r := range rows {
		outcomes[r.at], errs[r.at] = a.told(answer, r)
	}
	return nil
}

func (a *ILP) post(ctx context.Context, body string) (*ilp.Answer, error) {
	r, err := a.do(ctx, http.MethodPost, a.address(), body, a.header())
	if err != nil {
		return nil, err
	}
	if err := r.Failure("submit grades to ILP", ilpTable, busyFor); err != nil {
		return nil, err
	}
	answer, err := ilp.DecodeAnswer(bytes.NewReader(r.Body), a.MaxAnswer)
	switch {
	case err != nil: // a page of a proxy, or a plain sentence under 200: nothing is known of any row
		return nil, &adapters.Error{Class: adapters.Unavailable, Err: err, Answer: peer.Clip(string(r.Body)), Hint: "HTTP 200 without an answer of ILP is no success; see what stands between us and ILP"}
	case answer.IsConnectivityFailure:
		return nil, &adapters.Error{Class: adapters.Unavailable, Err: errors.New("ILP cannot reach the SIS behind it (isConnectivityFailure)"), Answer: texts(answer)}
	}
	return answer, nil
}

func texts(a *ilp.Answer) string {
	var all bytes.Buffer
	for _, m := range a.Messages {
		fmt.Fprintln(&all, m.Message)
	}
	return peer.Clip(all.String())
}

// told returns what the answer says of a row. A row of which nothing is said
// was not taken, whatever the whole says.
func (a *ILP) told(answer *ilp.Answer, r *row) (lis.Outcome, error) {
	ok, found, text := answer.Of(r.grade.StudentID)
	switch {
	case !found:
		return lis.Outcome{}, &adapters.Error{
			Class: adapters.Unavailable, Narrow: true, Answer: texts(answer),
			Err:  fmt.Errorf("ILP answered %s and said nothing of this row", peer.Clip(answer.Status)),
			Hint: "the row is submitted again; see in the SIS whether the grade is there",
		}
	case !ok:
		a.failed.add(r.key, a.Now().Add(a.o.Resubmit))
		return lis.Outcome{}, &adapters.Error{
			Class: adapters.Refused, Answer: peer.Clip(text), Err: errors.New("the SIS refused the grade"),
			Hint: fmt.Sprintf("correct the grade or its dates and resubmit after %d s", int(a.o.Resubmit.Seconds())),
		}
	}
	a.failed.forget(r.key)
	return lis.Outcome{Effect: lis.Applied, Detail: peer.Clip(text)}, nil
}

// waits remembers until when a refused row must not come again.
type waits struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// mostWaits bounds the memory; beyond it the oldest rule is ILP's own.
const mostWaits = 100_000

func (w *waits) add(key string, until time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.until) < mostWaits {
		w.until[key] = until
	}
}

func (w *waits) forget(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.until, key)
}

// wait returns an error for a row that comes too soon. Busy would let all
// grades wait for the one; Narrow lets the others go on.
func (w *waits) wait(key string, now time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	until, ok := w.until[key]
	if !ok {
		return nil
	}
	if left := until.Sub(now); left > 0 {
		return &adapters.Error{
			Class: adapters.Unavailable, Narrow: true,
			Err:  fmt.Errorf("the SIS refused this row a moment ago, and ILP wants 300 s before it comes again; %s are left", left.Round(time.Second)),
			Hint: "resubmit after 300 s; it is done by itself",
		}
	}
	for k, t := range w.until { // those that are over go with it
		if !t.After(now) {
			delete(w.until, k)
		}
	}
	return nil
}
