package wire_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"lisgate/gateway/wire"
)

// Each limit lets its own number pass, and not one more.
func TestLimits(t *testing.T) {
	declarations := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, " xmlns:p%d='u%d'", i, i)
		}
		return b.String()
	}
	for _, c := range []struct {
		setting string
		limits  wire.Limits
		max     int
		make    func(n int) string
	}{
		{"depth", wire.Limits{}, 64, func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }},
		{"depth", wire.Limits{Depth: 3}, 3, func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }},
		{"elements", wire.Limits{Elements: 1000}, 1000, func(n int) string { return "<a>" + strings.Repeat("<b/>", n-1) + "</a>" }},
		{"elements", wire.Limits{}, 200_000, func(n int) string { return "<a>" + strings.Repeat("<b/>", n-1) + "</a>" }},
		{"attributes", wire.Limits{}, 64, func(n int) string { return "<a" + strings.ReplaceAll(declarations(n), "xmlns:", "") + "/>" }},
		{"name_bytes", wire.Limits{}, 256, func(n int) string { return "<" + strings.Repeat("a", n) + "/>" }},
		{"name_bytes", wire.Limits{}, 256, func(n int) string { return "<a " + strings.Repeat("b", n) + "=''/>" }},
		{"name_bytes", wire.Limits{}, 256, func(n int) string { return "<?" + strings.Repeat("b", n) + "?><a/>" }},
		{"namespaces", wire.Limits{}, 64, func(n int) string { return "<a" + declarations(n) + "/>" }},
		{"namespaces", wire.Limits{Namespaces: 5}, 5, func(n int) string { return "<a" + declarations(n-1) + "><b xmlns='c'/></a>" }},
		{"text_bytes", wire.Limits{}, 1 << 20, func(n int) string { return "<a b='" + strings.Repeat("x", n) + "'/>" }},
	} {
		if err := walk(c.make(c.max), c.limits); err != nil {
			t.Errorf("%s at its limit: %v", c.setting, err)
		}
		wantLimit(t, walk(c.make(c.max+1), c.limits), c.setting, c.max)
	}
}

// A text is measured as it is read: with its references resolved and all its
// pieces together.
func TestTextLimit(t *testing.T) {
	const limit = 1000
	read := func(inner string) error {
		d := wire.NewDecoder("<a>"+inner+"</a>", wire.Limits{TextBytes: limit}, 0)
		d.Root()
		d.Text()
		d.End()
		return d.Err()
	}
	for name, c := range map[string]struct {
		head, piece string
		n           int
	}{
		"plain":              {"", "x", limit},
		"references":         {"", "&amp;", limit},
		"wide references":    {"", "&#x1F600;", limit / 4},
		"CDATA":              {"", "<![CDATA[x]]>", limit},
		"text, then CDATA":   {strings.Repeat("y", limit/2), "<![CDATA[x]]>", limit / 2},
		"text with comments": {"", "x<!-- -->", limit},
		"line ends":          {"", "\r\n", limit},
		"white space":        {"", " ", limit},
	} {
		if err := read(c.head + strings.Repeat(c.piece, c.n)); err != nil {
			t.Errorf("%s at the limit: %v", name, err)
		}
		if err := read(c.head + strings.Repeat(c.piece, c.n) + "x"); err == nil {
			t.Errorf("%s: no error above the limit", name)
		} else {
			wantLimit(t, err, "text_bytes", limit)
		}
	}
}

func wantLimit(t *testing.T, err error, setting string, limit int) {
	t.Helper()
	var over *wire.LimitError
	if !errors.As(err, &over) || over.Limit != setting || over.Max != limit {
		t.Errorf("error is %v, want that of limit %s = %d", err, setting, limit)
	} else if !strings.Contains(err.Error(), "limits."+setting) || !strings.Contains(err.Error(), fmt.Sprint(limit)) {
		t.Errorf("the error does not say limit and setting: %v", err)
	}
}

// What is over a limit costs no memory beyond it.
func TestRefusalIsCheap(t *testing.T) {
	for name, document := range map[string]string{
		"levels":     strings.Repeat("<a>", 1_000_000),
		"siblings":   "<a>" + strings.Repeat("<b/>", 1_000_000),
		"attributes": "<a" + strings.Repeat(" b='c'", 100_000),
		"namespaces": "<a" + strings.Repeat(" xmlns:b='c'", 100_000),
		"name":       "<" + strings.Repeat("a", 1<<20),
		"text":       "<a>" + strings.Repeat("x", 16<<20) + "</a>",
		"references": "<a>" + strings.Repeat("&lt;", 4<<20) + "</a>",
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		d := wire.NewDecoder(document, wire.Limits{}, wire.Everything)
		if d.Root() {
			d.Text()
		}
		runtime.ReadMemStats(&after)
		if d.Err() == nil {
			t.Errorf("%s: no error", name)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 8<<20 {
			t.Errorf("%s: %d bytes", name, n)
		}
	}
}
