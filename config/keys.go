package config

import (
	"reflect"
	"strings"
)

// keyOf returns the key of a field, or "" when it is not for files.
func keyOf(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	if key == "-" || !f.IsExported() {
		return ""
	}
	return key
}

// keysOf returns the keys of a struct, in its order.
func keysOf(t reflect.Type) []string {
	var keys []string
	for f := range t.Fields() {
		if key := keyOf(f); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// fieldFor returns the type of the field with a key.
func fieldFor(t reflect.Type, key string) (reflect.Type, bool) {
	for f := range t.Fields() {
		if key != "" && keyOf(f) == key {
			return f.Type, true
		}
	}
	return nil, false
}

// below joins the key of a mapping and a key inside it.
func below(key, inner string) string {
	if key == "" {
		return inner
	}
	return key + "." + inner
}

// leaves returns the settings that the environment and the command line can
// give: all that are not inside a list. Anonymous is left out, because its
// mere presence opens a door.
func leaves(t reflect.Type, key string) map[string]reflect.Type {
	all := map[string]reflect.Type{}
	for f := range t.Fields() {
		k := keyOf(f)
		switch {
		case k == "":
		case isScalar(f.Type) || f.Type == typeList:
			all[below(key, k)] = f.Type
		case f.Type.Kind() == reflect.Struct:
			for inner, t := range leaves(f.Type, below(key, k)) {
				all[inner] = t
			}
		}
	}
	return all
}

// settings are the leaves of Config.
var settings = leaves(reflect.TypeFor[Config](), "")

// variable returns the environment variable of a setting.
func variable(key string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

const envPrefix = "LISGATE_"
