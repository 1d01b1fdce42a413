package guard

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"mime"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	window    = 5 * time.Minute  // between a caller's clock and ours
	keepNonce = 10 * time.Minute // no timestamp lives longer than two windows
)

// A signature is what an OAuth 1.0a Authorization header says (RFC 5849 3.5.1).
type signature struct {
	params []param           // all but realm and oauth_signature
	oauth  map[string]string // the oauth_ parameters
	mac    func() hash.Hash
	sum    []byte // oauth_signature
}

// sign reads the header and refuses what needs no body to refuse.
func (v *Visitor) sign(header string) error {
	s, problem := parseSignature(header)
	if problem == "" {
		problem = s.check(v.g.now())
	}
	if problem != "" {
		return v.g.unauthorized(problem, "")
	}
	v.oauth1 = s
	return nil
}

func parseSignature(header string) (s *signature, problem string) {
	s = &signature{oauth: map[string]string{}}
	for _, part := range splitQuoted(header) {
		name, quoted, ok := strings.Cut(strings.TrimSpace(part), "=")
		if strings.EqualFold(name, "realm") {
			continue
		}
		value, err := url.PathUnescape(strings.Trim(strings.TrimSpace(quoted), `"`))
		name, nameErr := url.PathUnescape(name)
		if !ok || err != nil || nameErr != nil {
			return nil, "the OAuth header is malformed"
		}
		if _, twice := s.oauth[name]; twice {
			return nil, "the OAuth header has a parameter twice"
		}
		s.oauth[name] = value
		if name != "oauth_signature" {
			s.params = append(s.params, param{name, value})
		}
	}
	return s, ""
}

// splitQuoted splits a header at the commas outside quotes.
func splitQuoted(header string) []string {
	quoted := false
	return strings.FieldsFunc(header, func(r rune) bool {
		quoted = quoted != (r == '"')
		return r == ',' && !quoted
	})
}

// check looks at the parameters one by one.
func (s *signature) check(now time.Time) (problem string) {
	switch s.oauth["oauth_signature_method"] {
	case "HMAC-SHA1":
		s.mac = sha1.New
	case "HMAC-SHA256":
		s.mac = sha256.New
	default:
		return "the OAuth signature method must be HMAC-SHA1 or HMAC-SHA256"
	}
	for _, name := range []string{"oauth_consumer_key", "oauth_nonce", "oauth_timestamp", "oauth_signature"} {
		if s.oauth[name] == "" {
			return name + " is missing"
		}
	}
	if version, given := s.oauth["oauth_version"]; given && version != "1.0" {
		return "oauth_version must be 1.0"
	}
	if s.oauth["oauth_token"] != "" {
		return "oauth_token must be empty: there are no users here"
	}
	seconds, err := strconv.ParseUint(s.oauth["oauth_timestamp"], 10, 40)
	if err != nil || !near(time.Unix(int64(seconds), 0), now) {
		return "oauth_timestamp is more than five minutes away from the time here"
	}
	if s.sum, err = base64.StdEncoding.DecodeString(s.oauth["oauth_signature"]); err != nil {
		return "oauth_signature is not Base64"
	}
	return ""
}

// near reports whether two times are within the window.
func near(t, now time.Time) bool {
	d := now.Sub(t)
	return -window <= d && d <= window
}

// signed checks the signature, now that the body is there. The nonce is
// noted last: only the caller itself can use one up.
func (v *Visitor) signed(ctx context.Context, body []byte) error {
	s := v.oauth1
	if len(body) == 0 && v.r.ContentLength != 0 {
		// The door streams the body and cannot show it.
		return v.g.unauthorized("OAuth is not accepted for a body of this kind: nobody could tell whether it was signed", "")
	}
	form := v.isForm()
	bases, problem := v.bases(form, body)
	if problem == "" {
		problem = s.checkBody(form, body)
	}
	if problem != "" {
		return v.g.unauthorized(problem, "")
	}
	key := s.oauth["oauth_consumer_key"]
	err := v.try("oauth1", v.g.oauth1, key, func(l *login) bool { return s.fits(bases, l.secret.reveal()) })
	if err != nil {
		return err
	}
	return v.once(ctx, "oauth1", key, s.oauth["oauth_timestamp"], s.oauth["oauth_nonce"])
}

// fits reports whether the signature was made with a secret, over one of some
// base strings. All are tried in any case.
func (s *signature) fits(bases []string, secret string) bool {
	right := false
	for _, base := range bases {
		mac := hmac.New(s.mac, []byte(escape(secret)+"&"))
		mac.Write([]byte(base))
		right = same(digest(mac.Sum(nil)), digest(s.sum)) || right
	}
	return right
}

// checkBody compares oauth_body_hash. Without it a signature says nothing
// about a body that is no form, and anybody on the way could have put another
// there.
func (s *signature) checkBody(form bool, body []byte) (problem string) {
	text, given := s.oauth["oauth_body_hash"]
	switch {
	case form && given:
		return "oauth_body_hash must not come with a form"
	case !given && (form || len(body) == 0):
		return ""
	case !given:
		return "oauth_body_hash is missing, so that the body is not signed"
	}
	told, err := base64.StdEncoding.DecodeString(text)
	var is []byte
	switch len(told) {
	case sha1.Size:
		sum := sha1.Sum(body)
		is = sum[:]
	case sha256.Size:
		sum := sha256.Sum256(body)
		is = sum[:]
	}
	if err != nil || is == nil || !hmac.Equal(told, is) {
		return "oauth_body_hash does not fit the body"
	}
	return ""
}

func (v *Visitor) isForm() bool {
	kind, _, err := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	return err == nil && kind == "application/x-www-form-urlencoded"
}

// once refuses what was seen before, on any node.
func (v *Visitor) once(ctx context.Context, parts ...string) error {
	// A digest keeps the store free of what callers send.
	sum := sha256.New()
	for _, part := range parts {
		sum.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	now := v.g.now()
	seen, err := v.g.nonces.Seen(ctx, parts[0]+":"+hex.EncodeToString(sum.Sum(nil)), now, now.Add(keepNonce))
	switch {
	case err != nil:
		return troubled("checking for repeated credentials", err)
	case seen:
		return v.g.unauthorized("the nonce was used before", "replay by or of "+v.found.Name)
	}
	return nil
}
