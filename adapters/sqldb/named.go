package sqldb

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// maxParams bounds the parameters of a statement: databases stop at 65,535
// (32,766 for SQLite), and what comes near is a mistake in the options.
const maxParams = 1000

// A statement is SQL with its parameters in order.
type statement struct {
	sql   string
	names []string
}

// skips are what a parameter cannot stand in: strings, quoted names,
// comments, casts.
var skips = regexp.MustCompile(`(?s)^(?:'(?:[^']|'')*'|"(?:[^"]|"")*"|` + "`[^`]*`" + `|--[^\n]*|/\*.*?\*/|::)`)

var (
	dollarTag = regexp.MustCompile(`^\$[A-Za-z_]*\$`)
	namedOne  = regexp.MustCompile(`^:([A-Za-z_][A-Za-z0-9_]*)`)
)

// named puts the database's own placeholders in for :name.
func (d dialect) named(text string, known []string) (statement, error) {
	var st statement
	var b strings.Builder
	for i := 0; i < len(text); {
		if n := d.skip(text[i:]); n > 0 {
			b.WriteString(text[i : i+n])
			i += n
			continue
		}
		m := namedOne.FindStringSubmatch(text[i:])
		if m == nil || i > 0 && isWord(text[i-1]) {
			b.WriteByte(text[i])
			i++
			continue
		}
		if !slices.Contains(known, m[1]) {
			return st, fmt.Errorf("there is no parameter :%s; give it in params (there are %s)", m[1], strings.Join(known, ", "))
		}
		st.names = append(st.names, m[1])
		b.WriteString(d.param(len(st.names)))
		i += len(m[0])
	}
	st.sql = b.String()
	if len(st.names) > maxParams {
		return st, fmt.Errorf("%d parameters; at most %d are allowed", len(st.names), maxParams)
	}
	return st, nil
}

func (d dialect) skip(s string) int {
	if n := len(skips.FindString(s)); n > 0 {
		return n
	}
	if !d.dollar {
		return 0
	}
	tag := dollarTag.FindString(s)
	if tag == "" {
		return 0
	}
	end := strings.Index(s[len(tag):], tag)
	if end < 0 {
		return 0
	}
	return end + 2*len(tag)
}

func isWord(c byte) bool {
	return c == '_' || c == ':' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// args puts the values in order.
func (st statement) args(values map[string]any) []any {
	args := make([]any, len(st.names))
	for i, n := range st.names {
		args[i] = values[n]
	}
	return args
}
