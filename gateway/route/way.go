package route

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"lisgate/gateway/lis"
)

// A way leads to elements of a word, by element names with dots between
// them. Behind the name of a list stands which of it is meant: [0] by place,
// [*] all, [instanceName.textString=Given] the first that has this value, or
// [contactinfoValue.textString~@] the first that has this in it.
type way []step

// A step goes to one element, and in a list to some of it.
type step struct {
	name  string
	field int
	list  bool
	all   bool
	at    int    // place, unless all or find
	find  way    // of an item
	want  string // what find leads to
	part  bool   // want is a part of it
}

const (
	mostSteps = 16
	mostPlace = 99 // of an item that is made when it is not there
)

var typeText = reflect.TypeFor[lis.Text]()

// parsePath reads a path through a word of a type.
func parsePath(t reflect.Type, text string) (way, error) {
	var p way
	for rest := text; ; {
		if len(p) >= mostSteps {
			return nil, fmt.Errorf("path %q is too long", short(text))
		}
		var st step
		var err error
		if st, t, rest, err = parseStep(t, rest); err != nil {
			return nil, fmt.Errorf("path %q: %w", short(text), err)
		}
		p = append(p, st)
		switch {
		case rest == "" || rest == ".textString" && t == typeText: // a text is set as a whole
			return p, nil
		case rest[0] != '.':
			return nil, fmt.Errorf("path %q: there must be a dot before %q", short(text), short(rest))
		case t.Kind() != reflect.Struct:
			return nil, fmt.Errorf("path %q: %s holds no elements", short(text), st.name)
		}
		rest = rest[1:]
	}
}

// parseStep reads one step and returns the type that it leads to.
func parseStep(t reflect.Type, text string) (step, reflect.Type, string, error) {
	end := strings.IndexAny(text, ".[")
	if end < 0 {
		end = len(text)
	}
	st := step{name: text[:end]}
	var err error
	if st.field, err = elementNamed(t, st.name); err != nil {
		return st, nil, "", err
	}
	t, rest := t.Field(st.field).Type, text[end:]
	if t.Kind() == reflect.Slice {
		st.list, t = true, t.Elem()
		if rest, err = st.parseWhich(t, rest); err != nil {
			return st, nil, "", err
		}
	} else if strings.HasPrefix(rest, "[") {
		return st, nil, "", fmt.Errorf("%s is no list, so nothing stands in [ ] behind it", st.name)
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return st, t, rest, nil
}

// elementNamed returns the place of an element in a word.
func elementNamed(t reflect.Type, name string) (int, error) {
	var names []string
	for _, e := range elementsOf(t) {
		if e.name == name {
			return e.index, nil
		}
		names = append(names, e.name)
	}
	return 0, fmt.Errorf("there is no element %q; %s", short(name), suggestElement(name, names))
}

func suggestElement(name string, names []string) string {
	if s := suggest(name, names); strings.HasPrefix(s, "did") {
		return s
	}
	return "there are " + strings.Join(names, ", ")
}

// parseWhich reads what stands in [ ].
func (st *step) parseWhich(item reflect.Type, text string) (string, error) {
	end := closing(text)
	if end < 0 {
		return "", fmt.Errorf("%s is a list: say which of it, such as %[1]s[0], %[1]s[*] or %[1]s[name=value]", st.name)
	}
	which, rest := text[1:end], text[end+1:]
	if which == "*" {
		st.all = true
		return rest, nil
	}
	if n, err := strconv.Atoi(which); err == nil {
		if n < 0 || n > mostPlace {
			return "", fmt.Errorf("%s[%d]: places go from 0 to %d", st.name, n, mostPlace)
		}
		st.at = n
		return rest, nil
	}
	at := strings.IndexAny(which, "=~")
	if at < 0 || item.Kind() != reflect.Struct {
		return "", fmt.Errorf("%s[%s]: there must be a place, * or name=value in [ ]", st.name, short(which))
	}
	var err error
	st.find, err = parsePath(item, which[:at])
	st.part, st.want = which[at] == '~', which[at+1:]
	return rest, err
}

// closing returns where the ] is that ends what text begins with, or -1.
func closing(text string) int {
	depth := 0
	for i, c := range text {
		switch c {
		case '[':
			depth++
		case ']':
			depth--
		}
		if depth == 0 {
			if c != ']' {
				return -1
			}
			return i
		}
	}
	return -1
}
