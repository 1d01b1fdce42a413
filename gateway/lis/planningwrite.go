package lis

import (
	"slices"
	"strconv"
	"strings"
)

// Writing is canonical: the fields of one family stand together, by their
// numbers and then in the order of the table, where the first of them stood.
// Fields that nobody knows stay; those of a meeting or a constraint follow its
// known ones, and go when it goes. No empty value is written.

// Extend returns an extension that can be written to: the one there, or a new
// one under the vocabulary of course planning.
func Extend(e **Extension) *Extension {
	if *e == nil {
		*e = &Extension{NameVocabulary: PlanningVocabulary}
	}
	return *e
}

// Set writes the value of a field where it stands, or at the end, with the
// type that the table says; an empty value removes the field.
func (e *Extension) Set(name, value string) {
	at := slices.IndexFunc(e.Field, func(f ExtensionField) bool { return f.FieldName == name })
	if at < 0 && value == "" {
		return
	}
	rest := slices.DeleteFunc(slices.Clone(e.Field), func(f ExtensionField) bool { return f.FieldName == name })
	if value != "" {
		if at < 0 {
			at = len(rest)
		}
		pattern, _, _, _ := parseFieldName(name)
		rest = slices.Insert(rest, at, ExtensionField{FieldName: name, FieldType: fieldType(pattern), FieldValue: value})
		if e.NameVocabulary == "" {
			e.NameVocabulary = PlanningVocabulary
		}
	}
	e.Field = rest
}

// A fieldWriter gathers the fields of one family.
type fieldWriter struct {
	fields []ExtensionField
	others map[int][]ExtensionField // unknown ones, by the number of their item; nil without numbers
}

// put writes a field that has a value.
func (w *fieldWriter) put(pattern, value string, n ...int) {
	if value = strings.TrimSpace(value); value != "" {
		w.fields = append(w.fields, ExtensionField{FieldName: FieldName(pattern, n...), FieldType: fieldType(pattern), FieldValue: value})
	}
}

// number writes a number that is not 0.
func (w *fieldWriter) number(pattern string, v int, n ...int) {
	if v != 0 {
		w.put(pattern, strconv.Itoa(v), n...)
	}
}

// flag writes true; false is what is not said.
func (w *fieldWriter) flag(pattern string, v bool, n ...int) {
	if v {
		w.put(pattern, "true", n...)
	}
}

func (w *fieldWriter) days(pattern string, d Weekdays, n ...int) {
	if d != 0 {
		w.put(pattern, d.String(), n...)
	}
}

// times writes a start and an end. A pair of zeros is a word that nobody
// filled in: no meeting lasts from midnight to midnight.
func (w *fieldWriter) times(startPattern, endPattern string, start, end Clock, n ...int) {
	if start != 0 || end != 0 {
		w.put(startPattern, start.String(), n...)
		w.put(endPattern, end.String(), n...)
	}
}

// writeList writes texts, numbered from 1; an empty one has no number.
func writeList[T ~string](w *fieldWriter, pattern string, values []T, n ...int) {
	k := 0
	for _, v := range values {
		if strings.TrimSpace(string(v)) == "" {
			continue
		}
		k++
		w.put(pattern, string(v), append(slices.Clip(n), k)...)
	}
}

// unknown writes what nobody knows of the item with a number.
func (w *fieldWriter) unknown(n int) {
	w.fields = append(w.fields, w.others[n]...)
	delete(w.others, n)
}

// rewrite puts other fields of a family into an extension, and reports whether
// there were any before. The numbers are those of the items that are written;
// nil for a family that is no list.
func rewrite(e **Extension, family string, numbers []int, write func(*fieldWriter)) (before bool) {
	var old []ExtensionField
	if *e != nil {
		old = (*e).Field
	}
	w := fieldWriter{fields: make([]ExtensionField, 0, len(old))}
	if numbers != nil {
		w.others = itemsOf(old, family, numbers)
	}
	rest := make([]ExtensionField, 0, len(old))
	at := -1
	for _, f := range old {
		if !w.takes(f, family) {
			rest = append(rest, f)
		} else if at < 0 {
			at = len(rest)
		}
	}
	before = at >= 0
	if write(&w); !before && len(w.fields) == 0 {
		return false
	}
	if !before {
		at = len(rest)
	}
	settle(e, slices.Insert(rest, at, w.fields...))
	return before
}

// itemsOf returns the numbers of the items of a family: those to write, and
// those that a reader finds.
func itemsOf(fields []ExtensionField, family string, numbers []int) map[int][]ExtensionField {
	items := map[int][]ExtensionField{}
	for _, n := range numbers {
		items[n] = nil
	}
	for i := range fields {
		if inFamily(fields[i].FieldName, family) && strings.TrimSpace(fields[i].FieldValue) != "" {
			if _, n, _, known := parseFieldName(fields[i].FieldName); known {
				items[n] = nil
			}
		}
	}
	return items
}

// takes reports whether a field goes out of its place, and keeps it if it is
// an unknown one of an item. What belongs to no item stays.
func (w *fieldWriter) takes(f ExtensionField, family string) bool {
	if !inFamily(f.FieldName, family) {
		return false
	}
	if _, _, _, known := parseFieldName(f.FieldName); known {
		return true
	}
	n := numberIn(f.FieldName, family)
	own, item := w.others[n]
	if item {
		w.others[n] = append(own, f)
	}
	return item
}

// settle gives an extension its fields. Without any, one of ours goes: the
// schema wants a field in each.
func settle(e **Extension, fields []ExtensionField) {
	if len(fields) > 0 {
		x := Extend(e)
		if x.Field = fields; x.NameVocabulary == "" {
			x.NameVocabulary = PlanningVocabulary
		}
		return
	}
	if *e == nil {
		return
	}
	if (*e).Field = nil; (*e).NameVocabulary == "" || (*e).NameVocabulary == PlanningVocabulary {
		*e = nil
	}
}
