package console

import (
	"net/http"

	"lisgate/gateway/journal"
)

// dead leaves out what a later change of the object has made good, unless all
// is asked for: nobody has to do anything about it any more.
func (c *Console) dead(snap journal.Snapshot, r *http.Request) (any, error) {
	if err := c.named(r.URL.Query().Get("target")); err != nil {
		return nil, err
	}
	rows, all := []Delivery{}, r.URL.Query().Has("all")
	for s, err := range snap.Dead(r.URL.Query().Get("target")) {
		if err != nil {
			return nil, err
		}
		mended, err := overtaken(snap, s)
		if err != nil {
			return nil, err
		}
		if mended && !all {
			continue
		}
		if rows = append(rows, deliveryOf(s)); len(rows) == shown {
			break
		}
	}
	return rows, nil
}

// overtaken reports whether a target has taken a later change of an object.
func overtaken(snap journal.Snapshot, s *journal.Settled) (bool, error) {
	e, err := snap.Get(s.Kind, s.ID)
	if err != nil || e == nil || e.Seq <= s.Seq {
		return false, err
	}
	for d, err := range snap.Deliveries(s.Kind, s.ID) {
		if err != nil {
			return false, err
		}
		if d.Target == s.Target && d.Seq > s.Seq && d.State == journal.Applied {
			return true, nil
		}
	}
	return false, nil
}

// named refuses the name of a target that there is not: nothing would be found
// under it, and nothing is what people hope for.
func (c *Console) named(target string) error {
	if target == "" || c.Diff == nil {
		return nil
	}
	if _, _, err := c.Diff(target); err != nil {
		return badRequest(err.Error())
	}
	return nil
}

func (c *Console) parked(snap journal.Snapshot, r *http.Request) (any, error) {
	if err := c.named(r.URL.Query().Get("target")); err != nil {
		return nil, err
	}
	return queued(snap, r.URL.Query().Get("target"), journal.Parked)
}

// queued returns some of what is in a state in a queue.
func queued(snap journal.Snapshot, target string, state journal.State) ([]Delivery, error) {
	rows := []Delivery{}
	for s, err := range snap.Queue(target, state) {
		if err != nil {
			return nil, err
		}
		if rows = append(rows, deliveryOf(s)); len(rows) == shown {
			break
		}
	}
	return rows, nil
}
