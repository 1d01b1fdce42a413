package sqldb

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A cursor says when everything was read last, and how far the since column
// of each query had grown.
type cursor struct {
	Full  time.Time        `json:"full"`
	Since map[string]since `json:"since,omitempty"`
}

// A since is a value of a since column: a time, a number or a text.
type since struct{ value any }

// MarshalText writes the value with its type before it.
func (s since) MarshalText() ([]byte, error) {
	switch v := s.value.(type) {
	case time.Time:
		return []byte("t:" + v.Format(time.RFC3339Nano)), nil
	case int64:
		return []byte("n:" + strconv.FormatInt(v, 10)), nil
	case float64:
		return []byte("f:" + strconv.FormatFloat(v, 'g', -1, 64)), nil
	case string:
		return []byte("s:" + v), nil
	}
	return nil, fmt.Errorf("a since column of type %T", s.value)
}

// UnmarshalText reads what MarshalText wrote.
func (s *since) UnmarshalText(text []byte) (err error) {
	kind, value, _ := strings.Cut(string(text), ":")
	switch kind {
	case "t":
		s.value, err = time.Parse(time.RFC3339Nano, value)
	case "n":
		s.value, err = strconv.ParseInt(value, 10, 64)
	case "f":
		s.value, err = strconv.ParseFloat(value, 64)
	case "s":
		s.value = value
	default:
		err = fmt.Errorf("unknown type %q", kind)
	}
	return err
}

// readCursor reads a cursor; one that cannot be read asks for everything.
func readCursor(text string) cursor {
	var c cursor
	if text == "" || json.Unmarshal([]byte(text), &c) != nil {
		return cursor{}
	}
	return c
}

func (c cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		return "" // a since column of a type without order: everything is read again
	}
	return string(text)
}

// back moves a value back by the overlap.
func (s since) back(overlap time.Duration) any {
	if t, ok := s.value.(time.Time); ok {
		return t.Add(-overlap)
	}
	return s.value
}

// newer returns the greater of two values of one column.
func newer(a, b any) any {
	switch x := b.(type) {
	case time.Time:
		if y, ok := a.(time.Time); ok && !x.After(y) {
			return a
		}
	case int64:
		if y, ok := a.(int64); ok && x <= y {
			return a
		}
	case float64:
		if y, ok := a.(float64); ok && x <= y {
			return a
		}
	case string:
		if y, ok := a.(string); ok && x <= y {
			return a
		}
	default:
		return a
	}
	return b
}
