package console

import (
	"net/http"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func (c *Console) crosswalkRoutes() {
	c.look("GET /admin/v1/crosswalk/{target}/{kind}/{id...}", c.pair)
	c.do("PUT /admin/v1/crosswalk/{target}/{kind}/{id...}", c.link)
	c.do("DELETE /admin/v1/crosswalk/{target}/{kind}/{id...}", c.unlink)
}

// A Pairing is what a target calls an object, and has called it.
type Pairing struct {
	*journal.Pair
	History []*journal.PairStep `json:"history"`
}

// asked returns which pair a request is about.
func (c *Console) asked(r *http.Request) (journal.Pair, error) {
	p := journal.Pair{Target: r.PathValue("target"), Kind: lis.Kind(r.PathValue("kind")), ID: lis.SourcedID(r.PathValue("id")), At: c.Now()}
	if lis.InfoOf(p.Kind) == nil || p.ID == "" {
		return p, badRequest("a pair needs a kind of LIS, such as person, and a sourcedId")
	}
	return p, c.named(p.Target)
}

func (c *Console) pair(snap journal.Snapshot, r *http.Request) (any, error) {
	p, err := c.asked(r)
	if err != nil {
		return nil, err
	}
	history, err := lis.Collect(snap.PairHistory(p.Target, p.Kind, p.ID))
	if err != nil {
		return nil, err
	}
	now, err := c.Store.Pair(r.Context(), p.Target, p.Kind, p.ID)
	if err == nil && now == nil && len(history) == 0 {
		return nil, nothingIn(p)
	}
	return Pairing{now, history}, err
}

func nothingIn(p journal.Pair) error {
	return notFound("the crosswalk of " + p.Target + " has no " + string(p.Kind) + " " + string(p.ID))
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
	p, err := c.asked(r)
	if err != nil {
		return nil, err
	}
	if p.TargetID = order.TargetID; p.TargetID == "" {
		return nil, badRequest("a pair needs a targetId: what the target calls the object")
	}
	owner, err := c.Store.PairOf(r.Context(), p.Target, p.Kind, p.TargetID)
	if err != nil {
		return nil, err
	}
	if owner != nil && owner.ID != p.ID && !journal.Shared(p.Kind) {
		return nil, badRequest(p.Target + " knows " + string(owner.ID) + " as " + p.TargetID +
			"; one id of a target belongs to one object: unlink it there first, lisgate crosswalk " + p.Target + " " + string(p.Kind) + " " + string(owner.ID) + " --unlink")
	}
	return c.set(r, p, because("linked by "+operator(r), order.Why))
}

// unlink forgets by hand what a target calls an object: the id is free for
// another, and a later change of the object looks for it there anew. What the
// target holds stays as it is.
func (c *Console) unlink(r *http.Request) (any, error) {
	p, err := c.asked(r)
	if err != nil {
		return nil, err
	}
	old, err := c.Store.Pair(r.Context(), p.Target, p.Kind, p.ID)
	switch {
	case err != nil:
		return nil, err
	case old == nil || old.Gone && old.TargetID == "":
		return nil, nothingIn(p)
	}
	p.Gone = true // and without an id: that of what was only dropped is used again
	return c.set(r, p, because("unlinked from "+or(old.TargetID, "what has no id")+" by "+operator(r), r.URL.Query().Get("why")))
}

func (c *Console) set(r *http.Request, p journal.Pair, why string) (any, error) {
	if err := c.Store.Write(r.Context(), func(tx journal.Tx) error { return tx.SetPair(p, why) }); err != nil {
		return nil, err
	}
	c.Wake([]string{p.Target})
	return p, nil
}

func because(what, why string) string {
	if why == "" {
		return what
	}
	return what + ": " + why
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
