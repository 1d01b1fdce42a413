package itc2019

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// same compares two files by what they mean.
func same(t testing.TB, want, got []byte) {
	t.Helper()
	if w, g := canonical(t, want), canonical(t, got); w != g {
		t.Fatalf("the file came back different:\n%s", difference(w, g))
	}
}

func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range w {
		if i >= len(g) || w[i] != g[i] {
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i+1, w[i], strings.Join(g[min(i, len(g)):min(i+1, len(g))], ""))
		}
	}
	return fmt.Sprintf("%d lines more", len(g)-len(w))
}

// A node is an element, as encoding/xml sees it.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []node     `xml:",any"`
}

// canonical writes a file so that two that mean the same are the same: see
// the package's list of what is not kept.
func canonical(t testing.TB, file []byte) string {
	t.Helper()
	var n node
	if err := xml.Unmarshal(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")), &n); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	n.canonical(&b, "", n.attr("nrWeeks"))
	return b.String()
}

func (n *node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (n *node) canonical(b *strings.Builder, parent, weeks string) {
	attrs := map[string]string{}
	for _, a := range n.Attrs {
		attrs[a.Name.Local] = strings.TrimSpace(a.Value)
	}
	name := n.XMLName.Local
	switch name {
	case "room", "time", "unavailable", "distribution", "class":
		if attrs["penalty"] == "0" {
			delete(attrs, "penalty")
		}
		if name == "class" && parent == "subpart" && attrs["room"] == "true" {
			delete(attrs, "room")
		}
		if attrs["required"] == "false" {
			delete(attrs, "required")
		}
		if attrs["weeks"] == "" && (name == "time" || name == "unavailable") {
			var count int
			_, _ = fmt.Sscan(weeks, &count)
			attrs["weeks"] = strings.Repeat("1", count)
		}
	}
	fmt.Fprintf(b, "%s/%s", parent, name)
	for _, k := range slices.Sorted(maps.Keys(attrs)) {
		if attrs[k] != "" {
			fmt.Fprintf(b, " %s=%q", k, attrs[k])
		}
	}
	b.WriteByte('\n')
	order := func(a, b node) int { return cmp.Compare(a.XMLName.Local, b.XMLName.Local) }
	if name == "solution" || parent == "solution" {
		order = func(a, b node) int { return natural(a.attr("id"), b.attr("id")) }
	}
	if name != "problem" {
		slices.SortStableFunc(n.Children, order)
	} else { // an empty part may be left out
		n.Children = slices.DeleteFunc(n.Children, func(c node) bool { return len(c.Children)+len(c.Attrs) == 0 })
	}
	for i := range n.Children {
		n.Children[i].canonical(b, name, weeks)
	}
	fmt.Fprintf(b, "end %s\n", name)
}
