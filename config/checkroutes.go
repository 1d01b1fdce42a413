package config

import (
	"slices"
	"strings"
)

func (k *checker) routes() {
	names, served := map[string]string{}, map[string]bool{}
	from, targets := k.names()
	what, allFrom := "caller", k.whole(from, "callers", "sources", "grades", "targets")
	if len(k.c.Sources)+len(k.c.Grades) > 0 {
		what = "caller or source"
	}
	allTargets := k.whole(targets, "targets")
	for i := range k.c.Routes {
		r, key := &k.c.Routes[i], item("routes", i)
		k.name(key, r.Name, names)
		k.known(key+".from", what, r.From, from, allFrom)
		k.known(key+".kinds", "kind", r.Kinds, kinds, true)
		k.patterns(key+".operations", r.Operations, nil)
		k.known(key+".to", "target", r.To, targets, allTargets)
		if len(r.To) == 0 {
			k.follows(key, "leads nowhere: to is missing")
		}
		k.scope(key, "institution", r.Institution)
		k.scope(key, "organisation", r.Organisation)
		k.scope(key, "term", r.Term)
		k.scope(key, "role", r.Role)
		for _, target := range r.To {
			served[target] = true
		}
	}
	for i, t := range k.c.Targets {
		if !served[t.Name] {
			k.warn(item("targets", i), "no route leads to %s, so that it gets nothing", t.Name)
		}
	}
}

// scope refuses what no record can say.
func (k *checker) scope(key, list string, words []string) {
	for i, word := range words {
		switch {
		case strings.TrimSpace(word) == "":
			k.say(item(key+"."+list, i), "is empty")
		case strings.TrimSpace(word) != word:
			k.say(item(key+"."+list, i), "begins or ends with a space, which no record does")
		case slices.Contains(words[:i], word):
			k.say(item(key+"."+list, i), "%s is there twice", word)
		}
	}
}

// names returns the names of whoever changes may come from, and of the targets.
func (k *checker) names() (from, targets []string) {
	for _, c := range k.c.Callers {
		from = append(from, c.Name)
	}
	if k.c.Anonymous != nil {
		from = append(from, "anonymous")
	}
	for _, s := range k.c.Sources {
		from = append(from, s.Name)
	}
	for _, g := range k.c.Grades {
		if !has(from, g.Source) {
			from = append(from, g.Source)
		}
	}
	for _, t := range k.c.Targets {
		targets = append(targets, t.Name)
	}
	return from, targets
}

// whole reports whether lists were read without a mistake, so that a name that
// is not in them is no consequence of one.
func (k *checker) whole(names []string, keys ...string) bool {
	return len(names) > 0 && !slices.Contains(names, "") && !slices.ContainsFunc(k.read, func(m Mistake) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return strings.HasPrefix(m.Key, key) })
	})
}

// sayOf returns how to report a name that is not in a list: as a mistake, or as
// what may follow from one in the list.
func (k *checker) sayOf(names []string, keys ...string) func(key, format string, args ...any) {
	if k.whole(names, keys...) {
		return k.say
	}
	return k.follows
}

// known checks a list of words, each to be one of some, all of which are
// known when whole, and there only once.
func (k *checker) known(key, what string, words, of []string, whole bool) {
	seen, say := map[string]bool{}, k.follows
	if whole {
		say = k.say
	}
	for i, word := range words {
		switch {
		case !has(of, word):
			say(item(key, i), "unknown %s %s%s", what, quote(word), meant(word, of))
		case seen[word]:
			k.say(item(key, i), "%s is there twice", word)
		}
		seen[word] = true
	}
}
