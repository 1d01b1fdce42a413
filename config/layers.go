package config

import (
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/viper"
)

// layers lays the environment and the overrides over the file.
func (r *reader) layers(v *viper.Viper, overrides map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		name := variable(key)
		if text := os.Getenv(name); text != "" && r.fits(place{source: name}, key, text, settings[key]) {
			v.MustBindEnv(key, name)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(overrides)) {
		r.override(v, key, overrides[key])
	}
}

func (r *reader) override(v *viper.Viper, key string, value any) {
	if value == nil {
		return
	}
	from := place{source: "command line"}
	t, known := settings[key]
	if !known {
		keys := slices.Collect(maps.Keys(settings))
		r.say(from, "", "unknown key "+quote(key)+meant(key, keys))
		return
	}
	if list, ok := value.([]string); ok && t == typeList {
		r.where[key] = from
		v.Set(key, list)
		return
	}
	if text := fmt.Sprint(value); r.fits(from, key, text, t) {
		v.Set(key, text)
	}
}

// fits reports whether a word can be the value of a setting, and notes that
// it comes from there.
func (r *reader) fits(from place, key, text string, t reflect.Type) bool {
	if isScalar(t) {
		if _, err := parseScalar(text, t); err != nil {
			r.say(from, key, err.Error())
			return false
		}
	}
	r.where[key] = from
	return true
}

func (r *reader) say(from place, key, what string) {
	r.mistakes = append(r.mistakes, Mistake{Where: from.String(), Key: key, What: what, line: from.line})
}

// strangers warns of variables that look like ours and are not. They are no
// mistakes: Kubernetes sets such ones for a service named lisgate.
func strangers() []string {
	known := map[string]bool{envPrefix + "CONFIG": true, envPrefix + "PASSWORD": true} // cmd reads them
	for key := range settings {
		known[variable(key)] = true
	}
	var warnings []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, envPrefix) && !known[name] {
			near := nearest(name, slices.Collect(maps.Keys(known)))
			if near != "" {
				near = "; did you mean " + near + "?"
			}
			warnings = append(warnings, name+": is no setting"+near)
		}
	}
	slices.Sort(warnings)
	return warnings
}
