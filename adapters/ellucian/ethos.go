package ellucian

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
)

// EthosOptions say how Ethos Integration is reached. URL and Key must be given.
type EthosOptions struct {
	URL string // such as https://integrate.elluciancloud.com
	Key Secret // the API key of the application
	// Versions pins the version of a resource in place of the one in the
	// table, such as {"persons": "12.1.0"}.
	Versions map[string]string
	// Resources are those that a source reads; all of the table when empty.
	Resources []string
	// UserID is the type of credential that becomes the user id of a person,
	// such as bannerId or colleaguePersonId; all of them do when it is "".
	UserID string
	Page   int // objects of one list call; 500 when 0 (Ethos may give fewer)
	Queue  int // changes of one call of the queue, up to 1000; 200 when 0

	// Section is that of ILPOptions, for results.
	Section func(ctx context.Context, lineItem lis.SourcedID) (section lis.SourcedID, final bool, err error)
	// GUIDs finds the GUID of a person or section whose sourcedId is none;
	// without it every sourcedId must be one.
	GUIDs adapters.Crosswalk
	// FinalType and MidtermType are the GUIDs of section-grade-types that are
	// sent along with a grade; nothing is when they are "".
	FinalType, MidtermType string
	// Restricted takes objects of which Ethos holds a part back from us
	// (x-content-restricted). Without it they are refused: what is held back
	// would be taken for empty, and emptied everywhere.
	Restricted bool
	// ReportErrors writes what the gateway did not take to Ethos (/errors).
	ReportErrors bool
	Connection
}

// An Ethos is a source of records and a target for results.
type Ethos struct {
	o EthosOptions
	*wire
	read []resource // what a source reads

	mu      sync.Mutex
	token   string
	renew   time.Time // when the token is to be replaced
	skipped map[string]int64

	asking        turn // for a token
	registrations lookup[registrationFound]
	definitions   definitions
}

var (
	_ adapters.Adapter      = (*Ethos)(nil)
	_ adapters.Source       = (*Ethos)(nil)
	_ adapters.Acknowledger = (*Ethos)(nil)
)

// NewEthos returns an Ethos; it connects to nothing yet.
func NewEthos(o EthosOptions) (*Ethos, error) {
	if err := peer.CheckAddress(o.URL); err != nil {
		return nil, fmt.Errorf("Ethos: %w", err)
	}
	if o.Key == "" {
		return nil, errors.New("Ethos: no key; make an application in Ethos and give its API key")
	}
	if o.Page <= 0 {
		o.Page = 500
	}
	if o.Queue <= 0 {
		o.Queue = 200
	}
	o.Queue = min(o.Queue, 1000)
	read, err := chosen(o.Resources)
	if err != nil {
		return nil, err
	}
	return &Ethos{o: o, wire: newWire(o.Connection), read: read, skipped: map[string]int64{}, asking: newTurn(), definitions: definitions{turn: newTurn()}}, nil
}

// chosen returns the rows of the table that are to be read, in its order.
func chosen(names []string) ([]resource, error) {
	if len(names) == 0 {
		return resources, nil
	}
	var rows []resource
	for _, r := range resources {
		if slices.Contains(names, r.name) {
			rows = append(rows, r)
		}
	}
	for _, name := range names {
		if !slices.ContainsFunc(resources, func(r resource) bool { return r.name == name }) {
			return nil, fmt.Errorf("Ethos: no resource %q is known here; there are %s", name, strings.Join(resourceNames(), ", "))
		}
	}
	return rows, nil
}

func resourceNames() []string {
	var names []string
	for _, r := range resources {
		names = append(names, r.name)
	}
	return names
}

// Skipped counts the changes of the queue that were let go, by resource:
// those that no row of the table is for.
func (e *Ethos) Skipped() map[string]int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return maps.Clone(e.skipped)
}

// Check asks for a new token and for one object of the first resource.
func (e *Ethos) Check(ctx context.Context) error {
	e.forget(e.current())
	query := url.Values{"limit": {"1"}, "offset": {"0"}}
	_, err := e.call(ctx, http.MethodGet, "/api/"+e.read[0].name+"?"+query.Encode(), e.read[0].name, "")
	return err
}

// mediaType returns the pinned media type of a resource.
func (e *Ethos) mediaType(name string) string {
	version := e.o.Versions[name]
	if version == "" {
		version = otherVersions[name]
	}
	for _, r := range resources {
		if version == "" && r.name == name {
			version = r.version
		}
	}
	if version == "" {
		return "application/json"
	}
	return "application/vnd.hedtech.integration.v" + version + "+json"
}

// call makes a call about a resource. When the token is not taken, a new one
// is asked for and the call made once more: under 401 nothing was done.
func (e *Ethos) call(ctx context.Context, method, path, resource, body string) (*peer.Reply, error) {
	for again := false; ; again = true {
		token, err := e.bearer(ctx)
		if err != nil {
			return nil, err
		}
		header := http.Header{"Authorization": {"Bearer " + token}, "Accept": {e.mediaType(resource)}}
		if body != "" {
			header.Set("Content-Type", e.mediaType(resource))
		}
		r, err := e.do(ctx, method, strings.TrimSuffix(e.o.URL, "/")+path, body, header)
		if err != nil {
			return nil, err
		}
		if r.Status == http.StatusUnauthorized && !again {
			e.forget(token)
			continue
		}
		if err := e.failure(r, method+" "+resource); err != nil {
			return r, err
		}
		if method != http.MethodGet {
			return r, nil
		}
		return r, e.whole(r, resource)
	}
}

// whole refuses an answer of which a part is held back.
func (e *Ethos) whole(r *peer.Reply, resource string) error {
	said := r.Header.Get("x-content-restricted")
	if said == "" || e.o.Restricted {
		return nil
	}
	return &adapters.Error{
		Class: adapters.Unavailable, Narrow: true, Answer: peer.Clip("x-content-restricted: " + said),
		Err:  fmt.Errorf("Ethos holds a part of %s back from us, and what is not seen would be taken for empty", resource),
		Hint: "let the application's user see all properties of the resource in the SIS, or set restricted when what is missing is not needed",
	}
}

// failure is what an answer says that is no success. The words of Ethos are
// in errors, each with a description.
func (e *Ethos) failure(r *peer.Reply, what string) error {
	err := r.Failure(what, ethosTable, busyFor)
	var classed *adapters.Error
	if errors.As(err, &classed) {
		if said := wordsOf(r.Body); said != "" {
			classed.Answer = peer.Clip(said)
		}
	}
	return err
}

func wordsOf(body []byte) string {
	var said struct {
		Errors []struct {
			Code        string `json:"code"`
			Message     string `json:"message"`
			Description string `json:"description"`
		} `json:"errors"`
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	var words []string
	for _, s := range said.Errors {
		words = append(words, strings.Trim(s.Code+": "+orElse(s.Description, s.Message), ": "))
	}
	return strings.Join(words, "; ")
}
