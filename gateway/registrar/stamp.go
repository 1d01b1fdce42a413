package registrar

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"lisgate/gateway/lis"
)

// SequenceAt returns a function that finds the stamp of a record: the place
// that the source gives it in its own order, or "" when it gives none. The
// path is one of
//
//	dateTime              of a membership's roles; of a result its date
//	recordInfo.<field>    a field of recordInfo
//	extension.<field>     a field of the extension
//
// A membership keeps these with its roles; the newest of them counts. Where a
// source keeps its sequence is not in the standard: the paths are ours.
func SequenceAt(path string) (func(*lis.Record) string, error) {
	if path == "dateTime" {
		return stampOf(dateTimes), nil
	}
	where, field, _ := strings.Cut(path, ".")
	if field == "" {
		return nil, unknownPath(path)
	}
	switch where {
	case "recordInfo":
		return stampOf(func(o lis.Object) []string { return valuesOf(field, infoFields(o)) }), nil
	case "extension":
		return stampOf(func(o lis.Object) []string { return valuesOf(field, extensionFields(o)) }), nil
	}
	return nil, unknownPath(path)
}

func unknownPath(path string) error {
	return fmt.Errorf("read sequence path %q: %w", path,
		errors.New("it is dateTime, recordInfo.<field> or extension.<field>"))
}

// stampOf takes the newest of the stamps that an object has.
func stampOf(find func(lis.Object) []string) func(*lis.Record) string {
	return func(r *lis.Record) string {
		newest := ""
		if r == nil || r.Object == nil {
			return newest
		}
		for _, s := range find(r.Object) {
			if s = strings.TrimSpace(s); s != "" && (newest == "" || compareStamps(s, newest) > 0) {
				newest = s
			}
		}
		return newest
	}
}

func dateTimes(o lis.Object) []string {
	switch o := o.(type) {
	case *lis.Membership:
		return ofRoles(o, func(role *lis.Role) []string { return []string{role.DateTime} })
	case *lis.Result:
		return []string{o.Date}
	}
	return nil
}

func ofRoles[T any](m *lis.Membership, f func(*lis.Role) []T) []T {
	var all []T
	if m.Member != nil {
		for i := range m.Member.Role {
			all = append(all, f(&m.Member.Role[i])...)
		}
	}
	return all
}

func valuesOf(name string, fields []lis.ExtensionField) []string {
	var values []string
	for i := range fields {
		if fields[i].FieldName == name {
			values = append(values, fields[i].FieldValue)
		}
	}
	return values
}

// longest is the length from which on a stamp is no number: to read one takes
// the square of its length.
const longest = 100

// compareStamps orders two stamps of one source: as integers when both are,
// as dates when both are, else as text.
func compareStamps(a, b string) int {
	if len(a) < longest && len(b) < longest {
		x, isInt := new(big.Int).SetString(a, 10)
		y, isIntToo := new(big.Int).SetString(b, 10)
		if isInt && isIntToo {
			return x.Cmp(y)
		}
	}
	s, errA := lis.ParseTime(a)
	t, errB := lis.ParseTime(b)
	if errA == nil && errB == nil {
		return s.Compare(t)
	}
	return strings.Compare(a, b)
}
