package registrar

import (
	"testing"

	"lisgate/gateway/lis"
)

// Whatever a queryObject holds, it is understood or refused.
func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{"", "ann@example.edu", "{", `{"name":"a"}`, `{"name":null}`, "a=b", "=", "&;", "sourcedId=*", "date_from=2026-01-01T00:00:00+0700", "\x00=\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for i := range lis.Kinds {
			q, err := parseQuery(lis.Kinds[i].Kind, text)
			if (q == nil) == (err == nil) || err != nil && !isRefusal(err) {
				t.Errorf("%q: %+v, %v", text, q, err)
			}
		}
	})
}
