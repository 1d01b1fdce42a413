// Package replay sends to a target again what was sent there before: one
// object, or many that a selection names, as a job that can be looked at
// beforehand, runs at a rate, and can be paused, resumed and cancelled. A
// restart goes on where the last batch ended.
//
// What is sent again is the newest change of each object, through the queue
// and under the rules of every delivery; nothing goes out past them.
package replay

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"go.uber.org/zap"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

const (
	jobKind = "replay"
	batch   = 200 // objects that are sent again in one transaction
)

// The states of a job.
const (
	Running   = "running"
	Paused    = "paused"
	Cancelled = "cancelled"
	Done      = "done"
)

// A Selection chooses deliveries by their newest change. What is empty asks
// for nothing.
type Selection struct {
	Target string          `json:"target"` // must be given
	Kinds  []lis.Kind      `json:"kinds,omitempty"`
	IDs    []lis.SourcedID `json:"sourcedIds,omitempty"`
	States []journal.State `json:"states,omitempty"` // applied, dead, dropped
	Source string          `json:"source,omitempty"` // the caller who asked for the change
	Reason string          `json:"reason,omitempty"` // text that the reason or the answer holds
	Since  time.Time       `json:"since,omitzero"`   // settled at this time or later
	Until  time.Time       `json:"until,omitzero"`   // settled before this time
	// Drops says that removals are sent again too. Without it they are left out:
	// what is gone there is gone, and one that was decided against stays so.
	Drops bool `json:"drops,omitempty"`
}

// A Job is a replay and how far it is.
type Job struct {
	ID string `json:"id"`
	Selection
	State   string    `json:"state"`
	Rate    float64   `json:"rate,omitempty"` // objects a second; 0 for no limit
	By      string    `json:"by"`
	Began   time.Time `json:"began"`
	Updated time.Time `json:"updated"`
	Looked  int64     `json:"looked"` // objects that were looked at
	Sent    int64     `json:"sent"`   // of those chosen, put in the queue again

	Kind  lis.Kind      `json:"atKind,omitempty"` // where it is
	After lis.SourcedID `json:"atSourcedId,omitempty"`
}

// A Desk runs replays. It is safe for use by many goroutines.
type Desk struct {
	store journal.Store
	wake  func(targets []string)
	log   *zap.Logger
	now   func() time.Time
	work  chan struct{} // there may be a job to run
}

// New makes a desk. Wake is told which targets have something in their queue.
func New(store journal.Store, wake func([]string), log *zap.Logger, now func() time.Time) *Desk {
	return &Desk{store: store, wake: wake, log: log, now: now, work: make(chan struct{}, 1)}
}

// Start begins a replay and returns its job.
func (d *Desk) Start(ctx context.Context, s Selection, rate float64, by string) (*Job, error) {
	if s.Target == "" {
		return nil, fmt.Errorf("a replay needs a target: say to whom it is sent again")
	}
	now := d.now().UTC()
	j := &Job{ID: "replay/" + now.Format("20060102T150405.000000"), Selection: s, State: Running, Rate: rate, By: by, Began: now, Updated: now}
	if err := d.store.Write(ctx, func(tx journal.Tx) error { return put(tx, j) }); err != nil {
		return nil, fmt.Errorf("start replay: %w", err)
	}
	d.log.Info("replay started", zap.String("job", j.ID), zap.String("target", s.Target), zap.String("by", by))
	d.nudge()
	return j, nil
}

// Move pauses, resumes or cancels a job.
func (d *Desk) Move(ctx context.Context, id, state string) (*Job, error) {
	var j *Job
	err := d.store.Write(ctx, func(tx journal.Tx) (err error) {
		if j, err = get(tx, id); err != nil {
			return err
		}
		if j.State == Done || j.State == Cancelled {
			return fmt.Errorf("the replay %s is %s; start another", id, j.State)
		}
		j.State, j.Updated = state, d.now().UTC()
		return put(tx, j)
	})
	if err != nil {
		return nil, err
	}
	d.nudge()
	return j, nil
}

func (d *Desk) nudge() {
	select {
	case d.work <- struct{}{}:
	default:
	}
}

// Jobs returns all replays, oldest first.
func (d *Desk) Jobs(ctx context.Context) ([]*Job, error) {
	snap, err := d.store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	jobs := []*Job{}
	for kept, err := range snap.Jobs(jobKind) {
		if err != nil {
			return nil, err
		}
		j, err := read(kept)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}

func put(tx journal.Tx, j *Job) error {
	data, err := json.Marshal(j)
	if err != nil {
		return err
	}
	return tx.PutJob(&journal.Job{ID: j.ID, Kind: jobKind, State: j.State, Updated: j.Updated, Data: data})
}

func get(tx journal.Tx, id string) (*Job, error) {
	kept, err := tx.Job(id)
	if err != nil {
		return nil, err
	}
	if kept == nil || kept.Kind != jobKind {
		return nil, fmt.Errorf("there is no replay %q", id)
	}
	return read(kept)
}

func read(kept *journal.Job) (*Job, error) {
	j := &Job{}
	if err := json.Unmarshal(kept.Data, j); err != nil {
		return nil, fmt.Errorf("read replay %s: %w", kept.ID, err)
	}
	return j, nil
}

// kinds returns the kinds that a selection covers, in the order of the table.
func (s *Selection) kinds() []lis.Kind {
	var kinds []lis.Kind
	for _, info := range lis.Kinds {
		if len(s.Kinds) == 0 || slices.Contains(s.Kinds, info.Kind) {
			kinds = append(kinds, info.Kind)
		}
	}
	return kinds
}
