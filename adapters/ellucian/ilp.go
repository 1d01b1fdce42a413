package ellucian

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/ellucian/ilp"
	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
)

// ILPOptions say how an ILP is reached. URL and User must be given.
type ILPOptions struct {
	URL      string // before /api/coursesection/grades
	User     string
	Password Secret
	// Submitter answers for grades that do not say who submitted them.
	Submitter string
	// Section tells which section a line item is a column of, and whether the
	// final one. The adapter knows no line items: the gateway gives this. With
	// none, or when it returns "", a result says both in its extension
	// (courseSectionSourcedId, lineItemType).
	Section func(ctx context.Context, lineItem lis.SourcedID) (section lis.SourcedID, final bool, err error)
	// Failing and Incomplete are the grades that need a last-attendance date
	// and a default grade; F and Fail, and I, when nil.
	Failing, Incomplete []string
	MaxRows             int           // of one call; 200 when 0
	Resubmit            time.Duration // before a refused row is sent again; 300 s when 0
	Connection
}

// An ILP hands results over as grades.
type ILP struct {
	o ILPOptions
	*wire
	failed waits
}

var (
	_ adapters.Adapter = (*ILP)(nil)
	_ adapters.Batcher = (*ILP)(nil)
)

// NewILP returns a target for results; it connects to nothing yet.
func NewILP(o ILPOptions) (*ILP, error) {
	if err := peer.CheckAddress(o.URL); err != nil {
		return nil, fmt.Errorf("ILP: %w", err)
	}
	if o.User == "" {
		return nil, errors.New("ILP: no user; ILP asks for HTTP Basic")
	}
	if o.Failing == nil {
		o.Failing = failingGrades
	}
	if o.Incomplete == nil {
		o.Incomplete = incompleteGrades
	}
	if o.MaxRows <= 0 {
		o.MaxRows = 200
	}
	if o.Resubmit <= 0 {
		o.Resubmit = 300 * time.Second
	}
	return &ILP{o: o, wire: newWire(o.Connection), failed: waits{until: map[string]time.Time{}}}, nil
}

// Limits bounds a batch by rows.
func (a *ILP) Limits() (changes, bytes int) { return a.o.MaxRows, 1 << 20 }

// Apply hands over one result.
func (a *ILP) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	outcomes, errs := a.ApplyAll(ctx, []lis.Change{c})
	return outcomes[0], errs[0]
}

// Check asks the address where grades are posted, without posting: a method
// that it does not take is the sign that it is there.
func (a *ILP) Check(ctx context.Context) error {
	r, err := a.do(ctx, http.MethodGet, a.address(), "", a.header())
	if err != nil {
		return err
	}
	if r.Status == http.StatusMethodNotAllowed || r.Status == http.StatusBadRequest {
		return nil
	}
	return r.Failure("ask for the grade service of ILP", ilpTable, busyFor)
}

func (a *ILP) address() string {
	u, err := url.Parse(a.o.URL)
	if err != nil {
		return "" // cannot be: NewILP has parsed it
	}
	return u.JoinPath(ilp.Path).String()
}

func (a *ILP) header() http.Header {
	user := base64.StdEncoding.EncodeToString([]byte(a.o.User + ":" + string(a.o.Password)))
	return http.Header{
		"Authorization":     {"Basic " + user},
		"Content-Type":      {"application/json"},
		"Accept":            {"application/json"},
		ilp.MediaTypeHeader: {ilp.MediaType},
	}
}

// isOne reports whether a grade is one of a list.
func isOne(list []string, grade string) bool { return slices.Contains(list, grade) }
