package route

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/expr-lang/expr/types"

	"lisgate/gateway/lis"
)

// A subject is what expressions read: one record, under the element names of
// the standard. The object stands under the name of its kind and all other
// kinds are empty. Texts and elements that are not there are empty too, so that
// courseSection.org.id.textString is "" for a section without an org.
type subject struct {
	object lis.Object
	env    map[string]any
	began  time.Time
	spent  int
	filled bool
}

// newSubject returns the subject of a change with its record.
func newSubject(c *lis.Change, r *lis.Record) *subject {
	s := &subject{object: r.Object, env: make(map[string]any, 48)}
	maps.Copy(s.env, nothing())
	s.env["kind"], s.env["act"] = string(c.Kind), string(c.Act)
	s.env["operation"], s.env["source"], s.env["created"] = c.Operation, c.Source, c.Created
	s.env["id"], s.env["agent"] = string(c.Key), r.Agent
	s.functions(s.env)
	return s
}

// fill puts the object in, which takes longer than all the rest: only what
// names its elements needs it.
func (s *subject) fill() {
	if v := reflect.ValueOf(s.object); !s.filled && s.object != nil && !v.IsNil() {
		s.env[string(s.object.Kind())] = elements(v.Elem())
	}
	s.filled = true
}

// functions are what an expression can call, besides what is offered.
func (s *subject) functions(env map[string]any) {
	o := s.object
	env["role"] = func() string { return first(rolesOf(o)) }
	env["roles"] = func() []any { return list(rolesOf(o)) }
	env["status"] = func() string { return statusOf(o) }
	env["email"] = func() string { return emailOf(o) }
	env["userId"] = func(typ ...string) string { return userIDOf(o, first(typ)) }
	env["name"] = func(part ...string) string { return nameOf(o, first(part)) }
	env["ext"] = func(field string) string { return extensionOf(o, field) }
	env["firstOf"] = firstOf
	env["string"] = text
	env["replace"] = replace
	env["join"] = join
	env["split"] = split
	env[measureTurn] = s.turn
	env[measureText] = func(t string) string { s.measure(t); return t }
	env[measureAny] = func(v any) any { s.measure(v); return v }
	env[measureMatch] = s.matched
	env[measureThere] = there
}

// begin starts the clock of a run.
func (s *subject) begin() { s.began, s.spent = time.Now(), 0 }

// turn ends a run that takes too long. The first turns only count, so that a
// pause of the machine cannot stop what is short.
func (s *subject) turn() bool {
	s.spent++
	if took := time.Since(s.began); took > mostTime && s.spent > 64 || took > 4*mostTime {
		panic(errTime)
	}
	return true
}

func (s *subject) measure(v any) {
	if t, ok := v.(string); ok && len(t) > mostText+1 {
		panic(errText)
	}
	s.turn()
}

func (s *subject) matched(v any) any {
	if t, ok := v.(string); ok && len(t) > mostMatched {
		panic(errMatch)
	}
	s.turn()
	return v
}

// there ends a run that counts on what is not there.
func there(v any) any {
	if v == nil {
		panic(errAbsent)
	}
	return v
}

// text writes a value, so that it can be put together with other text.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case nil:
		return ""
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	panic(errResult)
}

func replace(s, old, by string) string {
	if n := strings.Count(s, old); n > 0 && len(s)+n*max(0, len(by)-len(old)) > mostText {
		panic(errText)
	}
	return strings.ReplaceAll(s, old, by)
}

func join(items any, between string) string {
	list := reflect.ValueOf(items)
	if list.Kind() != reflect.Slice {
		panic(errJoin)
	}
	var b strings.Builder
	for i := range list.Len() {
		if i > 0 {
			b.WriteString(between)
		}
		b.WriteString(text(list.Index(i).Interface()))
		if b.Len() > mostText {
			panic(errText)
		}
	}
	return b.String()
}

func split(s, at string) []any {
	if strings.Count(s, at) >= mostMatched {
		panic(errMemory)
	}
	return list(strings.Split(s, at))
}

// firstOf returns the first text that is not empty.
func firstOf(texts ...string) string {
	return first(slices.DeleteFunc(texts, func(t string) bool { return t == "" }))
}

func list(texts []string) []any {
	all := make([]any, len(texts))
	for i, t := range texts {
		all[i] = t
	}
	return all
}

func first(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return texts[0]
}

// nothing holds an empty object of each kind. Nothing of it is ever changed:
// expressions cannot.
var nothing = sync.OnceValue(func() map[string]any {
	env := map[string]any{}
	for i := range lis.Kinds {
		env[string(lis.Kinds[i].Kind)] = elements(reflect.ValueOf(lis.Kinds[i].New()).Elem())
	}
	return env
})

// environment says to the compiler what there is, and of which type.
var environment = sync.OnceValue(func() types.Map {
	env := types.Map{}
	s := newSubject(&lis.Change{}, &lis.Record{})
	for name, v := range s.env {
		env[name] = types.TypeOf(v)
	}
	for i := range lis.Kinds {
		env[string(lis.Kinds[i].Kind)] = typeOf(reflect.TypeOf(lis.Kinds[i].New()).Elem())
	}
	env["roles"] = types.TypeOf(func() []any { return nil })
	return env
})

// names are what an expression can begin with.
func names() []string {
	all := slices.Clone(offered)
	for name := range environment() {
		if name[0] != ' ' {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}
