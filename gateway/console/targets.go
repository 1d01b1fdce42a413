package console

import (
	"net/http"

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
