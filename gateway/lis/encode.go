package lis

import (
	"reflect"
	"strconv"
	"unicode/utf8"
)

// MarshalRecord writes the content of a record for keeping: JSON under the
// element names of the standard, empty elements left out. Its identifier is
// kept beside it.
func MarshalRecord(r *Record) ([]byte, error) {
	b := make([]byte, 0, 1024)
	b = append(b, '{')
	if r.Agent != "" {
		b = append(appendString(append(b, `"refAgentInstanceID":`...), r.Agent), ',')
	}
	b = append(b, `"object":`...)
	if v := reflect.ValueOf(r.Object); r.Object == nil || v.IsNil() {
		b = append(b, "null"...)
	} else {
		b = planOf(v.Elem().Type()).append(b, v.Elem())
	}
	return append(b, '}'), nil
}

// append writes a struct.
func (p *plan) append(b []byte, v reflect.Value) []byte {
	b = append(b, '{')
	start := len(b)
	for i := range p.fields {
		f := &p.fields[i]
		x := v.Field(f.index)
		if x.Kind() != reflect.String && x.Kind() != reflect.Slice && x.IsNil() || x.Kind() != reflect.Pointer && x.Len() == 0 {
			continue
		}
		if len(b) > start {
			b = append(b, ',')
		}
		b = f.append(append(b, f.key...), x)
	}
	return append(b, '}')
}

// append writes the value of a field that is not empty.
func (f *planField) append(b []byte, x reflect.Value) []byte {
	switch f.kind {
	case planString:
		return appendString(b, x.String())
	case planBool:
		return strconv.AppendBool(b, x.Elem().Bool())
	case planInt:
		return strconv.AppendInt(b, x.Elem().Int(), 10)
	case planStruct:
		return f.inner.append(b, x.Elem())
	}
	b = append(b, '[')
	for i := range x.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		if f.kind == planStructs {
			b = f.inner.append(b, x.Index(i))
		} else {
			b = appendString(b, x.Index(i).String())
		}
	}
	return append(b, ']')
}

// appendString writes a JSON string. What is not UTF-8 becomes U+FFFD.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				b = append(append(b, s[from:i]...), "\ufffd"...)
				from = i + 1
			}
			i += n
			continue
		}
		if c < 0x20 || c == '"' || c == '\\' {
			b = appendEscape(append(b, s[from:i]...), c)
			from = i + 1
		}
		i++
	}
	return append(append(b, s[from:]...), '"')
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\t':
		return append(b, '\\', 't')
	case '\r':
		return append(b, '\\', 'r')
	}
	const hex = "0123456789abcdef"
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
