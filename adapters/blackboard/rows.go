package blackboard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"unicode/utf8"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// A row is one line of a flat file, by column. at is the place of its change.
type row struct {
	at       int
	object   int // in objects
	values   map[string]string
	parents  []lis.Ref // what it needs that may be in the same batch
	targetID string
}

// objectOf returns the place of a kind in objects.
func objectOf(kind lis.Kind) (int, bool) {
	for i, o := range objects {
		if o.kind == kind {
			return i, true
		}
	}
	return 0, false
}

// rowOf makes the row of a change; nil when there is nothing to send.
func (f *FlatFile) rowOf(ctx context.Context, at int, c lis.Change) (*row, error) {
	i, ok := objectOf(c.Kind)
	if !ok {
		return nil, unsupported("the flat file has no place for a %s; terms and associations go by the LIS door", c.Kind)
	}
	r := &row{at: at, object: i, targetID: string(c.Key)}
	switch c.Act {
	case lis.Put:
		if c.Record == nil || c.Record.Object == nil {
			return nil, refused("send the record with its content", "a %s without content", c.Kind)
		}
		if err := r.fill(c.Key, c.Record.Object); err != nil {
			return nil, err
		}
	case lis.Drop:
		if err := f.fillDrop(ctx, r, c); err != nil {
			return nil, err
		}
		if anothers(ctx, f.o.Crosswalk, c, r.targetID) {
			return nil, nil
		}
	case lis.Rekey:
		return f.rekeyed(r, c)
	default:
		return nil, unsupported("the flat file has no way to %q a %s", c.Act, c.Kind)
	}
	return r, f.fits(r)
}

// fill writes the columns of a record.
func (r *row) fill(key lis.SourcedID, content lis.Object) error {
	var err error
	switch o := content.(type) {
	case *lis.Person:
		r.values, err = personRow(key, o)
	case *lis.CourseSection:
		r.values, err = courseRow(key, o)
	case *lis.Membership:
		r.values, err = membershipRow(o)
		r.parents = []lis.Ref{{Kind: lis.KindPerson, ID: o.Person()}, {Kind: lis.KindCourseSection, ID: o.CollectionSourcedID}}
		r.targetID = pairID(string(o.CollectionSourcedID), string(o.Person()))
	default:
		err = refused("send the record again under its own kind", "the record holds a %s", content.Kind())
	}
	return err
}

// fillDrop writes the row of what is removed. Its other columns stay as they
// are known, so that nothing is emptied; when nothing is known, or it would
// not fit, the row has its key and the status only.
func (f *FlatFile) fillDrop(ctx context.Context, r *row, c lis.Change) error {
	if c.Record == nil || c.Record.Object == nil || r.fill(c.Key, c.Record.Object) != nil || f.fits(r) != nil {
		keys, id, err := f.keysOf(ctx, c)
		if err != nil {
			return err
		}
		r.values, r.targetID = keys, id
	}
	r.values[columnStatus] = f.o.removed()
	if _, ok := r.values["available_ind"]; ok {
		r.values["available_ind"] = "N"
	}
	r.parents = nil
	return nil
}

// anothers reports whether a membership at Learn belongs to another
// identifier by now: the same person in the same course, sent anew before the
// old one was removed.
func anothers(ctx context.Context, known adapters.Crosswalk, c lis.Change, targetID string) bool {
	if known == nil || c.Kind != lis.KindMembership {
		return false
	}
	id, err := known.SourcedID(ctx, c.Kind, targetID)
	return err == nil && id != "" && id != c.Key
}

// keysOf returns the key columns of what is removed.
func (f *FlatFile) keysOf(ctx context.Context, c lis.Change) (map[string]string, string, error) {
	switch c.Kind {
	case lis.KindPerson:
		return map[string]string{"external_person_key": string(c.Key)}, string(c.Key), nil
	case lis.KindCourseSection:
		return map[string]string{"external_course_key": string(c.Key)}, string(c.Key), nil
	}
	course, person, err := membershipKeys(ctx, f.o.Crosswalk, c.Key, c.Record)
	if err != nil {
		return nil, "", err
	}
	return map[string]string{"external_course_key": course, "external_person_key": person}, pairID(course, person), nil
}

// rekeyed makes the row of a rename. A membership has no identifier at Learn.
func (f *FlatFile) rekeyed(r *row, c lis.Change) (*row, error) {
	if c.NewID == "" {
		return nil, refused("send newSourcedId", "a change of identifier without the new one")
	}
	if c.Kind == lis.KindMembership {
		return nil, nil
	}
	r.values = map[string]string{objects[r.object].columns[0]: string(c.Key), newKeys[c.Kind]: string(c.NewID)}
	r.targetID = string(c.NewID)
	return r, f.fits(r)
}

// fits holds a row to the limits of its columns, and cleans what would end a
// column or a line.
func (f *FlatFile) fits(r *row) error {
	for _, column := range objects[r.object].columns[:objects[r.object].keys] {
		if strings.ContainsAny(r.values[column], "|\r\n\t\"") {
			return refused("give the object an identifier without these characters", "%s holds a bar, a quotation mark or a line break, which the flat file cannot carry in a key", column)
		}
		if r.values[column] == "" {
			return refused("send it", "%s is missing", column)
		}
	}
	for column, value := range r.values {
		if most := limits[column]; most > 0 && utf8.RuneCountInString(value) > most {
			return refused("shorten it at its source, then requeue", "%s has %d characters; Learn takes %d", column, utf8.RuneCountInString(value), most)
		}
		r.values[column] = clean(value)
	}
	return nil
}

// clean takes the bar and line breaks out of a value: the flat file has no
// way to write them.
func clean(s string) string {
	if !strings.ContainsAny(s, "|\r\n\t\x00") {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch r {
		case '|':
			return '/'
		case '\r', '\n', '\t', 0:
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// pairID names a membership as Learn knows one: its course and its person.
func pairID(course, person string) string {
	return url.PathEscape(course) + "/" + url.PathEscape(person)
}

func splitPair(id string) (course, person string, ok bool) {
	c, p, ok := strings.Cut(id, "/")
	course, err1 := url.PathUnescape(c)
	person, err2 := url.PathUnescape(p)
	return course, person, ok && err1 == nil && err2 == nil && course != "" && person != ""
}

// courseID makes the course id of a section, which never changes: its
// sourcedId, and a mark of it when that has characters that Learn does not
// take.
func courseID(key lis.SourcedID) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return '_'
	}, string(key))
	if plain == string(key) && len(plain) <= limits["course_id"] {
		return plain
	}
	sum := sha256.Sum256([]byte(key))
	return plain[:min(len(plain), 80)] + "_" + hex.EncodeToString(sum[:4])
}
