package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"lisgate/adapters"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

const feedJob = "feed"

// A state is what is kept of a feed, as the data of a journal.Job.
type state struct {
	Cursor   string    `json:"cursor,omitempty"`
	CursorAt time.Time `json:"cursorAt,omitzero"` // when it moved last
	Run      int64     `json:"run"`
	// Listing has the run in which the list of a kind began that has not ended,
	// and Listed that of one that has, whose absences have yet to be dealt with.
	// They outlive a pull, because a source may go on in the middle of a list.
	Listing map[lis.Kind]int64 `json:"listing,omitempty"`
	Listed  map[lis.Kind]int64 `json:"listed,omitempty"`

	LastSuccess time.Time            `json:"lastSuccess,omitzero"`
	LastTrouble string               `json:"lastTrouble,omitempty"` // "" after a success
	TroubleAt   time.Time            `json:"troubleAt,omitzero"`
	Counts      map[lis.Kind]*Counts `json:"counts,omitempty"` // of the last run
	Rejected    []adapters.Rejection `json:"rejected,omitempty"`
	// Useless says that the trouble is that all was refused. It stands until
	// something better comes: a pull that found nothing does not mend it.
	Useless bool `json:"useless,omitempty"`
}

// clone copies what a pull changes in place.
func (s state) clone() state {
	s.Listing, s.Listed = maps.Clone(s.Listing), maps.Clone(s.Listed)
	if s.Listing == nil {
		s.Listing = map[lis.Kind]int64{}
	}
	if s.Listed == nil {
		s.Listed = map[lis.Kind]int64{}
	}
	return s
}

func jobOf(name string) string { return feedJob + "/" + name }

// put keeps the state.
func (s *state) put(tx journal.Tx, name string, at time.Time) error {
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("write the state of feed %s: %w", name, err)
	}
	job := &journal.Job{ID: jobOf(name), Kind: feedJob, State: "idle", Updated: at, Data: data}
	if s.LastTrouble != "" {
		job.State = "trouble"
	}
	return tx.PutJob(job)
}

func readState(j *journal.Job) (s state, err error) {
	if j == nil {
		return s, nil
	}
	if err := json.Unmarshal(j.Data, &s); err != nil {
		return s, fmt.Errorf("read the state of %s: %w", j.ID, err)
	}
	return s, nil
}

// judge notes how a pull without an error went. That a folder could be read is
// no success when nothing came; neither is a file of which nothing is of use.
func (s *state) judge(p *pull) {
	t, at := p.report.Total(), p.report.Ended
	inbox, _ := p.feed.Source.(adapters.Inbox)
	switch {
	case t.useless():
		s.Useless, s.TroubleAt = true, at
		s.LastTrouble = fmt.Sprintf("nothing of what came can be used: %d read, %d refused", t.Read, t.Refused)
	case t.Read == 0 && !p.came:
		if inbox == nil || !inbox.Inbox() {
			s.LastSuccess = at // the source answered, and has nothing new
		}
		if s.Useless {
			return
		}
		s.LastTrouble = ""
	default:
		s.Useless, s.LastTrouble, s.LastSuccess = false, "", at
	}
	s.Counts, s.Rejected = p.report.Counts, p.report.Rejected
}

// A Status says how a feed is doing.
type Status struct {
	Name        string               `json:"name"`
	Run         int64                `json:"run"`
	LastSuccess time.Time            `json:"lastSuccess,omitzero"`
	LastTrouble string               `json:"lastTrouble,omitempty"` // of the last pull; "" when it ended well
	TroubleAt   time.Time            `json:"troubleAt,omitzero"`
	Next        time.Time            `json:"next,omitzero"` // when Run asks again
	CursorAge   time.Duration        `json:"cursorAge,omitempty"`
	Late        bool                 `json:"late"` // nothing was read successfully for longer than is expected
	Counts      map[lis.Kind]*Counts `json:"counts,omitempty"`
	Rejected    []adapters.Rejection `json:"rejected,omitempty"`
}

// Status says how the feeds are doing, in the order of the config.
func (in *Intake) Status(ctx context.Context) ([]Status, error) {
	snap, err := in.store.Snapshot(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the feeds: %w", err)
	}
	defer snap.Close()
	jobs := map[string]*journal.Job{}
	for j, err := range snap.Jobs(feedJob) {
		if err != nil {
			return nil, fmt.Errorf("read the feeds: %w", err)
		}
		jobs[j.ID] = j
	}
	all := make([]Status, 0, len(in.feeds))
	for _, f := range in.feeds {
		s, err := readState(jobs[jobOf(f.Name)])
		if err != nil {
			return nil, err
		}
		all = append(all, in.status(f, s))
	}
	return all, nil
}

func (in *Intake) status(f *feed, s state) Status {
	st := Status{Name: f.Name, Run: s.Run, LastSuccess: s.LastSuccess, LastTrouble: s.LastTrouble, TroubleAt: s.TroubleAt,
		Counts: s.Counts, Rejected: s.Rejected}
	now := in.now()
	if !s.CursorAt.IsZero() {
		st.CursorAge = now.Sub(s.CursorAt)
	}
	since := s.LastSuccess
	if since.IsZero() {
		since = in.began
	}
	st.Late = f.Expect > 0 && now.Sub(since) > f.Expect
	f.mu.Lock()
	st.Next = f.next
	f.mu.Unlock()
	return st
}

// words say an error to people: what went wrong and what can be done.
func words(err error) string {
	var e *adapters.Error
	text := err.Error()
	if errors.As(err, &e) {
		text = adapters.Advise(text, e.Hint)
	}
	const most = 1000
	if len(text) > most {
		text = text[:most] + "…"
	}
	return text
}
