package route

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// acts are the words for what a change does, whatever operation asked for it.
var acts = []string{string(lis.Put), string(lis.Drop), string(lis.Rekey)}

// known are the words that a rule's operations can mean.
var known = knownWords()

func knownWords() []string {
	words := slices.Clone(acts)
	for _, op := range lis.Operations() {
		if op.Verb.Writes() && op.Kind != "" {
			words = append(words, op.Name)
		}
	}
	return words
}

func kindNames() []string {
	names := make([]string, len(lis.Kinds))
	for i, k := range lis.Kinds {
		names[i] = string(k.Kind)
	}
	return names
}

// spellOut replaces patterns by the words that they match; nil means any.
func spellOut(patterns []string) (map[string]bool, error) {
	if len(patterns) == 0 {
		return nil, nil
	}
	words := map[string]bool{}
	for _, p := range patterns {
		found, err := match(p)
		if err != nil {
			return nil, err
		}
		for _, w := range found {
			words[w] = true
		}
	}
	return words, nil
}

// match returns the known words that a pattern stands for. A pattern that
// stands for none is a mistake: its rule would silently never apply.
func match(pattern string) ([]string, error) {
	if op, ok := lis.OperationNamed(pattern); ok && !slices.Contains(known, pattern) {
		return nil, unchanging(op)
	}
	var found []string
	for _, w := range known {
		ok, err := path.Match(pattern, w)
		if err != nil {
			return nil, fmt.Errorf("operation %q is not a pattern: %w", pattern, err)
		}
		if ok {
			found = append(found, w)
		}
	}
	if found == nil {
		return nil, fmt.Errorf("there is no operation %q; %s", pattern, suggest(pattern, known))
	}
	return found, nil
}

// unchanging explains why an operation that LIS has cannot be routed.
func unchanging(op lis.Operation) error {
	if op.Verb.Writes() {
		return fmt.Errorf("operation %q moves a bulk file; route the operations inside it, or its kinds", op.Name)
	}
	return fmt.Errorf("operation %q only reads, so it has nothing to send; routes are for operations that change records", op.Name)
}

// suggest names the word that was perhaps meant.
func suggest(word string, words []string) string {
	nearest, least := "", 1<<30
	for _, w := range words {
		if d := distance(strings.ToLower(word), strings.ToLower(w)); d < least {
			nearest, least = w, d
		}
	}
	if least > 3 && least > len(nearest)/2 {
		if len(words) > 12 {
			words = acts
		}
		return "such words are: " + strings.Join(words, ", ")
	}
	return fmt.Sprintf("did you mean %q?", nearest)
}

// distance counts the letters to insert, drop or change on the way from a to
// b (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
