package config

import (
	"slices"
	"strings"
	"time"
)

func (k *checker) sources() {
	names := map[string]string{}
	for i := range k.c.Sources {
		s, key := &k.c.Sources[i], item("sources", i)
		k.name(key, s.Name, names)
		k.reserved(key+".name", s.Name)
		k.system(key, SourceAdapters, system{s.Adapter, s.URL, s.URLs, s.Profile, s.Basic, s.WSSE, s.OAuth1, s.Token, s.Settings})
		k.times(key+".at", s.At)
		k.few(key+".removals", s.Removals.Few, s.Removals.Percent, s.Removals.Most)
		if s.Expect > 0 && s.Every > 0 {
			k.notLonger(key+".every", s.Every, key+".expect", s.Expect)
		}
	}
}

// reserved refuses the name of those who have none.
func (k *checker) reserved(key, name string) {
	if name == "anonymous" {
		k.say(key, "anonymous is the name of callers without credentials")
	}
}

// times checks local times of day.
func (k *checker) times(key string, at []string) {
	for i, text := range at {
		if _, err := time.Parse("15:04", text); err != nil || len(text) != len("15:04") {
			k.say(item(key, i), "must be a time of day from 00:00 to 23:59, not %s", quote(text))
		} else if slices.Contains(at[:i], text) {
			k.say(item(key, i), "%s is there twice", text)
		}
	}
}

func (k *checker) grades() {
	names := map[string]string{}
	_, targets := k.names()
	for i := range k.c.Grades {
		g, key := &k.c.Grades[i], item("grades", i)
		k.name(key, g.Name, names)
		if g.From == "" {
			k.follows(key, "has no from: it is the target whose results are read")
		} else if !has(targets, g.From) {
			k.sayOf(targets, "targets")(key+".from", "unknown target %s%s", quote(g.From), meant(g.From, targets))
		}
		k.times(key+".at", g.At)
		k.scope(key, "term", g.Term)
		k.scope(key, "organisation", g.Organisation)
		if g.Source != "" && !goodName.MatchString(g.Source) {
			k.say(key+".source", "must consist of letters, digits and . _ -, not %s", quote(g.Source))
		}
		k.reserved(key+".source", g.Source)
	}
}

// sequence checks where a caller's own order stands.
func (k *checker) sequence(key, where string) {
	for _, prefix := range []string{"recordInfo.", "extension."} {
		if field, ok := strings.CutPrefix(where, prefix); ok && field != "" {
			return
		}
	}
	if where != "" && where != "dateTime" {
		k.say(key, "must be dateTime, recordInfo.FIELD or extension.FIELD, not %s", quote(where))
	}
}
