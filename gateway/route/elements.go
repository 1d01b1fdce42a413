package route

import (
	"reflect"
	"strings"
	"sync"

	"github.com/expr-lang/expr/types"
)

// element is a field of a word under its element name.
type element struct {
	name  string
	index int
}

var elementLists sync.Map // reflect.Type to []element

// elementsOf returns the elements of a word, in the standard's order.
func elementsOf(t reflect.Type) []element {
	if l, ok := elementLists.Load(t); ok {
		return l.([]element)
	}
	var all []element
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		all = append(all, element{name, i})
	}
	elementLists.Store(t, all)
	return all
}

var empties sync.Map // reflect.Type to map[string]any

// empty returns the elements of a word that is not there; all share them.
func empty(t reflect.Type) map[string]any {
	if e, ok := empties.Load(t); ok {
		return e.(map[string]any)
	}
	e := elements(reflect.New(t).Elem())
	empties.Store(t, e)
	return e
}

// elements returns a word as expressions see it.
func elements(v reflect.Value) map[string]any {
	list := elementsOf(v.Type())
	all := make(map[string]any, len(list))
	for _, e := range list {
		all[e.name] = content(v.Field(e.index))
	}
	return all
}

// content returns the value of an element: a text is cut a byte beyond the
// longest that an expression may result in, so that it can be looked at but
// not passed on.
func content(v reflect.Value) any {
	switch v.Kind() {
	case reflect.String:
		s := v.String()
		return s[:min(len(s), mostText+1)]
	case reflect.Pointer:
		return pointed(v)
	}
	items := make([]any, v.Len())
	for i := range items {
		if item := v.Index(i); item.Kind() == reflect.Struct {
			items[i] = elements(item)
		} else {
			items[i] = content(item)
		}
	}
	return items
}

func pointed(v reflect.Value) any {
	t := v.Type().Elem()
	switch {
	case v.IsNil() && t.Kind() == reflect.Struct:
		return empty(t)
	case v.IsNil():
		return nil
	case t.Kind() == reflect.Struct:
		return elements(v.Elem())
	case t.Kind() == reflect.Bool:
		return v.Elem().Bool()
	}
	return int(v.Elem().Int())
}

// typeOf says to the compiler what content makes of a type.
func typeOf(t reflect.Type) types.Type {
	switch t.Kind() {
	case reflect.String:
		return types.String
	case reflect.Bool, reflect.Int64:
		return types.Any // nil when it is not there
	case reflect.Pointer:
		return typeOf(t.Elem())
	case reflect.Slice:
		return types.Array(typeOf(t.Elem()))
	}
	m := types.Map{}
	for _, e := range elementsOf(t) {
		m[e.name] = typeOf(t.Field(e.index).Type)
	}
	return m
}
