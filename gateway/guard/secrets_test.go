package guard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// logged is what a careless room would log of some values.
func logged(values ...any) string {
	var out bytes.Buffer
	core := zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.AddSync(&out), zap.DebugLevel)
	for _, v := range values {
		zap.New(core).Info("x", zap.Any("any", v), zap.Reflect("reflect", v))
		j, _ := json.Marshal(v)
		fmt.Fprintf(&out, "%v %+v %#v %s %q %x %d %s\n", v, v, v, v, v, v, v, j)
	}
	return out.String()
}

// 200 planted users and passwords come in by every way there is, right and
// wrong; none is found in what is logged.
func TestNoSecretIsTold(t *testing.T) {
	var o Options
	var planted []string
	plant := func(what string, i int) string {
		s := fmt.Sprintf("planted-%s-%d", what, i)
		planted = append(planted, s, fmt.Sprintf("%x", s))
		return s
	}
	h := newHouse(t, func(all *Options) {
		for i := range 25 {
			all.Callers = append(all.Callers, CallerOptions{Name: fmt.Sprint("caller", i),
				Basic: &Login{User: fmt.Sprint("u", i), Secret: Hide(plant("basic", i))}, WSSE: &Login{User: fmt.Sprint("u", i), Secret: Hide(plant("wsse", i))},
				OAuth1: &Login{User: fmt.Sprint("u", i), Secret: Hide(plant("oauth", i))}})
		}
		o = *all
	})
	out := logged(o, &o, o.Callers, o.Callers[9], *o.Callers[9].Basic, o.Callers[9].Basic.Secret, *h.Guard, h.Guard, h.basic["u1"], *h.basic["u1"], h.decoy)
	for i := range 25 {
		out += h.tryEverything(i, plant)
	}
	if n := len(planted) / 2; n < 200 {
		t.Fatalf("only %d were planted", n)
	}
	out = strings.ToLower(out)
	for _, secret := range planted {
		if at := strings.Index(out, secret); at >= 0 {
			t.Fatalf("%s is told in …%s", secret, out[max(0, at-200):at+40])
		}
	}
}

// tryEverything gives what the doors could log of the attempts to get in.
func (h *house) tryEverything(i int, plant func(string, int) string) string {
	token := &UsernameToken{User: plant("user", i), Password: plant("guess", i), Nonce: plant("nonce", i), Created: plant("created", i)}
	v, err := h.Identify(withBasic(fmt.Sprint("u", i), fmt.Sprint("planted-basic-", i)))
	values := []any{token, *token, v, err}
	keep := func(c Caller, err error) { values = append(values, c, &c, err) }
	for _, user := range []string{fmt.Sprint("u", i), token.User} {
		keep(h.enter(withBasic(user, token.Password), "", nil))
		keep(h.enter(post(), "", &UsernameToken{User: user, Password: token.Password}))
		keep(h.enter(post(), "", &UsernameToken{User: user, Password: token.Password, Created: token.Created}))
		keep(h.enter(post(), "", &UsernameToken{User: user, Password: token.Password, PasswordType: plant("type", i)}))
		c := newClient(h)
		c.secret = plant("signed", i)
		c.change = func(p map[string]string) { p["oauth_consumer_key"] = user }
		keep(h.enter(c.request(), c.body, nil))
		c.change = func(p map[string]string) { p["oauth_timestamp"] = plant("timestamp", i) }
		keep(h.enter(c.request(), c.body, nil))
	}
	keep(h.enter(withBasic(fmt.Sprint("u", i), fmt.Sprint("planted-basic-", i)), "", &UsernameToken{User: "cirrus", Password: "userpassword"}))
	return logged(values...)
}

func TestMasks(t *testing.T) {
	type sourcedID string
	id := MaskID(sourcedID("S1234567"))
	if id != MaskID("S1234567") || id == MaskID("S1234568") || len(id.String()) != 13 || strings.Contains(id.String(), "1234567") {
		t.Errorf("id is %s", id)
	}
	if got := MaskID("S1234567").String(); got != "id:593d485a1e" {
		t.Errorf("the form has changed to %s: old logs cannot be searched any more", got)
	}
	if got := MaskText("Ādä Lovelace").String(); got != "text:12" {
		t.Errorf("text is %s", got)
	}
	if MaskID("").String() != "" || MaskText("").String() != "" {
		t.Error("nothing is something")
	}
	out := logged(id, MaskText("Ada Lovelace"), []any{id}, struct{ m Masked }{MaskText("Ada Lovelace")})
	if strings.Contains(out, "S123") || strings.Contains(out, "Ada") || !strings.Contains(out, `"any":{"masked":"`+id.String()) {
		t.Errorf("logged %s", out)
	}
}
