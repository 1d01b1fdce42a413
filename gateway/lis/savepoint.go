package lis

import (
	"fmt"
	"strings"
	"time"
)

// A savepoint (SequenceIdentifier.Type, an xs:dateTime) is a place in the
// journal. The journal numbers its changes by microseconds since 1970 and
// never twice the same, so that a savepoint is both a time that people
// understand and the exact sequence number of a change.

const savePointLayout = "2006-01-02T15:04:05.000000Z"

// SavePoint writes a journal sequence as a savepoint.
func SavePoint(seq int64) string { return time.UnixMicro(seq).UTC().Format(savePointLayout) }

// SequenceOf reads a savepoint. Any xs:dateTime is one: a client may ask for
// all that happened since a date. A time without a zone is UTC.
func SequenceOf(savePoint string) (int64, error) {
	t, err := ParseTime(savePoint)
	if err != nil {
		return 0, fmt.Errorf("savepoint %w", err)
	}
	return t.UnixMicro(), nil
}

// timeLayouts are the forms of date-times met in the field, the standard's first.
var timeLayouts = []string{
	time.RFC3339Nano,
	"2006-01-02T15:04:05",
	"2006-01-02T15:04:05Z0700",
	"2006-01-02Z07:00",
	"2006-01-02",
	"2006-01-02 15:04:05",
	"2006-01-02T15:04",
}

// ParseTime reads an xs:dateTime or one of the loose forms that peers send:
// a bare date, no zone, an offset without colon. Without a zone it is UTC.
func ParseTime(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a date and time such as 2026-09-01T08:00:00Z", s)
}
