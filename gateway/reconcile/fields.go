package reconcile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"lisgate/gateway/lis"
)

// differing returns the elements in which two records are not the same, by
// their names in the standard.
func differing(want, have *lis.Record) ([]Field, error) {
	w, err := leaves(want)
	if err != nil {
		return nil, err
	}
	h, err := leaves(have)
	if err != nil {
		return nil, err
	}
	names := maps.Clone(w)
	maps.Copy(names, h)
	var fields []Field
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if w[name] != h[name] {
			fields = append(fields, Field{Name: name, Want: w[name], Have: h[name]})
		}
	}
	return fields, nil
}

// leaves returns every element of a record that holds a value, by its path.
func leaves(r *lis.Record) (map[string]string, error) {
	text, err := json.Marshal(r.Object)
	if err != nil {
		return nil, fmt.Errorf("compare %s: %w", r.ID, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // a number stays as it is written
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return nil, fmt.Errorf("compare %s: %w", r.ID, err)
	}
	found := map[string]string{}
	collect(found, "", tree)
	return found, nil
}

func collect(found map[string]string, path string, node any) {
	switch node := node.(type) {
	case map[string]any:
		for name, inner := range node {
			collect(found, join(path, name), inner)
		}
	case []any:
		for i, inner := range node {
			collect(found, path+"["+strconv.Itoa(i)+"]", inner)
		}
	case nil:
	default:
		if text := fmt.Sprint(node); text != "" {
			found[path] = text
		}
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
