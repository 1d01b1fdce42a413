package rows

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"lisgate/gateway/lis"
)

// maxIndex is the greatest index in a path.
const maxIndex = 15

var (
	textType = reflect.TypeFor[lis.Text]()
	baseType = reflect.TypeFor[lis.BaseValue]()
)

// A place is where a value stands in an object.
type place struct {
	steps []step
	leaf  reflect.Type // string, *int64, *bool or a slice of strings
}

// A step goes into a field and, when index is not negative, to an element.
type step struct{ field, index int }

// resolve finds a path such as "name[0].partName[1].instanceValue" in a type.
// A path that ends at a text or at a value under a vocabulary means its words.
func resolve(t reflect.Type, path string) (place, error) {
	var p place
	for part := range strings.SplitSeq(path, ".") {
		if t.Kind() != reflect.Struct {
			return p, fmt.Errorf("path %q: nothing is below the part before %q", path, part)
		}
		s, next, err := p.enter(t, part)
		if err != nil {
			return p, fmt.Errorf("path %q: %w", path, err)
		}
		p.steps, t = append(p.steps, s), next
	}
	return p.end(t, path)
}

// enter reads one part of a path.
func (p *place) enter(t reflect.Type, part string) (step, reflect.Type, error) {
	name, index, err := splitIndex(part)
	if err != nil {
		return step{}, nil, err
	}
	field, ok := fieldOf(t, name)
	if !ok {
		return step{}, nil, fmt.Errorf("there is no element %q%s", name, Suggest(name, elements(t)))
	}
	next := field.Type
	if next.Kind() == reflect.Slice && (index >= 0 || next.Elem().Kind() == reflect.Struct) {
		return step{field.Index[0], max(index, 0)}, next.Elem(), nil
	}
	if index >= 0 {
		return step{}, nil, fmt.Errorf("%q is not a list", name)
	}
	if next.Kind() == reflect.Pointer && next.Elem().Kind() == reflect.Struct {
		next = next.Elem()
	}
	return step{field.Index[0], -1}, next, nil
}

func (p place) end(t reflect.Type, path string) (place, error) {
	switch t {
	case textType:
		return p.deeper(t, "textString", path)
	case baseType:
		return p.deeper(t, "instanceValue", path)
	}
	if t.Kind() == reflect.Struct {
		return p, fmt.Errorf("path %q ends before a value; below it are %s", path, strings.Join(elements(t), ", "))
	}
	p.leaf = t
	return p, nil
}

func (p place) deeper(t reflect.Type, name, path string) (place, error) {
	s, next, err := p.enter(t, name)
	if err != nil {
		return p, err
	}
	p.steps = append(p.steps, s)
	return p.end(next, path)
}

func splitIndex(part string) (string, int, error) {
	name, rest, indexed := strings.Cut(part, "[")
	if !indexed {
		return name, -1, nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(rest, "]"))
	if err != nil || n < 0 || n > maxIndex || !strings.HasSuffix(rest, "]") {
		return "", 0, fmt.Errorf("%q: an index is [0] to [%d]", part, maxIndex)
	}
	return name, n, nil
}

func fieldOf(t reflect.Type, name string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		if elementName(t.Field(i)) == name {
			return t.Field(i), true
		}
	}
	return reflect.StructField{}, false
}

func elements(t reflect.Type) []string {
	names := make([]string, t.NumField())
	for i := range names {
		names[i] = elementName(t.Field(i))
	}
	return names
}

func elementName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// set puts a value in its place and makes what is on the way there. An empty
// value leaves everything as it was.
func (p place) set(object reflect.Value, v any) error {
	if list, ok := v.([]any); ok {
		return p.setList(object, list)
	}
	s, err := Text(v)
	if err != nil || strings.TrimSpace(s) == "" {
		return err
	}
	return p.setText(p.walk(object), s)
}

func (p place) setText(x reflect.Value, s string) error {
	switch {
	case x.Kind() == reflect.String:
		x.SetString(s)
	case x.Kind() == reflect.Slice:
		x.Set(reflect.Append(x, reflect.ValueOf(s).Convert(x.Type().Elem())))
	case x.Type().Elem().Kind() == reflect.Int64:
		n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
		if err != nil {
			return errors.New("not a whole number")
		}
		x.Set(reflect.ValueOf(&n))
	default:
		b, err := strconv.ParseBool(strings.ToLower(strings.TrimSpace(s)))
		if err != nil {
			return errors.New("neither true nor false")
		}
		x.Set(reflect.ValueOf(&b))
	}
	return nil
}

func (p place) setList(object reflect.Value, list []any) error {
	if p.leaf.Kind() != reflect.Slice {
		return errors.New("a list where one value is wanted")
	}
	for _, v := range list {
		if err := p.set(object, v); err != nil {
			return err
		}
	}
	return nil
}

// walk goes to the place and makes what is on the way.
func (p place) walk(x reflect.Value) reflect.Value {
	for _, s := range p.steps {
		if x.Kind() == reflect.Pointer {
			if x.IsNil() {
				x.Set(reflect.New(x.Type().Elem()))
			}
			x = x.Elem()
		}
		x = x.Field(s.field)
		for s.index >= 0 && x.Len() <= s.index {
			x.Set(reflect.Append(x, reflect.Zero(x.Type().Elem())))
		}
		if s.index >= 0 {
			x = x.Index(s.index)
		}
	}
	return x
}

// get returns the words at the place, "" when there are none.
func (p place) get(x reflect.Value) string {
	for _, s := range p.steps {
		if x.Kind() == reflect.Pointer {
			if x.IsNil() {
				return ""
			}
			x = x.Elem()
		}
		if x = x.Field(s.field); s.index >= 0 {
			if x.Len() <= s.index {
				return ""
			}
			x = x.Index(s.index)
		}
	}
	if x.Kind() == reflect.Pointer && !x.IsNil() {
		return fmt.Sprint(x.Elem().Interface())
	}
	if x.Kind() == reflect.String {
		return x.String()
	}
	return ""
}

// compact takes out the elements of lists that stayed empty, because a value
// before another was.
func compact(x reflect.Value) {
	for i := range x.NumField() {
		f := x.Field(i)
		switch {
		case f.Kind() == reflect.Pointer && !f.IsNil() && f.Elem().Kind() == reflect.Struct:
			compact(f.Elem())
		case f.Kind() == reflect.Slice:
			compactList(f)
		}
	}
}

func compactList(list reflect.Value) {
	kept := 0
	for i := range list.Len() {
		e := list.Index(i)
		if e.Kind() == reflect.Struct {
			compact(e)
		}
		if !e.IsZero() {
			list.Index(kept).Set(e)
			kept++
		}
	}
	list.SetLen(kept)
}
