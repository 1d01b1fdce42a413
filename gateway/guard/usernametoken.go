package guard

import (
	"context"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"
)

// A UsernameToken is that of the WS-Security header (UsernameToken Profile
// 1.1), as the texts of its elements. PasswordType is the Type attribute.
type UsernameToken struct {
	User, Password, PasswordType, Nonce, Created string
}

// Format prints nothing of the token, whatever the verb.
func (UsernameToken) Format(f fmt.State, _ rune) { io.WriteString(f, "<token>") }

// MarshalText gives nothing of the token to JSON and zap.
func (UsernameToken) MarshalText() ([]byte, error) { return []byte("<token>"), nil }

// token checks a UsernameToken.
func (v *Visitor) token(ctx context.Context, t *UsernameToken) error {
	if len(v.g.wsse) == 0 {
		v.unknown = true
		return nil
	}
	nonce, created := strings.TrimSpace(t.Nonce), strings.TrimSpace(t.Created)
	if created != "" && !nearCreated(created, v.g.now()) {
		return v.g.unauthorized("wsu:Created is more than five minutes away from the time here", "")
	}
	raw, isBase64 := decodeNonce(nonce)
	var err error
	switch kind := t.PasswordType; {
	case strings.HasSuffix(kind, "#PasswordDigest"):
		if nonce == "" || created == "" || !isBase64 {
			return v.g.unauthorized("a PasswordDigest needs wsse:Nonce in Base64 and wsu:Created", "")
		}
		err = v.digested(t, raw, created)
	case kind == "" || strings.HasSuffix(kind, "#PasswordText"):
		err = v.texted(t)
	default:
		return v.g.unauthorized("the type of wsse:Password must be PasswordText or PasswordDigest", "")
	}
	if err != nil || nonce == "" {
		return err
	}
	// The bytes count, not the way in which Base64 writes them.
	return v.once(ctx, "wsse", t.User, string(raw))
}

// digested checks Base64(SHA-1(nonce + created + password)).
func (v *Visitor) digested(t *UsernameToken, nonce []byte, created string) error {
	shown := digest([]byte(strings.TrimSpace(t.Password)))
	head := append(nonce[:len(nonce):len(nonce)], created...)
	return v.try("wsse", v.g.wsse, t.User, func(l *login) bool {
		sum := sha1.Sum(append(head[:len(head):len(head)], l.secret.reveal()...))
		return same(shown, digest([]byte(base64.StdEncoding.EncodeToString(sum[:]))))
	})
}

func (v *Visitor) texted(t *UsernameToken) error {
	shown := digest([]byte(t.Password))
	return v.try("wsse", v.g.wsse, t.User, func(l *login) bool {
		return same(shown, digest([]byte(l.secret.reveal()))) && !l.digest
	})
}

// decodeNonce returns the bytes of a nonce. In a text token some callers have
// one that is not Base64; then its letters are the bytes.
func decodeNonce(nonce string) (raw []byte, isBase64 bool) {
	if raw, err := base64.StdEncoding.DecodeString(nonce); err == nil {
		return raw, true
	}
	if raw, err := base64.RawStdEncoding.DecodeString(nonce); err == nil {
		return raw, true
	}
	return []byte(nonce), false
}

// createdForms are the ways in which peers write a time; one without a zone
// is UTC.
var createdForms = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999"}

func nearCreated(text string, now time.Time) bool {
	for _, form := range createdForms {
		if t, err := time.Parse(form, text); err == nil {
			return near(t, now)
		}
	}
	return false
}
