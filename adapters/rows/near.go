package rows

import (
	"fmt"
	"hash/fnv"
	"strings"

	"lisgate/gateway/lis"
)

// Suggest returns "; did you mean …?" when one of the names is near, or "".
func Suggest(name string, names []string) string {
	best, least := "", len([]rune(name))/3+2
	for _, n := range names {
		if d := distance(fold(name), fold(n), least); d < least {
			best, least = n, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// fold takes away what people vary in names.
func fold(s string) []rune {
	return []rune(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(s)))
}

// distance counts the letters to change, up to a limit.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || len(a) > 200 {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before := row[0]
		row[0] = i + 1
		for j := range b {
			change := before
			if a[i] != b[j] {
				change++
			}
			before, row[j+1] = row[j+1], min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Absent returns the names of need that have does not hold, each with what
// may have been meant.
func Absent(need, have []string) []string {
	held := make(map[string]bool, len(have))
	for _, h := range have {
		held[h] = true
	}
	var absent []string
	for _, n := range need {
		if !held[n] {
			absent = append(absent, fmt.Sprintf("%q%s", n, Suggest(n, have)))
		}
	}
	return absent
}

// Seen remembers the objects of one list, to tell when one comes twice. It
// keeps eight bytes of each and no names.
type Seen map[uint64]struct{}

// Twice reports whether the object was there before.
func (s Seen) Twice(kind lis.Kind, id lis.SourcedID) bool {
	h := fnv.New64a()
	_, _ = h.Write([]byte(string(kind) + "\x00" + string(id)))
	sum := h.Sum64()
	_, before := s[sum]
	s[sum] = struct{}{}
	return before
}
