package config

import (
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A reader goes through the nodes of a file beside the types that they are
// for. It notes where each key stands, reports what does not fit and takes it
// out of the tree, and marks every scalar as text, so that what follows gets
// each word as it was written: a password 0123 is no number.
type reader struct {
	file     string
	where    map[string]place
	mistakes Mistakes
	adapter  string // of the target or source that is being read
}

// read reports whether a node is of use for a type.
func (r *reader) read(n *yaml.Node, t reflect.Type, key string) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if _, seen := r.where[key]; !seen {
		r.where[key] = place{r.file, n.Line}
	}
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return r.refuse(n, key, "anchors and aliases are not read; text that begins with & or * needs quotes")
	case n.Style&yaml.TaggedStyle != 0:
		return r.refuse(n, key, "tags are not read; text that begins with ! needs quotes")
	case isScalar(t):
		return r.scalar(n, t, key)
	case t.Kind() == reflect.Slice:
		return r.list(n, t, key)
	}
	return r.mapping(n, t, key)
}

func (r *reader) refuse(n *yaml.Node, key, format string, args ...any) bool {
	p := place{r.file, n.Line}
	r.mistakes = append(r.mistakes, Mistake{Where: p.String(), Key: key, What: fmt.Sprintf(format, args...), line: n.Line})
	return false
}

func (r *reader) scalar(n *yaml.Node, t reflect.Type, key string) bool {
	if n.Kind != yaml.ScalarNode {
		return r.refuse(n, key, "must be %s, not a list or a mapping", nameOf(t))
	}
	if _, err := parseScalar(n.Value, t); err != nil {
		return r.refuse(n, key, "%v", err)
	}
	n.Tag, n.Style = "!!str", yaml.DoubleQuotedStyle
	return true
}

func (r *reader) list(n *yaml.Node, t reflect.Type, key string) bool {
	if n.Kind != yaml.SequenceNode {
		return r.refuse(n, key, "must be a list%s", listExample(t))
	}
	var kept []*yaml.Node
	for _, item := range n.Content {
		inner := fmt.Sprintf("%s[%d]", key, len(kept))
		if isNull(item) {
			r.refuse(item, inner, "is empty")
			continue
		}
		if r.read(item, t.Elem(), inner) {
			kept = append(kept, item)
		}
	}
	n.Content = kept
	return true
}

func (r *reader) mapping(n *yaml.Node, t reflect.Type, key string) bool {
	if n.Kind != yaml.MappingNode {
		return r.refuse(n, key, "must be a mapping%s", mappingExample(t))
	}
	if t.Kind() == reflect.Struct {
		if _, ok := fieldFor(t, "adapter"); ok {
			r.adapter = valueOf(n, "adapter")
		}
	}
	var kept []*yaml.Node
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		if !r.known(name, t, key) {
			continue
		}
		if first, twice := lines[name.Value]; twice {
			r.refuse(name, below(key, name.Value), "was given before, in line %d", first)
			continue
		}
		lines[name.Value] = name.Line
		if r.entry(name, value, t, below(key, name.Value)) {
			kept = append(kept, name, value)
		}
	}
	n.Content = kept
	return true
}

// known reports whether a mapping of a type has a key.
func (r *reader) known(name *yaml.Node, t reflect.Type, key string) bool {
	if name.Kind != yaml.ScalarNode || name.Anchor != "" || name.Style&yaml.TaggedStyle != 0 {
		return r.refuse(name, key, "a key must be plain text")
	}
	if t.Kind() == reflect.Map {
		return true
	}
	if _, ok := fieldFor(t, name.Value); ok {
		return true
	}
	keys := keysOf(t)
	if holdsSecret(t) && nearest(name.Value, keys) == "" {
		// {user: u, p4ss} has a password where a key should be.
		return r.refuse(name, key, "has an unknown key; the keys are %s", strings.Join(keys, ", "))
	}
	return r.refuse(name, key, "unknown key %s%s", quote(name.Value), meant(name.Value, keys))
}

// entry reads the value of one key of a mapping.
func (r *reader) entry(name, value *yaml.Node, t reflect.Type, key string) bool {
	r.where[key] = place{r.file, name.Line}
	if t.Kind() == reflect.Map {
		name.Tag, name.Style = "!!str", yaml.DoubleQuotedStyle
		if t == typeSettings && value.Kind == yaml.SequenceNode {
			return r.listSetting(name.Value, value, key)
		}
		return r.read(value, t.Elem(), key)
	}
	field, _ := fieldFor(t, name.Value)
	// A key without a value is as good as no key.
	return !isNull(value) && r.read(value, field, key)
}

// valueOf returns the text of a key of a mapping, "" when there is none.
func valueOf(n *yaml.Node, key string) string {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key && n.Content[i+1].Kind == yaml.ScalarNode {
			return n.Content[i+1].Value
		}
	}
	return ""
}

// listSetting takes the list of a setting that is one, in place of a, b, c.
func (r *reader) listSetting(name string, n *yaml.Node, key string) bool {
	if s, known := settingNamed(r.adapter, name); known && s.Kind != KindList {
		return r.refuse(n, key, "must be one value, not a list: %s", s.Doc)
	}
	if !r.list(n, typeList, key) {
		return false
	}
	var items []string
	for i, item := range n.Content {
		if strings.Contains(item.Value, ",") {
			return r.refuse(item, fmt.Sprintf("%s[%d]", key, i), "has a comma, which parts the items of a setting: make two items of it")
		}
		items = append(items, item.Value)
	}
	*n = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: strings.Join(items, ", "), Line: n.Line}
	return true
}

func holdsSecret(t reflect.Type) bool {
	for f := range t.Fields() {
		if f.Type == typeSecret {
			return true
		}
	}
	return false
}

func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Anchor == "" && n.Style&yaml.TaggedStyle == 0
}

func nameOf(t reflect.Type) string {
	switch {
	case t == typeDuration:
		return "a duration such as 10s"
	case t == typeSize:
		return "a size such as 4MiB"
	case t.Kind() == reflect.Bool:
		return "true or false"
	case t.Kind() == reflect.Int, t.Kind() == reflect.Float64:
		return "a number"
	}
	return "text"
}

func listExample(t reflect.Type) string {
	if t == typeList {
		return ", such as [a, b]"
	}
	return `: put "- " before the first key of each item`
}

func mappingExample(t reflect.Type) string {
	if t.Kind() == reflect.Struct {
		return " with the keys " + strings.Join(keysOf(t), ", ")
	}
	return ", such as {a: b}"
}
