package config

import (
	"maps"
	"slices"
	"strings"
	"time"

	"lisgate/gateway/lis"
)

func (k *checker) plans() {
	names, planners := map[string]string{}, map[string]string{}
	for i := range k.c.Plans {
		p, key := &k.c.Plans[i], item("plans", i)
		k.name(key, p.Name, names)
		k.parties(key, p)
		if p.Planner != "" {
			k.once(key, p.Planner, planners)
		}
		k.publish(key+".publish", p)
		k.vocabulary(key+".vocabulary", p.Vocabulary)
		k.zone(key+".time_zone", p.TimeZone)
		k.planChecks(key+".checks", p.Checks)
		k.approvals(key+".approve", p)
	}
	for i := range k.c.Plans {
		p, key := &k.c.Plans[i], item("plans", i)
		if other, is := planners[p.SIS]; is && p.SIS != p.Planner {
			k.say(key+".sis", "%s is the planner of %s: nobody can be told which of the two it speaks as", p.SIS, other)
		}
	}
}

// once refuses a second plan of a planner: what it sends belongs to one.
func (k *checker) once(key, planner string, seen map[string]string) {
	if other, twice := seen[planner]; twice {
		k.say(key+".planner", "%s is the planner of %s already: what it sends can belong to one plan only", planner, other)
		return
	}
	seen[planner] = key
}

// parties checks who plans, and for whom.
func (k *checker) parties(key string, p *Plan) {
	_, targets := k.names()
	callers := k.callerNames()
	switch {
	case p.Planner == "":
		k.follows(key, "has no planner: it is the caller that sends plans")
	case !has(callers, p.Planner):
		k.sayOf(callers, "callers", "anonymous")(key+".planner", "unknown caller %s%s", quote(p.Planner), meant(p.Planner, callers))
	}
	switch {
	case p.SIS == "":
		k.follows(key, "has no sis: it is the target that plans go to")
	case p.SIS == p.Planner:
		k.say(key+".sis", "is the planner: the two must be different systems")
	case !has(targets, p.SIS):
		k.sayOf(targets, "targets")(key+".sis", "unknown target %s%s", quote(p.SIS), meant(p.SIS, targets))
	}
}

// callerNames returns who can call.
func (k *checker) callerNames() []string {
	var callers []string
	for _, c := range k.c.Callers {
		callers = append(callers, c.Name)
	}
	if k.c.Anonymous != nil {
		callers = append(callers, "anonymous")
	}
	return callers
}

// publish checks who is told only of what is published.
func (k *checker) publish(key string, p *Plan) {
	_, targets := k.names()
	k.known(key, "target", p.Publish, targets, k.whole(targets, "targets"))
	for i, name := range p.Publish {
		switch name {
		case "":
		case p.SIS:
			k.say(item(key, i), "%s is the sis, which is told before anything is published", name)
		case p.Planner:
			k.say(item(key, i), "%s is the planner, which is told before anything is published", name)
		}
	}
}

func (k *checker) vocabulary(key, uri string) {
	if strings.ContainsAny(uri, " \t") || len(uri) > 256 {
		k.say(key, "must be a URI of at most 256 characters, such as %s, not %s", lis.PlanningVocabulary, quote(uri))
	}
}

// zone looks a time zone up. Local is refused: it is another one on another
// machine.
func (k *checker) zone(key, name string) {
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		k.say(key, "must be a time zone of IANA, such as Europe/Berlin or UTC, not %s", quote(name))
	}
}

func (k *checker) planChecks(key string, given map[string]string) {
	known := slices.Sorted(maps.Keys(PlanChecks))
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !has(known, name) {
			k.say(below(key, name), "unknown check %s%s", quote(name), meant(name, known))
			continue
		}
		k.oneOf(below(key, name), given[name], hardnesses)
	}
}

func (k *checker) approvals(key string, p *Plan) {
	names := map[string]string{}
	for i := range p.Approve {
		a, key := &p.Approve[i], item(key, i)
		k.name(key, a.Name, names)
		if a.After == "" && a.Over == 0 && !a.Clash {
			k.follows(key, "holds nothing: give after, over or clash, of which all that are given must be so")
		}
		if _, err := lis.ParseDate(a.After); a.After != "" && (err != nil || len(a.After) != len("2026-09-01")) {
			k.say(key+".after", "must be a day such as 2026-09-01, not %s", quote(a.After))
		}
		if a.Over < 0 {
			k.say(key+".over", "must be above zero")
		}
		if a.Clash && !slices.Contains(slices.Collect(maps.Values(p.Checks)), CheckSoft) {
			k.warn(key+".clash", "no check of the plan is soft, so that this rule holds nothing: a hard one refuses")
		}
	}
}
