package timetable

import (
	"strings"
	"unicode"
)

// A face is a size of text, in pixels, and whether it is bold.
type face struct {
	size int
	bold bool
}

// width estimates how wide a text is, a little too wide rather than too
// narrow: the font is the reader's.
func (f face) width(s string) float64 {
	var em float64
	for _, r := range s {
		em += runeWidth(r)
	}
	if f.bold {
		em *= 1.08
	}
	return em * float64(f.size) * 1.04
}

// runeWidth is the width of a character in em: about that of Helvetica.
func runeWidth(r rune) float64 {
	switch {
	case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		return 0
	case r >= 0x1100:
		if r >= 0x2000 && r < 0x2070 { // dashes, quotes, ellipsis
			return 0.75
		}
		return 1.05
	case strings.ContainsRune("iIjl.,:;'|!", r):
		return 0.28
	case strings.ContainsRune("ftr()[]{}/\\ -\"", r):
		return 0.36
	case strings.ContainsRune("mMwW@%", r):
		return 0.92
	case unicode.IsUpper(r):
		return 0.70
	}
	return 0.56
}

// fit cuts a text to a width, with an ellipsis where something is missing.
func (f face) fit(s string, width int) string {
	if f.width(s) <= float64(width) {
		return s
	}
	var em float64
	limit := float64(width) - f.width("…")
	for i, r := range s {
		em += f.width(string(r))
		if em > limit {
			if i == 0 {
				return ""
			}
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}

// wrap breaks a text into at most n lines of a width, at spaces where it can.
func (f face) wrap(s string, width, n int) []string {
	var lines []string
	words := strings.Fields(s)
	for len(words) > 0 && n > 0 {
		if n == 1 {
			return append(lines, f.fit(strings.Join(words, " "), width))
		}
		k := 1
		for k < len(words) && f.width(strings.Join(words[:k+1], " ")) <= float64(width) {
			k++
		}
		line := f.fit(strings.Join(words[:k], " "), width)
		lines, words, n = append(lines, line), words[k:], n-1
	}
	return lines
}

// one returns a text as one line of at most n characters, without what XML
// forbids.
func one(s string, n int) string {
	s = strings.Join(strings.Fields(plain(s)), " ")
	count := 0
	for i := range s {
		if count++; count > n {
			return s[:i] + "…"
		}
	}
	return s
}

// escaped writes character data of XML.
func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;").Replace(plain(s))
}
