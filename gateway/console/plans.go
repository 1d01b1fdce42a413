package console

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"slices"

	"lisgate/gateway/cps"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Plans are the desk between planners and SIS.
type Plans interface {
	Summaries(ctx context.Context) ([]cps.Summary, error)
	// Standings goes through the sections of a plan, of all when it is "".
	// cps.HeldState as the state stands for those that wait for a person.
	Standings(ctx context.Context, plan string, state lis.PlanState) iter.Seq2[*cps.Standing, error]
	// Standing returns where one section stands, nil when nobody has planned it.
	Standing(ctx context.Context, section lis.SourcedID) (*cps.Standing, error)
	Decide(ctx context.Context, sections []lis.SourcedID, approve bool, by, reason string) ([]cps.Decided, error)
	// Publish publishes sections, all that are confirmed when none is named.
	Publish(ctx context.Context, plan string, sections []lis.SourcedID, by string) (*cps.Published, error)
	Answers(ctx context.Context) iter.Seq2[*cps.Answer, error]
	// Import takes a file in. It tells progress of how far it is, from one
	// goroutine, and has all of the file read when it returns without an error.
	Import(ctx context.Context, i cps.Import, file io.Reader, progress func(read, applied, failed int64)) (*cps.Imported, error)
	Export(ctx context.Context, e cps.Export, w io.Writer) error
	Draw(ctx context.Context, p cps.Picture, w io.Writer) error
}

// planStates are what sections can be asked for by.
var planStates = []lis.PlanState{cps.HeldState, lis.PlanDraft, lis.PlanRequested, lis.PlanProposed, lis.PlanConfirmed, lis.PlanRefused, lis.PlanPublished, lis.PlanCancelled}

// A PlanDecision decides what is held of sections.
type PlanDecision struct {
	Sections []lis.SourcedID `json:"sections"`
	Approve  bool            `json:"approve"`
	Reason   string          `json:"reason,omitempty"` // returned to the planner; must be given to refuse
}

// A PlanPublication publishes sections of a plan, all that are confirmed when
// none is named.
type PlanPublication struct {
	Plan     string          `json:"plan,omitempty"`
	Sections []lis.SourcedID `json:"sections,omitempty"`
}

func (c *Console) planRoutes() {
	c.do("GET /admin/v1/plans", c.withPlans(func(r *http.Request) (any, error) { return c.Plans.Summaries(r.Context()) }))
	c.mux.HandleFunc("GET /admin/v1/plans/sections", c.planned(c.standings))
	c.do("GET /admin/v1/plans/sections/{id...}", c.withPlans(c.standing))
	c.do("POST /admin/v1/plans/decide", c.withPlans(c.decidePlans))
	c.do("POST /admin/v1/plans/publish", c.withPlans(c.publishPlans))
	c.mux.HandleFunc("GET /admin/v1/plans/answers", c.planned(c.planAnswers))
	c.mux.HandleFunc("POST /admin/v1/plans/import", c.planned(c.importPlans))
	c.mux.HandleFunc("GET /admin/v1/plans/export", c.planned(c.exportPlans))
	c.mux.HandleFunc("GET /admin/v1/plans/draw", c.planned(c.drawPlans))
}

var noPlans = notFound("nothing is planned here: the config has no plans")

func (c *Console) withPlans(o order) order {
	return func(r *http.Request) (any, error) {
		if c.Plans == nil {
			return nil, noPlans
		}
		return o(r)
	}
}

func (c *Console) planned(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if c.Plans == nil {
			refuse(w, noPlans)
			return
		}
		serve(w, r)
	}
}

// unplanned is what the desk says of an order: that it makes no sense, unless
// it is the journal that is in trouble.
func unplanned(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil || errors.Is(err, journal.ErrFull) || errors.Is(err, journal.ErrClosed) {
		return err
	}
	return badRequest(err.Error())
}

func (c *Console) standings(w http.ResponseWriter, r *http.Request) {
	state := lis.PlanState(r.URL.Query().Get("state"))
	if state != "" && !slices.Contains(planStates, state) {
		refuse(w, badRequest("there is no state "+string(state)+" of a plan; there are "+listed(planStates)))
		return
	}
	stream(w, r, c.Plans.Standings(r.Context(), r.URL.Query().Get("plan"), state))
}

func (c *Console) planAnswers(w http.ResponseWriter, r *http.Request) {
	stream(w, r, c.Plans.Answers(r.Context()))
}

func (c *Console) standing(r *http.Request) (any, error) {
	section := lis.SourcedID(r.PathValue("id"))
	s, err := c.Plans.Standing(r.Context(), section)
	if err == nil && s == nil {
		return nil, notFound("no planner has said anything of the section " + string(section))
	}
	return s, err
}

func (c *Console) decidePlans(r *http.Request) (any, error) {
	var d PlanDecision
	if err := decode(r, &d); err != nil {
		return nil, err
	}
	switch {
	case len(d.Sections) == 0 || slices.Contains(d.Sections, ""):
		return nil, badRequest("say which sections are decided: sections, none of them empty")
	case !d.Approve && d.Reason == "":
		return nil, badRequest("say why, in reason: it is returned to the planner")
	}
	decided, err := c.Plans.Decide(r.Context(), d.Sections, d.Approve, operator(r), d.Reason)
	return decided, unplanned(r.Context(), err)
}

func (c *Console) publishPlans(r *http.Request) (any, error) {
	var p PlanPublication
	if err := decode(r, &p); err != nil {
		return nil, err
	}
	if slices.Contains(p.Sections, "") {
		return nil, badRequest("one of the sections has no name")
	}
	published, err := c.Plans.Publish(r.Context(), p.Plan, p.Sections, operator(r))
	return published, unplanned(r.Context(), err)
}
