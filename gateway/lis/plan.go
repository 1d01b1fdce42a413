package lis

import (
	"reflect"
	"strings"
	"sync"
)

// Records are kept as JSON, and every write and read of one goes through
// here. encoding/json took a third of the time of a request; lis words are
// made of few kinds of fields, so a plan per type does it in a fraction.

// A planKind is what a field of a word can be.
type planKind int

const (
	planString  planKind = iota // string, SourcedID
	planBool                    // *bool
	planInt                     // *int64
	planStruct                  // *T
	planStructs                 // []T
	planStrings                 // []SourcedID, []string
)

// A plan says how a struct is written and read.
type plan struct {
	fields []planField
	byName map[string]int
}

type planField struct {
	name  string
	key   string // "name": as it is written
	index int
	kind  planKind
	typ   reflect.Type // of T
	inner *plan        // of T
}

var plans sync.Map // reflect.Type to *plan

// planOf returns the plan of a struct type.
func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	p := &plan{byName: map[string]int{}}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		f := planField{name: name, key: `"` + name + `":`, index: i}
		f.kind, f.typ = kindOf(t.Field(i).Type)
		if f.kind == planStruct || f.kind == planStructs {
			f.inner = planOf(f.typ)
		}
		p.byName[name] = len(p.fields)
		p.fields = append(p.fields, f)
	}
	plans.Store(t, p)
	return p
}

// kindOf sorts a field type. A word with another kind of field is a mistake
// in this package, which its tests find.
func kindOf(t reflect.Type) (planKind, reflect.Type) {
	switch {
	case t.Kind() == reflect.String:
		return planString, t
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Bool:
		return planBool, t.Elem()
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Int64:
		return planInt, t.Elem()
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct:
		return planStruct, t.Elem()
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		return planStructs, t.Elem()
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String:
		return planStrings, t.Elem()
	}
	panic("lis: no plan for a field of type " + t.String())
}
