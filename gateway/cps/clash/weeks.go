package clash

import (
	"math/bits"
	"strings"

	"lisgate/gateway/lis"
)

// weeks is a set of weeks, each a number counted from the Monday before
// 1970-01-01. Only what is in it lies at first and last.
type weeks struct {
	first, last int32
	shadow      uint64 // bit n: there is a week that is n modulo 64
	mask        *mask  // nil for all from first to last
}

// A mask has bit n of word w for week 64*w+n. The words of all masks begin at
// the same weeks.
type mask struct {
	base  int32 // the number of words[0]
	words []uint64
}

// Weeks before and after all that a date can be in.
const never, always = -1 << 20, 1 << 20

// weekOf returns the week of a date. Date 0 is a Thursday.
func weekOf(d lis.Date) int32 { return int32(d.Monday()+3) / 7 }

// dateOf returns a day of a week.
func dateOf(week int32, day uint8) lis.Date { return lis.Date(week*7 - 3 + int32(day)) }

// weekFrom returns the first week whose day is not before d.
func weekFrom(d lis.Date, day int) int32 {
	if day < d.Weekday() {
		return weekOf(d) + 1
	}
	return weekOf(d)
}

// weekTo returns the last week whose day is not after d.
func weekTo(d lis.Date, day int) int32 {
	if day > d.Weekday() {
		return weekOf(d) - 1
	}
	return weekOf(d)
}

// parseWeeks reads a mask whose first week is base. Ones without a gap need
// no bits.
func parseWeeks(w lis.Weeks, base int32) weeks {
	from, to := strings.IndexByte(string(w), '1'), strings.LastIndexByte(string(w), '1')
	if from < 0 {
		return weeks{first: 0, last: -1}
	}
	set := weeks{first: base + int32(from), last: base + int32(to)}
	if strings.IndexByte(string(w[from:to]), '0') < 0 {
		return set
	}
	set.mask = &mask{base: set.first >> 6, words: make([]uint64, set.last>>6-set.first>>6+1)}
	for i := from; i <= to; i++ {
		if week := base + int32(i); w[i] == '1' {
			set.mask.words[week>>6-set.mask.base] |= 1 << (week & 63)
		}
	}
	return set
}

// clip returns the weeks from first to last, and false when there are none.
func (w weeks) clip(first, last int32) (weeks, bool) {
	w.first, w.last = max(w.first, first), min(w.last, last)
	if w.first > w.last {
		return w, false
	}
	if w.mask == nil {
		w.shadow = spread(w.first, w.last)
		return w, true
	}
	return w.trim()
}

// trim moves first and last to weeks that are in it.
func (w weeks) trim() (weeks, bool) {
	first, last := int32(always), int32(never)
	w.shadow = 0
	for i := w.first >> 6; i <= w.last>>6; i++ {
		word := w.word(i)
		if word == 0 {
			continue
		}
		w.shadow |= word
		first = min(first, i<<6+int32(bits.TrailingZeros64(word)))
		last = i<<6 + 63 - int32(bits.LeadingZeros64(word))
	}
	w.first, w.last = first, last
	return w, first <= last
}

// spread returns the shadow of all weeks from first to last.
func spread(first, last int32) uint64 {
	if last-first >= 63 {
		return ^uint64(0)
	}
	return bits.RotateLeft64(1<<(last-first+1)-1, int(first&63))
}

// word returns the 64 weeks from 64*i.
func (w weeks) word(i int32) uint64 {
	word := ^uint64(0)
	if w.mask != nil {
		if i < w.mask.base || int(i-w.mask.base) >= len(w.mask.words) {
			return 0
		}
		word = w.mask.words[i-w.mask.base]
	}
	switch {
	case i < w.first>>6 || i > w.last>>6:
		return 0
	case i == w.first>>6:
		word &= ^uint64(0) << (w.first & 63)
	}
	if i == w.last>>6 {
		word &= ^uint64(0) >> (63 - w.last&63)
	}
	return word
}

// common returns the first week, not before from, that is in both.
func (w weeks) common(o weeks, from int32) (int32, bool) {
	from = max(from, w.first, o.first)
	to := min(w.last, o.last)
	if from > to || w.shadow&o.shadow == 0 {
		return 0, false
	}
	if w.mask == nil && o.mask == nil {
		return from, true
	}
	for i := from >> 6; i <= to>>6; i++ {
		word := w.word(i) & o.word(i)
		if i == from>>6 {
			word &= ^uint64(0) << (from & 63)
		}
		if word != 0 {
			return i<<6 + int32(bits.TrailingZeros64(word)), true
		}
	}
	return 0, false
}

// has reports whether a week is in it.
func (w weeks) has(week int32) bool { return w.word(week>>6)>>(week&63)&1 == 1 }

// equal reports whether two sets have the same weeks.
func (w weeks) equal(o weeks) bool {
	if w.first != o.first || w.last != o.last || w.shadow != o.shadow {
		return false
	}
	if w.mask == nil && o.mask == nil {
		return true
	}
	for i := w.first >> 6; i <= w.last>>6; i++ {
		if w.word(i) != o.word(i) {
			return false
		}
	}
	return true
}

// union returns the weeks of either.
func (w weeks) union(o weeks) weeks {
	all := weeks{first: min(w.first, o.first), last: max(w.last, o.last), shadow: w.shadow | o.shadow}
	all.mask = &mask{base: all.first >> 6}
	for i := all.first >> 6; i <= all.last>>6; i++ {
		all.mask.words = append(all.mask.words, w.word(i)|o.word(i))
	}
	return all
}

// differs returns the first week that only one set has, and whether that is o.
func (w weeks) differs(o weeks) (week int32, theirs, differ bool) {
	if w.equal(o) {
		return 0, false, false
	}
	for i := min(w.first, o.first) >> 6; i <= max(w.last, o.last)>>6; i++ {
		if word := w.word(i) ^ o.word(i); word != 0 {
			week = i<<6 + int32(bits.TrailingZeros64(word))
			return week, o.has(week), true
		}
	}
	return 0, false, false
}
