package lis

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// UnmarshalRecord reads what MarshalRecord wrote. Names that it does not know
// are passed over, so that an older lisgate can read what a newer one kept.
func UnmarshalRecord(k Kind, id SourcedID, data []byte) (*Record, error) {
	info := InfoOf(k)
	if info == nil {
		return nil, fmt.Errorf("read record %s: unknown kind %q", id, k)
	}
	r := &Record{ID: id}
	p := &reader{s: string(data)}
	p.object(func(key string) {
		switch key {
		case "refAgentInstanceID":
			r.Agent = p.text()
		case "object":
			if p.null() {
				return
			}
			r.Object = info.New()
			v := reflect.ValueOf(r.Object).Elem()
			planOf(v.Type()).read(p, v)
		default:
			p.skip()
		}
	})
	if p.space(); p.err == nil && p.i < len(p.s) {
		p.fail("content after the end")
	}
	if p.err != nil {
		return nil, fmt.Errorf("read %s record %s: %w", k, id, p.err)
	}
	return r, nil
}

// read reads a struct.
func (pl *plan) read(p *reader, v reflect.Value) {
	next := 0 // names come in the order in which they were written
	p.object(func(key string) {
		if next >= len(pl.fields) || pl.fields[next].name != key {
			at, known := pl.byName[key]
			if !known {
				p.skip()
				return
			}
			next = at
		}
		f := &pl.fields[next]
		next++
		if !p.null() {
			f.read(p, v.Field(f.index))
		}
	})
}

// read reads the value of a field.
func (f *planField) read(p *reader, x reflect.Value) {
	switch f.kind {
	case planString:
		x.SetString(p.text())
	case planBool:
		b := p.word() == "true"
		x.Set(reflect.ValueOf(&b))
	case planInt:
		n, err := strconv.ParseInt(p.word(), 10, 64)
		if err != nil {
			p.fail("not an integer")
		}
		x.Set(reflect.ValueOf(&n))
	case planStruct:
		target := reflect.New(f.typ)
		f.inner.read(p, target.Elem())
		x.Set(target)
	case planStructs:
		p.array(func() {
			grow(x)
			f.inner.read(p, x.Index(x.Len()-1))
		})
	case planStrings:
		p.array(func() {
			grow(x)
			x.Index(x.Len() - 1).SetString(p.text())
		})
	}
}

// grow makes a slice one longer; its new element is zero.
func grow(x reflect.Value) {
	if x.Len() == x.Cap() {
		x.Grow(1)
	}
	x.SetLen(x.Len() + 1)
}

// A reader walks through JSON. The first error stops it.
type reader struct {
	s   string
	i   int
	err error
}

func (p *reader) fail(text string) {
	if p.err == nil {
		p.err = errors.New(text + " at byte " + strconv.Itoa(p.i))
	}
	p.i = len(p.s)
}

func (p *reader) space() {
	for p.i < len(p.s) && (p.s[p.i] == ' ' || p.s[p.i] == '\n' || p.s[p.i] == '\t' || p.s[p.i] == '\r') {
		p.i++
	}
}

// take consumes a character when it comes next.
func (p *reader) take(c byte) bool {
	p.space()
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

func (p *reader) need(c byte) {
	if !p.take(c) {
		p.fail("no " + string(rune(c)))
	}
}

// object reads an object; each reads the value of a key.
func (p *reader) object(each func(key string)) {
	p.need('{')
	if p.take('}') {
		return
	}
	for p.err == nil {
		key := p.text()
		p.need(':')
		each(key)
		if !p.take(',') {
			p.need('}')
			return
		}
	}
}

func (p *reader) array(each func()) {
	p.need('[')
	if p.take(']') {
		return
	}
	for p.err == nil {
		each()
		if !p.take(',') {
			p.need(']')
			return
		}
	}
}

// text reads a string; without escapes it is a part of the document.
func (p *reader) text() string {
	p.need('"')
	end := strings.IndexByte(p.s[p.i:], '"')
	if end < 0 {
		p.fail("a string without end")
		return ""
	}
	s := p.s[p.i : p.i+end]
	if strings.IndexByte(s, '\\') < 0 {
		p.i += end + 1
		return s
	}
	return p.escaped()
}

// escaped reads a string with escapes.
func (p *reader) escaped() string {
	end := p.i
	for end < len(p.s) && p.s[end] != '"' {
		if p.s[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(p.s) {
		p.fail("a string without end")
		return ""
	}
	var s string
	if err := json.Unmarshal([]byte(p.s[p.i-1:end+1]), &s); err != nil {
		p.fail(err.Error())
		return ""
	}
	p.i = end + 1
	return s
}

// word reads a number, true, false or null.
func (p *reader) word() string {
	p.space()
	from := p.i
	for p.i < len(p.s) && strings.IndexByte(",]} \n\t\r", p.s[p.i]) < 0 {
		p.i++
	}
	return p.s[from:p.i]
}

func (p *reader) null() bool {
	p.space()
	if strings.HasPrefix(p.s[p.i:], "null") {
		p.i += 4
		return true
	}
	return false
}

// skip passes over a value.
func (p *reader) skip() {
	p.space()
	switch {
	case p.i >= len(p.s):
		p.fail("no value")
	case p.s[p.i] == '{':
		p.object(func(string) { p.skip() })
	case p.s[p.i] == '[':
		p.array(p.skip)
	case p.s[p.i] == '"':
		p.text()
	case p.word() == "":
		p.fail("no value")
	}
}
