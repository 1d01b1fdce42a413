package guard

import (
	"crypto/sha256"
	"crypto/subtle"
)

const refused = "the credentials are not accepted"

// basic checks HTTP Basic credentials.
func (v *Visitor) basic() error {
	user, password, ok := v.r.BasicAuth()
	if !ok {
		return v.g.unauthorized("the Authorization header is malformed", "")
	}
	shown := digest([]byte(password))
	return v.try("basic", v.g.basic, user, func(l *login) bool {
		return same(shown, digest([]byte(l.secret.reveal())))
	})
}

// try looks a user up and has the secret checked. Users who do not exist cost
// the same work: holds is called for them too, with a secret that nobody has.
func (v *Visitor) try(method string, logins map[string]*login, user string, holds func(*login) bool) error {
	l, known := logins[user]
	if !known {
		l = v.g.decoy
	}
	key := keyOf(method, user, neighbourhood(v.r))
	right := holds(l) && known // in this order
	right, wait := v.g.lock.attempt(key, v.g.now(), right)
	switch {
	case wait > 0:
		return &Error{Status: 429, Message: "too many wrong credentials; try again later", Retry: wait}
	case !right && known:
		return v.g.unauthorized(refused, "wrong "+method+" secret of "+l.caller.Name)
	case !right:
		return v.g.unauthorized(refused, "unknown "+method+" user")
	}
	return v.is(l.caller)
}

// digest makes texts of any length one length.
func digest(text []byte) [sha256.Size]byte { return sha256.Sum256(text) }

// same compares digests in a time that tells nothing.
func same(a, b [sha256.Size]byte) bool {
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
