package console

import (
	"encoding/json"
	"net/http"

	"lisgate/gateway/lis"
	"lisgate/gateway/reconcile"
)

func (c *Console) diffRoutes() {
	c.mux.HandleFunc("GET /admin/v1/diff/{target}", func(w http.ResponseWriter, r *http.Request) { c.diff(w, r, nil) })
	c.mux.HandleFunc("POST /admin/v1/diff/{target}", c.heal)
}

// A DiffEnd is the last line of a diff: how it went.
type DiffEnd struct {
	Summary []reconcile.Summary `json:"summary"`
	Healed  *reconcile.Healing  `json:"healed,omitempty"`
	Error   string              `json:"error,omitempty"`
}

func (c *Console) heal(w http.ResponseWriter, r *http.Request) {
	c.diff(w, r, &reconcile.Healing{Store: c.Store, Target: r.PathValue("target"), Caller: operator(r), Extras: r.URL.Query().Get("extras") != ""})
}

// diff streams the differences of a target, one document a line, and heals
// them when there is a healing.
func (c *Console) diff(w http.ResponseWriter, r *http.Request, h *reconcile.Healing) {
	target := r.PathValue("target")
	if c.Diff == nil {
		refuse(w, notFound("no target can be compared here"))
		return
	}
	o, remover, err := c.Diff(target)
	if err != nil {
		refuse(w, badRequest(err.Error()))
		return
	}
	o.Kinds = nil
	for _, k := range r.URL.Query()["kind"] {
		if lis.InfoOf(lis.Kind(k)) == nil {
			refuse(w, badRequest("there is no kind "+k))
			return
		}
		o.Kinds = append(o.Kinds, lis.Kind(k))
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	end := c.compare(r, o, json.NewEncoder(w), http.NewResponseController(w), h, remover)
	_ = json.NewEncoder(w).Encode(end) // the client may have gone
}

func (c *Console) compare(r *http.Request, o reconcile.Options, lines *json.Encoder, flusher *http.ResponseController, h *reconcile.Healing, remover reconcile.Remover) DiffEnd {
	values := r.URL.Query().Get("values") != ""
	sums, err := reconcile.Compare(r.Context(), o, func(d *reconcile.Difference) error {
		if h != nil {
			h.Remove = remover
			if err := h.Add(r.Context(), d); err != nil {
				return err
			}
		}
		if !values {
			d.HideValues()
		}
		if err := lines.Encode(d); err != nil {
			return err
		}
		return flusher.Flush()
	})
	end := DiffEnd{Summary: sums, Healed: h}
	if err == nil && h != nil {
		err = h.Flush(r.Context())
		c.Wake([]string{o.Target})
	}
	if err != nil {
		end.Error = err.Error()
	}
	return end
}
