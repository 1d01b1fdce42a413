package rows

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/expr-lang/expr"
)

// disabled are functions of the language that we do without: now, because
// what a row becomes must be the same each time, and those that have no bound
// (reduce and toJSON can double what they are given at each step).
var disabled = []string{"now", "reduce", "concat", "flatten", "toJSON", "string", "replace", "join"}

// plusName is what + becomes; nobody can write this name.
const plusName = "plus$"

// Our own functions, besides those of the language.
var (
	functionNames = []string{"key", "choose", "text", "string", "dateTime", "replace", "join"}
	functions     = []expr.Option{
		expr.Function("key", keyOf),
		expr.Function("choose", choose),
		expr.Function("text", textOf),
		expr.Function("string", textOf),
		expr.Function("dateTime", func(p ...any) (any, error) {
			s, err := textOf(p...)
			if err != nil {
				return nil, err
			}
			return dateTime(s.(string)), nil
		}),
		expr.Function("replace", replace),
		expr.Function("join", join),
		expr.Function(plusName, plus),
	}
)

func textOf(p ...any) (any, error) {
	if len(p) != 1 {
		return nil, said("one value is wanted")
	}
	return Text(p[0])
}

var errLong = said(fmt.Sprintf("a text of more than %d bytes", maxMemory))

// plus adds as the language does, but holds texts to their size.
func plus(p ...any) (any, error) {
	a, ok := p[0].(string)
	b, both := p[1].(string)
	if ok && both {
		if len(a)+len(b) > maxMemory {
			return nil, errLong
		}
		return a + b, nil
	}
	if ok || both || p[0] == nil || p[1] == nil {
		return nil, said(fmt.Sprintf("%T + %T: make texts of both by string(…), or give a value for nil by ??", p[0], p[1]))
	}
	x, y := reflect.ValueOf(p[0]), reflect.ValueOf(p[1])
	switch {
	case x.CanInt() && y.CanInt():
		return int(x.Int() + y.Int()), nil
	case (x.CanInt() || x.CanFloat()) && (y.CanInt() || y.CanFloat()):
		float := reflect.TypeFor[float64]()
		return x.Convert(float).Float() + y.Convert(float).Float(), nil
	}
	return nil, said(fmt.Sprintf("%T + %T has no meaning", p[0], p[1]))
}

// replace puts one text in place of another, everywhere.
func replace(p ...any) (any, error) {
	if len(p) != 3 {
		return nil, said("replace takes a text, what to look for and what to put there")
	}
	var t [3]string
	for i := range t {
		s, err := Text(p[i])
		if err != nil {
			return nil, err
		}
		t[i] = s
	}
	if n := strings.Count(t[0], t[1]); n > 0 && len(t[2]) > 0 && n > (maxMemory-min(len(t[0]), maxMemory))/len(t[2]) {
		return nil, errLong
	}
	return strings.ReplaceAll(t[0], t[1], t[2]), nil
}

// join puts a list together, with a text between.
func join(p ...any) (any, error) {
	if len(p) == 0 || len(p) > 2 {
		return nil, said("join takes a list and what to put between")
	}
	list := reflect.ValueOf(p[0])
	if list.Kind() != reflect.Slice {
		return nil, said("join takes a list")
	}
	between := ""
	if len(p) == 2 {
		between, _ = p[1].(string)
	}
	var b strings.Builder
	for i := range list.Len() {
		s, err := Text(list.Index(i).Interface())
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteString(between)
		}
		if b.Len()+len(s)+len(between) > maxMemory {
			return nil, errLong
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

// keyOf joins the parts of an identifier with "-". No part may be empty: an
// identifier with a hole would be shared by all that lack the part.
func keyOf(parts ...any) (any, error) {
	texts := make([]string, len(parts))
	for i, p := range parts {
		s, err := Text(p)
		if err != nil {
			return nil, err
		}
		if texts[i] = strings.TrimSpace(s); texts[i] == "" {
			return nil, said(fmt.Sprintf("part %d of the key is empty", i+1))
		}
	}
	return strings.Join(texts, "-"), nil
}

// choose looks a value up in a vocabulary. A value that is not there is an
// error that names it: it is never guessed.
func choose(p ...any) (any, error) {
	if len(p) != 2 {
		return nil, said(`choose takes a value and a vocabulary: choose(code, {"T": "Instructor"})`)
	}
	words, ok := p[1].(map[string]any)
	if !ok {
		return nil, said("the vocabulary of choose is a map")
	}
	s, err := Text(p[0])
	if err != nil {
		return nil, err
	}
	if v, ok := words[s]; ok {
		return v, nil
	}
	return nil, said(fmt.Sprintf("the vocabulary has no word for %q; add it", clip(s)))
}

// clip shortens a text for an error.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// Text writes a value as LIS has it: nil is empty, numbers are decimal and
// never in powers of ten, times are xs:dateTime.
func Text(v any) (string, error) {
	switch x := v.(type) {
	case nil:
		return "", nil
	case string:
		return x, nil
	case int:
		return strconv.Itoa(x), nil
	case int64:
		return strconv.FormatInt(x, 10), nil
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64), nil
	case bool:
		return strconv.FormatBool(x), nil
	case time.Time:
		return x.UTC().Format(time.RFC3339Nano), nil
	}
	return "", said(fmt.Sprintf("a %T where one value is wanted", v))
}

// dateTime makes an xs:dateTime of a date, without a zone as it came.
func dateTime(s string) string {
	if len(s) == len(time.DateOnly) {
		return s + "T00:00:00"
	}
	if len(s) > len(time.DateOnly) && s[len(time.DateOnly)] == ' ' {
		return s[:len(time.DateOnly)] + "T" + s[len(time.DateOnly)+1:]
	}
	return s
}
