package ellucian

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// What is held of tokens [infer: a token lives for five minutes].
const (
	tokenLife  = 4 * time.Minute  // of one that does not say when it ends
	tokenSpare = 30 * time.Second // before its end a token is replaced
)

// bearer returns a token, a new one when the last is about to end. Callers
// that need one at the same time wait for one call.
func (e *Ethos) bearer(ctx context.Context) (string, error) {
	if err := e.asking.take(ctx); err != nil {
		return "", err
	}
	defer e.asking.give()
	if token := e.current(); token != "" {
		return token, nil
	}
	r, err := e.do(ctx, http.MethodPost, strings.TrimSuffix(e.o.URL, "/")+"/auth", "", http.Header{"Authorization": {"Bearer " + string(e.o.Key)}})
	if err != nil {
		return "", err
	}
	if r.Status == http.StatusForbidden { // of a key, not of one right
		r.Status = http.StatusUnauthorized
	}
	if err := e.failure(r, "ask Ethos for a token"); err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(r.Body))
	if token == "" || strings.ContainsAny(token, " <\r\n") {
		return "", unavailable("ask Ethos for a token: what came is none; see whether url is that of Ethos")
	}
	renew := e.Now().Add(tokenLife)
	if end, ok := expiry(token); ok {
		renew = end.Add(-tokenSpare)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.token, e.renew = token, renew
	return token, nil
}

// current returns the token that is at hand, "" when it is about to end.
func (e *Ethos) current() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.Now().Before(e.renew) {
		return ""
	}
	return e.token
}

// forget drops a token that is not taken, unless another has come already.
func (e *Ethos) forget(token string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.token == token {
		e.token = ""
	}
}

// expiry reads when a JWT ends (RFC 7519, section 4.1.4). It is not verified:
// nothing is decided by it but when to ask for the next.
func expiry(token string) (time.Time, bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return time.Time{}, false
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	var claims struct {
		Exp int64 `json:"exp"`
	}
	if err != nil || json.Unmarshal(payload, &claims) != nil || claims.Exp == 0 {
		return time.Time{}, false
	}
	return time.Unix(claims.Exp, 0), true
}
