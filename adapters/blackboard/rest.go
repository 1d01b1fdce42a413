package blackboard

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/peer"
)

// A REST reads final grades, lists and reads what Learn holds, and repairs
// single persons and memberships. It is not for rosters: there are so many
// calls a day and no more.
type REST struct {
	o Options
	*wire
	budget *budget

	asking chan struct{} // one asks for a token at a time
	mu     sync.Mutex
	token  string
	renew  time.Time
}

var (
	_ adapters.Adapter = (*REST)(nil)
	_ adapters.Lister  = (*REST)(nil)
	_ adapters.Reader  = (*REST)(nil)
	_ adapters.Mirror  = (*REST)(nil)
	_ adapters.Grades  = (*REST)(nil)
)

// NewREST returns an adapter over REST; it connects to nothing yet.
func NewREST(o Options) (*REST, error) {
	if err := errors.Join(o.check(), o.checkREST()); err != nil {
		return nil, err
	}
	o = o.orDefault()
	return &REST{o: o, wire: newWire(o.Connection), asking: make(chan struct{}, 1), budget: &budget{most: o.Budget, reserve: o.Reserve, now: o.Now}}, nil
}

// base stands before every address of REST; the version follows.
const base = "/learn/api/public"

// A purpose is what a call is for. Grades may use the whole budget.
type purpose bool

const (
	forRosters purpose = false
	forGrades  purpose = true
)

// external names an object by our key in a path.
func external(key string) string { return "externalId:" + url.PathEscape(key) }

// call makes a call. A token that is not taken is replaced and the call made
// once more: under 401 nothing was done.
func (a *REST) call(ctx context.Context, p purpose, method, path string, body any) (*peer.Reply, error) {
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return nil, unavailable("write a request: %w", err)
		}
	}
	for again := false; ; again = true {
		token, err := a.bearer(ctx, p)
		if err != nil {
			return nil, err
		}
		header := http.Header{"Authorization": {"Bearer " + token}, "Accept": {"application/json"}}
		if body != nil {
			header.Set("Content-Type", "application/json")
		}
		r, err := a.counted(ctx, p, method, path, string(content), header)
		if err != nil {
			return nil, err
		}
		if r.Status == http.StatusUnauthorized && !again {
			a.forget(token)
			continue
		}
		return r, failureOf(r, method)
	}
}

// counted makes a call that the budget allows, and hears what Learn says of
// the budget.
func (a *REST) counted(ctx context.Context, p purpose, method, path, body string, header http.Header) (*peer.Reply, error) {
	if err := a.budget.spend(p); err != nil {
		return nil, err
	}
	r, err := a.do(ctx, method, strings.TrimSuffix(a.o.URL, "/")+path, body, header)
	if err != nil {
		return nil, err
	}
	a.budget.hear(r)
	return r, nil
}

// failureOf is what an answer says that is no success. The words of Learn are
// in message and developerMessage.
func failureOf(r *peer.Reply, what string) error {
	err := r.Failure(what, restTable, busyFor)
	var e *adapters.Error
	if errors.As(err, &e) {
		var said struct {
			Code    string `json:"code"`
			Message string `json:"message"`
			More    string `json:"extraInfo"`
		}
		if json.Unmarshal(r.Body, &said) == nil && said.Message != "" {
			e.Answer = peer.Clip(strings.TrimSpace(said.Code + " " + said.Message + " " + said.More))
		}
	}
	return err
}

// bearer returns a token, a new one when the last is about to end.
func (a *REST) bearer(ctx context.Context, p purpose) (string, error) {
	select {
	case a.asking <- struct{}{}:
		defer func() { <-a.asking }()
	case <-ctx.Done():
		return "", unavailable("wait for a token: %w", ctx.Err())
	}
	if token := a.current(); token != "" {
		return token, nil
	}
	user := base64.StdEncoding.EncodeToString([]byte(a.o.Key + ":" + string(a.o.KeySecret)))
	header := http.Header{"Authorization": {"Basic " + user}, "Content-Type": {"application/x-www-form-urlencoded"}}
	r, err := a.counted(ctx, p, http.MethodPost, base+"/v1/oauth2/token", "grant_type=client_credentials", header)
	if err != nil {
		return "", err
	}
	if r.Status == http.StatusBadRequest || r.Status == http.StatusForbidden { // of the key, not of one record
		r.Status = http.StatusUnauthorized
	}
	if err := failureOf(r, "ask for a token"); err != nil {
		return "", err
	}
	var t struct {
		Token   string `json:"access_token"`
		Expires int    `json:"expires_in"`
	}
	if json.Unmarshal(r.Body, &t) != nil || t.Token == "" {
		return "", unavailable("ask for a token: what came holds none; see whether url is that of Learn")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	// Learn gives the token that there is, with the time that it has left.
	a.token, a.renew = t.Token, a.Now().Add(max(time.Duration(t.Expires)*time.Second-tokenSpare, time.Second))
	return t.Token, nil
}

// tokenSpare is how long before its end a token is replaced.
const tokenSpare = time.Minute

func (a *REST) current() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.Now().Before(a.renew) {
		return ""
	}
	return a.token
}

func (a *REST) forget(token string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.token == token {
		a.token = ""
	}
}

// Check asks for the version of Learn, with the token that is at hand: each
// call counts, and this one may be made every minute.
func (a *REST) Check(ctx context.Context) error {
	_, err := a.call(ctx, forRosters, http.MethodGet, base+"/v1/system/version", nil)
	return err
}

// missing reports whether an error is that the object is not there.
func missing(r *peer.Reply) bool { return r != nil && r.Status == http.StatusNotFound }

// randomPassword is one that nobody has: people come in by the institution's
// own login.
func randomPassword() Secret {
	var random [24]byte
	rand.Read(random[:])
	return Secret(fmt.Sprintf("%x-Aa1!", random))
}
