package moodlefake

import (
	"net/url"
	"strconv"
	"strings"
)

// A node is a value of a PHP-style form: a[0][b]=c.
type node struct {
	value string
	keys  []string // in the order in which they came
	kids  map[string]*node
}

func (n *node) kid(key string) *node {
	if n.kids == nil {
		n.kids = map[string]*node{}
	}
	k := n.kids[key]
	if k == nil {
		k = &node{}
		n.kids[key] = k
		n.keys = append(n.keys, key)
	}
	return k
}

// parseForm reads at most limit variables, as PHP does: what comes after them
// is dropped without a word.
func parseForm(body string, limit int) *node {
	root, count := &node{}, 0
	for pair := range strings.SplitSeq(body, "&") {
		if pair == "" {
			continue
		}
		if count++; limit > 0 && count > limit {
			break
		}
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			continue
		}
		value, err = url.QueryUnescape(value)
		if err != nil {
			continue
		}
		root.put(name, value)
	}
	return root
}

func (n *node) put(name, value string) {
	first, rest, nested := strings.Cut(name, "[")
	n = n.kid(first)
	for nested {
		var key string
		key, rest, _ = strings.Cut(rest, "]")
		if key == "" {
			key = strconv.Itoa(len(n.keys))
		}
		n = n.kid(key)
		_, rest, nested = strings.Cut(rest, "[")
	}
	n.value = value
}

func (n *node) has(key string) bool { return n != nil && n.kids[key] != nil }

func (n *node) str(key string) string {
	if !n.has(key) {
		return ""
	}
	return n.kids[key].value
}

func (n *node) num(key string) int {
	i, _ := strconv.Atoi(n.str(key))
	return i
}

func (n *node) or(key string, otherwise int) int {
	if !n.has(key) {
		return otherwise
	}
	return n.num(key)
}

// list returns the rows of an array.
func (n *node) list(key string) []*node {
	if !n.has(key) {
		return nil
	}
	a := n.kids[key]
	rows := make([]*node, len(a.keys))
	for i, k := range a.keys {
		rows[i] = a.kids[k]
	}
	return rows
}

// String writes a row as key=value, in the order in which it came.
func (n *node) String() string {
	var b strings.Builder
	for i, k := range n.keys {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(k + "=" + n.kids[k].value)
	}
	return b.String()
}
