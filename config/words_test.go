package config

import (
	"slices"
	"testing"

	"lisgate/gateway/lis"
)

// The operations that only some kinds have are written down twice, here and
// in lis, which does not list them.
func TestThereAre156Operations(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range operations {
		if _, ok := lis.OperationNamed(name); !ok || seen[name] {
			t.Errorf("%s is unknown or there twice", name)
		}
		seen[name] = true
	}
	if len(seen) != 156 {
		t.Errorf("there are %d", len(seen))
	}
	if len(kinds) != 10 || len(services) != 6 {
		t.Errorf("%d kinds, %d services", len(kinds), len(services))
	}
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		pattern      string
		of           []string
		any, service bool
	}{
		{"replace*", nil, true, true}, {"replacePerson", []string{"pms"}, true, true}, {"*", []string{"bdems"}, true, true},
		{"replacePerson", []string{"gms", "cms"}, true, false}, {"ReplacePerson", nil, false, false}, {"readPers?n", nil, true, true},
	} {
		if some, service := matches(c.pattern, c.of); some != c.any || service != c.service {
			t.Errorf("%s of %v: %v, %v", c.pattern, c.of, some, service)
		}
	}
}

func TestNearest(t *testing.T) {
	words := []string{"listen", "limits", "log", "callers"}
	for written, want := range map[string]string{
		"listn": "listen", "LISTEN": "listen", "ilsten": "listen", "lgo": "log", "caller": "callers", "zebra": "", "": "",
		string(make([]byte, 1<<20)): "",
	} {
		if got := nearest(written, words); got != want {
			t.Errorf("%.20q: got %q", written, got)
		}
	}
	if edits("kitten", "sitting") != 3 || edits("ab", "ba") != 1 || edits("", "abc") != 3 {
		t.Error("edits are counted wrongly")
	}
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]Size{
		"0": 0, "17": 17, "256B": 256, "512KiB": 512 << 10, "4 MiB": 4 << 20, "1GiB": 1 << 30, "2TiB": 2 << 40, "5kB": 5000, "3MB": 3e6, "1GB": 1e9,
		"8388607TiB": 8388607 << 40,
	} {
		if got, err := ParseSize(text); got != want || err != nil {
			t.Errorf("%s: got %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "MiB", "-1", "1.5MiB", "4mib", "9223372036854775808", "8388608TiB", "0x10", "1 2B", "1BB"} {
		if got, err := ParseSize(text); err == nil {
			t.Errorf("%q: got %d", text, got)
		}
	}
	for size, want := range map[Size]string{0: "0B", 1: "1B", 4 * MiB: "4MiB", 1536: "1536B", 64 * KiB: "64KiB", 4 * GiB: "4GiB"} {
		if back, _ := ParseSize(size.String()); size.String() != want || back != size {
			t.Errorf("%d is written %s", size, size)
		}
	}
}

func TestNeedsRestart(t *testing.T) {
	text := "callers: [{name: a, basic: {user: a, password: p}}]\n"
	old := mustLoad(t, text, nil)
	if got := mustLoad(t, text, nil).NeedsRestart(old); got != nil {
		t.Errorf("the same needs %v", got)
	}
	live := mustLoad(t, `
callers: [{name: b, basic: {user: a, password: q}}]
anonymous: {}
log: {level: debug}
routes: []
paths: {/x: pms}
public_url: https://x/
insecure: true
bulk: {allow: ["https://x/"], drop: /x}
limits: {message_bytes: 128KiB, depth: 9, elements: 9, attributes: 9, namespaces: 9, name_bytes: 9, write_timeout: 9s, in_flight: 9}
`, nil)
	if got := live.NeedsRestart(old); got != nil {
		t.Errorf("what can be taken over needs %v", got)
	}
	firm := mustLoad(t, `
listen: 127.0.0.1:1
log: {format: console}
limits: {bulk_bytes: 5GiB, header_bytes: 9KiB, header_timeout: 1s, read_timeout: 5s, idle_timeout: 1s, connections: 9}
targets: [{name: t, adapter: lissoap, url: "http://x/"}]
bulk: {batch: 1}
repeat_window: 1h
`, nil)
	want := []string{"listen", "log.format", "limits.bulk_bytes", "limits.header_bytes", "limits.header_timeout",
		"limits.read_timeout", "limits.idle_timeout", "limits.connections", "targets", "bulk.batch", "repeat_window"}
	if got := firm.NeedsRestart(old); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	// header_timeout follows read_timeout, but nobody has changed it.
	drawn := mustLoad(t, text+"limits: {read_timeout: 5s}\n", nil)
	if got, want := drawn.NeedsRestart(old), []string{"limits.read_timeout"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}
