package config

import (
	"reflect"
	"slices"
)

// NeedsRestart returns the keys that differ from an older Config and take
// effect only after a restart. The others can be taken over while running.
func (c *Config) NeedsRestart(old *Config) []string {
	keys := differences(reflect.ValueOf(*c), reflect.ValueOf(*old), "")
	return slices.DeleteFunc(keys, func(key string) bool { return c.derived(key) && old.derived(key) })
}

// derived reports whether a key was not given: its default may hang on another
// key, and to name it would be about something that nobody has changed.
func (c *Config) derived(key string) bool {
	_, given := c.where[key]
	return c.where != nil && !given
}

func differences(a, b reflect.Value, key string) []string {
	var keys []string
	for f := range a.Type().Fields() {
		name := keyOf(f)
		if name == "" || f.Tag.Get("reload") != "" {
			continue
		}
		x, y := a.FieldByIndex(f.Index), b.FieldByIndex(f.Index)
		switch {
		case f.Type.Kind() == reflect.Struct:
			keys = append(keys, differences(x, y, below(key, name))...)
		case !same(x, y):
			keys = append(keys, below(key, name))
		}
	}
	return keys
}

// same compares values; an empty list and none are the same.
func same(x, y reflect.Value) bool {
	if k := x.Kind(); (k == reflect.Slice || k == reflect.Map) && x.Len() == 0 && y.Len() == 0 {
		return true
	}
	return reflect.DeepEqual(firm(x).Interface(), firm(y).Interface())
}

// firm returns a list without what in its items can be taken over while
// running; other values it returns as they are.
func firm(v reflect.Value) reflect.Value {
	if v.Kind() != reflect.Slice || v.Type().Elem().Kind() != reflect.Struct {
		return v
	}
	list := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	reflect.Copy(list, v)
	for f := range v.Type().Elem().Fields() {
		for i := 0; f.Tag.Get("reload") != "" && i < list.Len(); i++ {
			list.Index(i).FieldByIndex(f.Index).SetZero()
		}
	}
	return list
}
