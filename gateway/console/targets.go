package console

import (
	"net/http"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func (c *Console) targetRoutes() {
	c.do("GET /admin/v1/targets", func(r *http.Request) (any, error) {
		if c.Status == nil {
			return []any{}, nil
		}
		return c.Status(r.Context())
	})
	c.do("GET /admin/v1/feeds", func(r *http.Request) (any, error) {
		if c.Feeds == nil {
			return []any{}, nil
		}
		return c.Feeds.Status(r.Context())
	})
	c.do("POST /admin/v1/feeds/{name}/pull", func(r *http.Request) (any, error) {
		if c.Feeds == nil {
			return nil, notFound("there are no sources")
		}
		return c.Feeds.Pull(r.Context(), r.PathValue("name"))
	})
	c.do("POST /admin/v1/merge", c.merge)
}

// merge makes one person of two.
func (c *Console) merge(r *http.Request) (any, error) {
	var order struct{ From, Into lis.SourcedID }
	if err := decode(r, &order); err != nil {
		return nil, err
	}
	a := c.Merge(r.Context(), operator(r), order.From, order.Into)
	if !a.Status.OK() {
		return nil, badRequest(a.Status.Description)
	}
	return a.Status, nil
}

// A Pairing is what a target calls an object, and has called it.
type Pairing struct {
	*journal.Pair
	History []*journal.PairStep `json:"history"`
}

func (c *Console) pair(snap journal.Snapshot, r *http.Request) (any, error) {
	target, kind, id := r.PathValue("target"), lis.Kind(r.PathValue("kind")), lis.SourcedID(r.PathValue("id"))
	history, err := lis.Collect(snap.PairHistory(target, kind, id))
	if err != nil {
		return nil, err
	}
	now, err := c.Store.Pair(r.Context(), target, kind, id)
	if err == nil && now == nil && len(history) == 0 {
		return nil, notFound("the crosswalk of " + target + " has no " + string(kind) + " " + string(id))
	}
	return Pairing{now, history}, err
}

// link enters a pair by hand.
func (c *Console) link(r *http.Request) (any, error) {
	var order struct {
		TargetID string `json:"targetId"`
		Why      string `json:"why"`
	}
	if err := decode(r, &order); err != nil {
		return nil, err
	}
	p := journal.Pair{Target: r.PathValue("target"), Kind: lis.Kind(r.PathValue("kind")), ID: lis.SourcedID(r.PathValue("id")), TargetID: order.TargetID, At: c.Now()}
	if lis.InfoOf(p.Kind) == nil || p.ID == "" || p.TargetID == "" {
		return nil, badRequest("a pair needs a kind of LIS, a sourcedId and a targetId")
	}
	owner, err := c.Store.PairOf(r.Context(), p.Target, p.Kind, p.TargetID)
	if err != nil {
		return nil, err
	}
	if owner != nil && owner.ID != p.ID {
		return nil, badRequest(p.Target + " knows " + string(owner.ID) + " as " + p.TargetID + "; one id of a target belongs to one object")
	}
	why := "set by " + operator(r)
	if order.Why != "" {
		why += ": " + order.Why
	}
	err = c.Store.Write(r.Context(), func(tx journal.Tx) error { return tx.SetPair(p, why) })
	c.Wake([]string{p.Target})
	return p, err
}
