package unitime

import (
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// A Header is what the root of a file says.
type Header struct {
	Campus, Year, Term     string // all three are required
	DateFormat, TimeFormat string // Java patterns; "" for those that UniTime's importers take
	Action                 string // of a timetable: update, insert; "" to write is update
	Incremental            bool   // false: what is not in the file is not there any more
	Created                string
	UseMeetsWith           string            // of offerings: true, false
	IncludeExams           string            // of offerings: none, final, midterm, all
	Attributes             map[string]string // all others

	// Begin and End are those of the session, as Options had them: a new
	// class that meets all this time is written without dates.
	Begin, End lis.Date
}

// fields are the attributes that the struct names.
func (h *Header) fields() []struct {
	name string
	to   *string
} {
	return []struct {
		name string
		to   *string
	}{
		{"campus", &h.Campus}, {"year", &h.Year}, {"term", &h.Term}, {"action", &h.Action}, {"dateFormat", &h.DateFormat},
		{"timeFormat", &h.TimeFormat}, {"created", &h.Created}, {"useMeetsWith", &h.UseMeetsWith}, {"includeExams", &h.IncludeExams},
	}
}

// headerOf reads a root.
func headerOf(root *element) (Header, error) {
	var h Header
	known := h.fields()
	for _, a := range root.attrs {
		at := slices.IndexFunc(known, func(f struct {
			name string
			to   *string
		}) bool {
			return f.name == a.name
		})
		switch {
		case at >= 0:
			*known[at].to = strings.TrimSpace(a.value)
		case a.name == "incremental":
			h.Incremental = root.is("incremental")
		case !strings.HasPrefix(a.name, ours):
			if h.Attributes == nil {
				h.Attributes = map[string]string{}
			}
			h.Attributes[a.name] = a.value
		}
	}
	for _, name := range []string{"campus", "year", "term"} {
		if root.text(name) == "" {
			return h, root.refuse(name, "give it: the three together name the academic session", "is missing")
		}
	}
	return h, nil
}

// root writes a root element without children.
func (h Header) root(name string) *element {
	e := newElement(name)
	for _, f := range h.fields() {
		if *f.to != "" {
			e.set(f.name, *f.to)
		}
	}
	if h.Incremental {
		e.set("incremental", "true")
	}
	var others []string
	for other := range h.Attributes {
		if !e.has(other) && !strings.HasPrefix(other, ours) && attributeName(other) {
			others = append(others, other)
		}
	}
	slices.Sort(others)
	for _, other := range others {
		e.set(other, h.Attributes[other])
	}
	return e
}

// attributeName reports whether a text can be written as the name of an attribute.
func attributeName(s string) bool {
	return s != "" && !strings.ContainsAny(s, " \t\r\n\"'<>/=&:")
}
