package canvas

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
)

// badField says what is wrong with a field, without its content, which may be
// personal.
func badField(s string) string {
	switch {
	case !utf8.ValidString(s):
		return "is not UTF-8, which Canvas asks for"
	case strings.ContainsFunc(s, unicode.IsControl):
		return "holds a control character, such as a line break"
	case utf8.RuneCountInString(s) > maxField:
		return fmt.Sprintf("has more than the %d characters that Canvas keeps", maxField)
	}
	return ""
}

// The layouts in which peers write times: with a zone, without, and dates.
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04"}

// instant writes a time as Canvas does, in UTC; without a zone it is taken for
// UTC, as Canvas says of its files. The end of a day is meant by a date that
// ends something.
func instant(s string, end bool) (string, error) {
	if s = strings.TrimSpace(s); s == "" {
		return "", nil
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC().Truncate(time.Second).Format(time.RFC3339), nil
		}
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return "", refused("write it as 2026-09-01T00:00:00Z at the source", "the time %q is not one of ISO 8601", peer.Clip(s))
	}
	if end {
		day = day.Add(24*time.Hour - time.Second)
	}
	return day.Format(time.RFC3339), nil
}

// period is the beginning and end of a time frame.
func period(frames ...lis.TimeFrame) (begin, end string, err error) {
	if len(frames) == 0 {
		return "", "", nil
	}
	if begin, err = instant(frames[0].Begin, false); err != nil {
		return "", "", err
	}
	end, err = instant(frames[0].End, true)
	return begin, end, err
}

// frame is the way back.
func frame(begin, end string) *lis.TimeFrame {
	begin, _ = instant(begin, false)
	end, _ = instant(end, true)
	if begin == "" && end == "" {
		return nil
	}
	return &lis.TimeFrame{Begin: begin, End: end}
}

func frames(begin, end string) []lis.TimeFrame {
	if f := frame(begin, end); f != nil {
		return []lis.TimeFrame{*f}
	}
	return nil
}

// ref is an object in a path, by its SIS ID. All but the plainest identifiers
// go in hex: they may hold slashes, dots and letters of any script.
func ref(kind, id string) string {
	prefix := "sis_" + kind + "_id:"
	if strings.IndexFunc(id, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	}) < 0 {
		return prefix + id
	}
	return "hex:" + prefix + hex.EncodeToString([]byte(id))
}

func or(values ...string) string {
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			return v
		}
	}
	return ""
}
