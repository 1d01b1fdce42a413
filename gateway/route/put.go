package route

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"lisgate/gateway/lis"
)

// texts returns the texts that a path leads to.
func (p way) texts(v reflect.Value) []string {
	var all []string
	p.visit(v, false, func(leaf reflect.Value) error {
		if s := leafText(leaf); s != "" {
			all = append(all, s)
		}
		return nil
	})
	return all
}

func leafText(leaf reflect.Value) string {
	switch leaf.Kind() {
	case reflect.String:
		return leaf.String()
	case reflect.Pointer:
		if t, ok := leaf.Interface().(*lis.Text); ok {
			return t.String()
		}
		if !leaf.IsNil() && leaf.Elem().Kind() != reflect.Struct {
			return fmt.Sprint(leaf.Elem().Interface())
		}
	}
	return ""
}

// visit calls f with each place that a path leads to. With create, what is not
// there on the way is made.
func (p way) visit(v reflect.Value, create bool, f func(reflect.Value) error) error {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			if !create {
				return nil
			}
			v.Set(reflect.New(v.Type().Elem()))
		}
		v = v.Elem()
	}
	st := &p[0]
	field := v.Field(st.field)
	if !st.list {
		return p.onward(field, create, f)
	}
	for _, i := range st.places(field, create) {
		if err := p.onward(field.Index(i), create, f); err != nil {
			return err
		}
	}
	return nil
}

func (p way) onward(v reflect.Value, create bool, f func(reflect.Value) error) error {
	if len(p) == 1 {
		return f(v)
	}
	return p[1:].visit(v, create, f)
}

// places returns the places in a list that a step means.
func (st *step) places(list reflect.Value, create bool) []int {
	n := list.Len()
	switch {
	case st.all:
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		return all
	case st.find == nil:
		for create && list.Len() <= st.at {
			list.Set(reflect.Append(list, reflect.Zero(list.Type().Elem())))
		}
		if st.at < list.Len() {
			return []int{st.at}
		}
		return nil
	}
	for i := range n {
		for _, s := range st.find.texts(list.Index(i)) {
			if s == st.want || st.part && strings.Contains(s, st.want) {
				return []int{i}
			}
		}
	}
	if !create {
		return nil
	}
	list.Set(reflect.Append(list, reflect.Zero(list.Type().Elem())))
	if !st.part {
		st.find.put(list.Index(n), st.want)
	}
	return []int{n}
}

// put sets what a path leads to; nil removes it.
func (p way) put(v reflect.Value, value any) error {
	return p.visit(v, value != nil, func(leaf reflect.Value) error { return putLeaf(leaf, value) })
}

var errElements = errors.New("what stands there holds elements: name one of them, or remove it by nil")

func putLeaf(leaf reflect.Value, value any) error {
	if value == nil {
		leaf.SetZero()
		return nil
	}
	switch {
	case leaf.Kind() == reflect.String:
		leaf.SetString(text(value))
	case leaf.Kind() != reflect.Pointer:
		return errElements
	case leaf.Type().Elem() == typeText:
		language := ""
		if old := leaf.Interface().(*lis.Text); old != nil {
			language = old.Language
		}
		leaf.Set(reflect.ValueOf(&lis.Text{Language: language, TextString: text(value)}))
	case leaf.Type().Elem().Kind() == reflect.Bool:
		b, err := strconv.ParseBool(text(value))
		if err != nil {
			return errors.New("it must be true or false")
		}
		leaf.Set(reflect.ValueOf(&b))
	case leaf.Type().Elem().Kind() == reflect.Int64:
		n, err := strconv.ParseInt(text(value), 10, 64)
		if err != nil {
			return errors.New("it must be a whole number")
		}
		leaf.Set(reflect.ValueOf(&n))
	default:
		return errElements
	}
	return nil
}
