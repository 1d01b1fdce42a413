package config

import (
	"encoding/json"
	"maps"
	"slices"
)

func (k *checker) targets() {
	names := map[string]string{}
	for i := range k.c.Targets {
		t, key := &k.c.Targets[i], item("targets", i)
		k.name(key, t.Name, names)
		k.system(key, Adapters, system{t.Adapter, t.URL, t.URLs, t.Profile, t.Basic, t.WSSE, t.OAuth1, t.Token, t.Settings})
		k.notLonger(key+".first_delay", t.FirstDelay, key+".max_delay", t.MaxDelay)
		if t.Burst > 0 && t.Rate == 0 {
			k.say(key+".burst", "is a part of rate, which is not given")
		}
		k.verify(key+".verify", t)
		k.oneOf(key+".removals.means", t.Removals.Means, removals)
		k.few(key+".removals", t.Removals.Few, t.Removals.Percent, t.Removals.Most)
		k.known(key+".match", "key", t.Match, matchKeys, true)
		k.oneOf(key+".adopt", t.Adopt, adoptions)
		k.mapping(key+".map", &t.Map)
	}
}

// verify looks for the target that a target is read back through.
func (k *checker) verify(key string, t *Target) {
	_, targets := k.names()
	others := slices.DeleteFunc(slices.Clone(targets), func(name string) bool { return name == t.Name || name == "" })
	switch {
	case t.Verify == "" || t.Verify == "self":
	case t.Verify == t.Name:
		k.say(key, "is the target's own name: write self")
	case !has(others, t.Verify):
		k.sayOf(targets, "targets")(key, "must be self or the name of another target, not %s%s", quote(t.Verify), meant(t.Verify, append(others, "self")))
	}
}

// few checks the figures above which removals are held.
func (k *checker) few(key string, few, percent, most int) {
	if percent < 1 || percent > 100 {
		k.say(key+".percent", "must be from 1 to 100; off: true holds nothing")
	}
	if few > most {
		k.say(key+".few", "%d is more than %s.most, which is %d", few, key, most)
	}
}

// A system is what targets and sources have in common.
type system struct {
	adapter, url string
	urls         map[string]string
	profile      string
	basic        *Basic
	wsse         *WSSE
	oauth1       *OAuth1
	token        Secret
	settings     Settings
}

// system checks how a system is reached.
func (k *checker) system(key string, adapters []string, s system) {
	if s.adapter == "" {
		k.follows(key, "has no adapter; it is one of %v", adapters)
	} else {
		k.oneOf(key+".adapter", s.adapter, adapters)
	}
	if s.adapter == "lissoap" {
		k.oneOf(key+".profile", s.profile, targetProfiles)
	} else if s.profile != "" && s.adapter != "" {
		k.say(key+".profile", "is for the adapter lissoap only")
	}
	k.addresses(key, s)
	k.logins(key, s.basic, s.wsse, s.oauth1, false)
	if s.basic != nil && s.oauth1 != nil {
		k.say(key, "has basic and oauth1: a request has one Authorization header only")
	}
	if s.token != "" {
		k.secret(key+".token", s.token)
		if s.basic != nil || s.oauth1 != nil {
			k.say(key, "has a token and basic or oauth1: a request has one Authorization header only")
		}
	}
	k.settings(key+".settings", s.adapter, s.settings)
}

func (k *checker) addresses(key string, s system) {
	if s.url == "" && len(s.urls) == 0 && !has(placeless, s.adapter) && s.settings["bulk_folder"] == "" {
		k.follows(key, "has no url")
	}
	if s.url != "" {
		k.url(key+".url", s.url)
	}
	if len(s.urls) > 0 && s.adapter != "lissoap" && s.adapter != "" {
		k.say(key+".urls", "are for the adapter lissoap only: give url")
		return
	}
	for _, service := range slices.Sorted(maps.Keys(s.urls)) {
		if !has(services, service) {
			k.say(key+".urls", "unknown service %s%s", quote(service), meant(service, services))
		}
		k.url(key+".urls."+service, s.urls[service])
	}
}

// settings checks those of an adapter.
func (k *checker) settings(key, adapter string, given Settings) {
	known, ok := AdapterSettings[adapter]
	if !ok {
		return // there is no such adapter, which has been said
	}
	var names []string
	for _, s := range known {
		names = append(names, s.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		s, ok := settingNamed(adapter, name)
		switch {
		case !ok && len(names) == 0:
			k.say(below(key, name), "the adapter %s has no settings", adapter)
		case !ok:
			k.say(below(key, name), "the adapter %s has no setting %s%s", adapter, quote(name), meant(name, names))
		case s.Kind == KindSecret:
			k.secret(below(key, name), given[name])
		default:
			if _, err := s.parse(string(given[name])); err != nil {
				k.say(below(key, name), "%v: %s", err, s.Doc)
			}
		}
	}
}

// mapping checks what can be told without running it; route does the rest.
func (k *checker) mapping(key string, m *Map) {
	for _, v := range []struct {
		name  string
		words map[string]string
	}{{"roles", m.Roles}, {"statuses", m.Statuses}, {"types", m.Types}, {"institution_roles", m.InstitutionRoles}} {
		for _, word := range slices.Sorted(maps.Keys(v.words)) {
			if word == "" || v.words[word] == "" {
				k.say(key+"."+v.name, `%s leads from or to no word; "*" stands for the word itself`, quote(word))
			}
		}
	}
	for i, s := range m.Set {
		k.known(item(key+".set", i)+".kinds", "kind", s.Kinds, kinds, true)
		if len(s.Set) == 0 {
			k.follows(item(key+".set", i), "sets nothing: set is missing")
		}
	}
	names := map[string]string{}
	for i := range m.Tests {
		k.test(item(key+".tests", i), &m.Tests[i], names)
	}
}

func (k *checker) test(key string, t *Test, names map[string]string) {
	if t.Name == "" {
		k.follows(key, "has no name")
	} else if other, twice := names[t.Name]; twice {
		k.say(key+".name", "%s is the name of %s already", quote(t.Name), other)
	}
	names[t.Name] = key
	k.oneOf(key+".kind", t.Kind, kinds)
	if !json.Valid([]byte(t.Given)) {
		k.say(key+".given", "must be the object as JSON, such as {\"status\": \"Active\"}")
	}
	switch {
	case t.Want == "" && t.Error == "":
		k.follows(key, "wants nothing: want or error is missing")
	case t.Want != "" && t.Error != "":
		k.say(key, "has want and error: what is refused has no content")
	case t.Want != "" && !json.Valid([]byte(t.Want)):
		k.say(key+".want", "must be a part of the object as JSON")
	}
}
