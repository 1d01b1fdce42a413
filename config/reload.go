package config

import "reflect"

// NeedsRestart returns the keys that differ from an older Config and take
// effect only after a restart. The others can be taken over while running.
func (c *Config) NeedsRestart(old *Config) []string {
	return differences(reflect.ValueOf(*c), reflect.ValueOf(*old), "")
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
	return reflect.DeepEqual(x.Interface(), y.Interface())
}
