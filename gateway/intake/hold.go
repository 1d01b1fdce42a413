package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

const absenceJob = "absence"

// The states of a hold.
const (
	held       = "held"
	approved   = "approved"
	dropped    = "dropped"
	superseded = "superseded" // a later list tells otherwise
)

// A Hold is absences that wait for a person: kept as the data of a journal.Job.
type Hold struct {
	ID     string          `json:"id"` // of the job, for Decide
	Source string          `json:"source"`
	Kind   lis.Kind        `json:"kind"`
	Run    int64           `json:"run"`
	Count  int64           `json:"count"`
	Of     int64           `json:"of"`
	Why    string          `json:"why"`
	Sample []lis.SourcedID `json:"sample"`
	At     time.Time       `json:"at"`

	By        string    `json:"by,omitempty"` // who decided
	DecidedAt time.Time `json:"decidedAt,omitzero"`
	Removed   int64     `json:"removed,omitempty"`
}

func (h *Hold) put(tx journal.Tx, state string, at time.Time) error {
	data, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("write hold %s: %w", h.ID, err)
	}
	return tx.PutJob(&journal.Job{ID: h.ID, Kind: absenceJob, State: state, Updated: at, Data: data})
}

func readHold(j *journal.Job) (*Hold, error) {
	h := new(Hold)
	if err := json.Unmarshal(j.Data, h); err != nil {
		return nil, fmt.Errorf("read hold %s: %w", j.ID, err)
	}
	h.ID = j.ID
	return h, nil
}

// Holds returns the absences that wait for a person, oldest first.
func (in *Intake) Holds(ctx context.Context) ([]Hold, error) {
	snap, err := in.store.Snapshot(ctx)
	if err != nil {
		return nil, fmt.Errorf("read holds: %w", err)
	}
	defer snap.Close()
	var all []Hold
	for j, err := range snap.Jobs(absenceJob) {
		if err != nil {
			return nil, fmt.Errorf("read holds: %w", err)
		}
		if j.State != held {
			continue
		}
		h, err := readHold(j)
		if err != nil {
			return nil, err
		}
		all = append(all, *h)
	}
	return all, nil
}

// standing returns the hold of a source and kind that waits, or nil.
func (in *Intake) standing(ctx context.Context, source string, k lis.Kind) (*Hold, error) {
	all, err := in.Holds(ctx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Source == source && all[i].Kind == k {
			return &all[i], nil
		}
	}
	return nil, nil
}

// hold keeps absences that are held, in the place of the hold of an earlier
// list, if any. When as many are absent as then, they are the same, and the
// earlier hold stays. It returns the job, "" when nothing is held.
func (in *Intake) hold(tx journal.Tx, h, earlier *Hold) (string, error) {
	if earlier != nil && h.Why != "" && earlier.Count == h.Count {
		return earlier.ID, nil
	}
	if earlier != nil {
		if err := earlier.put(tx, superseded, in.now()); err != nil {
			return "", err
		}
	}
	if h.Why == "" {
		return "", nil
	}
	h.At = in.now()
	h.ID = fmt.Sprintf("%s/%s/%s/%d", absenceJob, h.Source, h.Kind, h.Run)
	return h.ID, h.put(tx, held, h.At)
}

// Decide ends a hold. Approved, what the source has still not said again is
// deleted; else it is forgotten: the records keep it, and it counts as absent
// no more. by is who decided.
func (in *Intake) Decide(ctx context.Context, jobID string, approve bool, by string) error {
	h, err := in.heldJob(ctx, jobID)
	if err != nil {
		return fmt.Errorf("decide %s: %w", jobID, err)
	}
	done, err := in.lock(ctx, h.Source)
	if err != nil {
		return fmt.Errorf("decide %s: %w", jobID, err)
	}
	defer done()
	if h, err = in.heldJob(ctx, jobID); err == nil { // it may have been superseded meanwhile
		err = in.decide(ctx, h, approve, by)
	}
	if err != nil {
		return fmt.Errorf("decide %s: %w", jobID, err)
	}
	return nil
}

// decide carries a decision out. Cut off in the middle it is still held, and
// can be decided again.
func (in *Intake) decide(ctx context.Context, h *Hold, approve bool, by string) error {
	ids, _, err := in.unfed(ctx, h.Source, h.Kind, h.Run)
	if err != nil {
		return err
	}
	state := dropped
	if approve {
		state = approved
		if h.Removed, err = in.remove(ctx, h.Source, h.Kind, h.Run, ids); err != nil {
			return err
		}
		ids = nil
	}
	h.By, h.DecidedAt = by, in.now()
	return in.store.Write(ctx, func(tx journal.Tx) error {
		if err := forgetAll(tx, h.Source, h.Kind, h.Run, ids); err != nil {
			return err
		}
		return h.put(tx, state, h.DecidedAt)
	})
}

func (in *Intake) heldJob(ctx context.Context, id string) (*Hold, error) {
	all, err := in.Holds(ctx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].ID == id {
			return &all[i], nil
		}
	}
	return nil, errors.New("no such hold waits; it was decided, or a later list tells otherwise: see which are held")
}
