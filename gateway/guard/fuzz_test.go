package guard

import "testing"

// Whatever is shown, it neither breaks the guard nor opens it.
func FuzzCredentials(f *testing.F) {
	h := newHouse(f, nil)
	c := newClient(h)
	f.Add(c.request().Header.Get("Authorization"), "cirrus", "x", digests, "AAAA", "2026-11-24T12:00:00Z", "/a?b=c")
	f.Add("Basic YmFubmVyOnA=", "", "", text, "!", "now", "*")
	f.Add(`OAuth realm="a,b",,="`, "a", "b", "", "", "", "")
	f.Fuzz(func(t *testing.T, header, user, password, kind, nonce, created, uri string) {
		r := post("Authorization", header, "Content-Type", kind)
		r.RequestURI = uri
		if c, err := h.enter(r, password, nil); err == nil {
			t.Errorf("%q is %s", header, c.Name)
		}
		token := &UsernameToken{User: user, Password: password, PasswordType: kind, Nonce: nonce, Created: created}
		if c, err := h.enter(post(), "", token); err == nil && password != "userpassword" {
			t.Errorf("%q, %q is %s", user, password, c.Name)
		}
	})
}
