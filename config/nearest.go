package config

import (
	"slices"
	"strings"
)

// meant returns "; did you mean x?" for the word nearest to what was written,
// else "; it is one of a, b" when the words are few, else "".
func meant(written string, words []string) string {
	if near := nearest(written, words); near != "" {
		return "; did you mean " + near + "?"
	}
	if n := len(words); n > 0 && n <= 20 {
		return "; it is one of " + strings.Join(words, ", ")
	}
	return ""
}

// nearest returns the word with the fewest edits from what was written, or ""
// when so many are needed that it was hardly meant.
func nearest(written string, words []string) string {
	if len(written) > 64 {
		return ""
	}
	best, fewest := "", max(1, len(written)/3)+1
	for _, word := range slices.Sorted(slices.Values(words)) {
		if n := edits(strings.ToLower(written), strings.ToLower(word)); n < fewest {
			best, fewest = word, n
		}
	}
	return best
}

// edits counts the letters to insert, remove, change or swap with their
// neighbour to make b of a (optimal string alignment).
func edits(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
