package config

import (
	"maps"
	"slices"
	"strings"
)

func (k *checker) targets() {
	names := map[string]string{}
	for i := range k.c.Targets {
		t, key := &k.c.Targets[i], item("targets", i)
		k.name(key, t.Name, names)
		if t.Adapter == "" {
			k.follows(key, "has no adapter; it is one of %v", Adapters)
		} else {
			k.oneOf(key+".adapter", t.Adapter, Adapters)
		}
		k.oneOf(key+".profile", t.Profile, targetProfiles)
		k.addresses(key, t)
		k.logins(key, t.Basic, t.WSSE, t.OAuth1, false)
		if t.Basic != nil && t.OAuth1 != nil {
			k.say(key, "has basic and oauth1: a request has one Authorization header only")
		}
		k.notLonger(key+".first_delay", t.FirstDelay, key+".max_delay", t.MaxDelay)
	}
}

func (k *checker) addresses(key string, t *Target) {
	if t.URL == "" && len(t.URLs) == 0 {
		k.follows(key, "has no url")
	}
	if t.URL != "" {
		k.url(key+".url", t.URL)
	}
	for _, service := range slices.Sorted(maps.Keys(t.URLs)) {
		if !has(services, service) {
			k.say(key+".urls", "unknown service %s%s", quote(service), meant(service, services))
		}
		k.url(key+".urls."+service, t.URLs[service])
	}
}

func (k *checker) routes() {
	names, served := map[string]string{}, map[string]bool{}
	callers, targets := k.names()
	allCallers, allTargets := k.whole("callers", callers), k.whole("targets", targets)
	for i := range k.c.Routes {
		r, key := &k.c.Routes[i], item("routes", i)
		k.name(key, r.Name, names)
		k.known(key+".from", "caller", r.From, callers, allCallers)
		k.known(key+".kinds", "kind", r.Kinds, kinds, true)
		k.patterns(key+".operations", r.Operations, nil)
		k.known(key+".to", "target", r.To, targets, allTargets)
		if len(r.To) == 0 {
			k.follows(key, "leads nowhere: to is missing")
		}
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

// names returns the names of the callers, anonymous too, and of the targets.
func (k *checker) names() (callers, targets []string) {
	for _, c := range k.c.Callers {
		callers = append(callers, c.Name)
	}
	if k.c.Anonymous != nil {
		callers = append(callers, "anonymous")
	}
	for _, t := range k.c.Targets {
		targets = append(targets, t.Name)
	}
	return callers, targets
}

// whole reports whether a list was read without a mistake, so that a name that
// is not in it is no consequence of one.
func (k *checker) whole(key string, names []string) bool {
	return len(names) > 0 && !slices.Contains(names, "") &&
		!slices.ContainsFunc(k.read, func(m Mistake) bool { return strings.HasPrefix(m.Key, key) })
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
