package sqlite

import (
	"encoding/binary"
	"slices"

	"lisgate/gateway/lis"
)

// packLinks writes links as one blob: lengths before the bytes, so that a
// value may hold anything. Its order is kept, its repetitions are not.
func packLinks(links []lis.Link) []byte {
	var b []byte
	for i, l := range links {
		if slices.Contains(links[:i], l) {
			continue
		}
		b = append(binary.AppendUvarint(b, uint64(len(l.Name))), l.Name...)
		b = append(binary.AppendUvarint(b, uint64(len(l.Value))), l.Value...)
	}
	return b
}

// unpackLinks reads what packLinks wrote.
func unpackLinks(b []byte) []lis.Link {
	var links []lis.Link
	for len(b) > 0 {
		var l lis.Link
		l.Name, b = cut(b)
		l.Value, b = cut(b)
		links = append(links, l)
	}
	return links
}

func cut(b []byte) (string, []byte) {
	n, size := binary.Uvarint(b)
	end := size + int(n)
	return string(b[size:end]), b[end:]
}

// relink makes the link table say what an entry has now. It touches only
// what differs from before, which is nothing for most replaces.
func (t *tx) relink(kind lis.Kind, id lis.SourcedID, old, now []lis.Link) error {
	for _, l := range old {
		if !slices.Contains(now, l) {
			if err := t.exec(`DELETE FROM link WHERE kind = ? AND name = ? AND value = ? AND id = ?`,
				string(kind), l.Name, l.Value, string(id)); err != nil {
				return err
			}
		}
	}
	for _, l := range now {
		if !slices.Contains(old, l) {
			if err := t.exec(`INSERT OR IGNORE INTO link (kind, name, value, id) VALUES (?, ?, ?, ?)`,
				string(kind), l.Name, l.Value, string(id)); err != nil {
				return err
			}
		}
	}
	return nil
}
