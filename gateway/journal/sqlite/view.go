package sqlite

import (
	"fmt"
	"iter"
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A view reads records over one connection, whose transaction makes it consistent.
type view struct {
	c        *conn
	instance string // of the store, for the IDs of changes
}

const entryColumns = `r.id, r.seq, r.version, r.deleted, r.hash`

// Get returns the entry of an object, or nil.
func (v view) Get(kind lis.Kind, id lis.SourcedID) (*journal.Entry, error) {
	q, err := v.c.query(`SELECT `+entryColumns+`, r.links, b.body FROM record r LEFT JOIN change b ON b.seq = r.content
		WHERE r.kind = ? AND r.id = ?`, string(kind), string(id))
	if err != nil {
		return nil, fmt.Errorf("get %s %s: %w", kind, id, err)
	}
	defer q.close()
	if more, err := q.next(); err != nil {
		return nil, fmt.Errorf("get %s %s: %w", kind, id, err)
	} else if !more {
		return nil, nil
	}
	e, err := v.readEntry(q, kind, false)
	if err != nil {
		return nil, fmt.Errorf("get %s %s: %w", kind, id, err)
	}
	return e, nil
}

func (v view) readEntry(q *stmt, kind lis.Kind, bare bool) (e *journal.Entry, err error) {
	e = &journal.Entry{Kind: kind, ID: lis.SourcedID(q.text(0)), Seq: q.int(1), Version: q.int(2), Deleted: q.bool(3), Hash: q.blob(4)}
	if !bare {
		e.Links = unpackLinks(q.raw(5))
		e.Body, err = unpack(q.raw(6))
	}
	return e, err
}

// Last returns the sequence of the newest change.
func (v view) Last() (int64, error) {
	n, err := v.c.number(`SELECT max(seq) FROM change`)
	if err != nil {
		return 0, fmt.Errorf("read newest change: %w", err)
	}
	return n, nil
}

// Scan streams the entries of a kind that a filter asks for.
func (v view) Scan(kind lis.Kind, f journal.Filter) iter.Seq2[*journal.Entry, error] {
	return func(yield func(*journal.Entry, error) bool) {
		links, err := v.rarestFirst(kind, f.Links)
		if err != nil {
			yield(nil, fmt.Errorf("scan %s: %w", kind, err))
			return
		}
		f.Links = links
		query, args := scanQuery(kind, f)
		read := func(q *stmt) (*journal.Entry, error) { return v.readEntry(q, kind, f.IDsOnly) }
		stream(v.c, "scan "+string(kind), read, query, args...)(yield)
	}
}

// scanQuery writes the query of a filter. It walks one index in the order
// asked for, and looks everything else up row by row: the changes of the kind
// since a sequence, the first link, or the records themselves. A record whose
// newest change is not the one found had a newer one, and comes with that.
func scanQuery(kind lis.Kind, f journal.Filter) (string, []any) {
	var b strings.Builder
	args := []any{string(kind)}
	b.WriteString(`SELECT ` + entryColumns)
	if !f.IDsOnly {
		b.WriteString(`, r.links, b.body`)
	}
	links, id, order := f.Links, `r.id`, ` ORDER BY r.id`
	switch {
	case f.Since != 0:
		b.WriteString(` FROM change s CROSS JOIN record r ON r.kind = s.kind AND r.id IN (s.id, s.new_id) AND r.seq = s.seq`)
		order = ` ORDER BY s.seq, r.id`
	case len(links) > 0:
		b.WriteString(` FROM link s CROSS JOIN record r ON r.kind = s.kind AND r.id = s.id`)
		id, order = `s.id`, ` ORDER BY s.id`
	default:
		b.WriteString(` FROM record r`)
	}
	if !f.IDsOnly {
		b.WriteString(` LEFT JOIN change b ON b.seq = r.content`)
	}
	switch {
	case f.Since != 0:
		b.WriteString(` WHERE s.kind = ? AND s.seq > ?`)
		args = append(args, f.Since)
	case len(links) > 0:
		b.WriteString(` WHERE s.kind = ? AND s.name = ? AND s.value = ?`)
		args, links = append(args, links[0].Name, links[0].Value), links[1:]
	default:
		b.WriteString(` WHERE r.kind = ?`)
	}
	for _, l := range links {
		b.WriteString(` AND EXISTS (SELECT 1 FROM link l WHERE l.kind = r.kind AND l.name = ? AND l.value = ? AND l.id = r.id)`)
		args = append(args, l.Name, l.Value)
	}
	if f.After != "" {
		b.WriteString(` AND ` + id + ` > ?`)
		args = append(args, string(f.After))
	}
	if !f.Deleted {
		b.WriteString(` AND r.deleted = 0`)
	}
	return b.String() + order, args
}

// rarest is how far rarestFirst counts.
const rarest = 1000

// rarestFirst puts the link that the fewest objects have first: the scan
// walks that one. "Active" is shared by thousands, a template by a few.
func (v view) rarestFirst(kind lis.Kind, links []lis.Link) ([]lis.Link, error) {
	if len(links) < 2 {
		return links, nil
	}
	best, least := 0, int64(rarest+1)
	for i, l := range links {
		n, err := v.c.number(`SELECT count(*) FROM (SELECT 1 FROM link WHERE kind = ? AND name = ? AND value = ? LIMIT ?)`,
			string(kind), l.Name, l.Value, rarest)
		if err != nil {
			return nil, err
		}
		if n < least {
			best, least = i, n
		}
	}
	sorted := append([]lis.Link{links[best]}, links[:best]...)
	return append(sorted, links[best+1:]...), nil
}
