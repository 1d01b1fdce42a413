package main

import (
	"fmt"
	"io"
	"strings"

	"lisgate/gateway/console"
	engine "lisgate/gateway/deliver"
	"lisgate/gateway/lis"
)

func printFlow(w io.Writer, f *flow) {
	if len(f.Targets) == 0 {
		fmt.Fprintln(w, "no targets are configured")
	}
	for i := range f.Targets {
		printTarget(w, &f.Targets[i], f)
	}
	for i := range f.Feeds {
		printFeed(w, &f.Feeds[i], f.Absent[f.Feeds[i].Name])
	}
}

func printFeed(w io.Writer, s *feedStatus, absent int) {
	last := "never came"
	if !s.LastSuccess.IsZero() {
		last = "last came " + stamp(s.LastSuccess)
	}
	word := ""
	switch {
	case s.Late:
		word = "LATE: "
	case s.Expect != "":
		word = "fresh: "
	}
	fmt.Fprintf(w, "from %-14s %s%s%s\n", s.Name, word, last, lead(", expected every ", s.Expect))
	if s.LastTrouble != "" {
		printMore(w, "trouble: "+s.LastTrouble)
		for _, j := range s.Rejected[:min(3, len(s.Rejected))] {
			printMore(w, strings.TrimSpace(j.Where+": ")+" "+j.Reason)
		}
	}
	for i := range s.To {
		printStanding(w, &s.To[i])
	}
	if absent > 0 {
		fmt.Fprintf(w, "      %d are no longer in its list and wait for a decision: lisgate hold list\n", absent)
	}
}

// printStanding tells what has not come through.
func printStanding(w io.Writer, s *standing) {
	var parts []string
	for _, p := range []struct {
		n    int64
		word string
	}{{s.Waiting, "waiting"}, {s.Parked, "parked"}, {s.Held, "held"}, {s.Refused, "refused"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.word))
		}
	}
	more := ""
	if s.More {
		more = ", or more"
	}
	fmt.Fprintf(w, "      not through to %s: %s%s\n", s.Target, strings.Join(parts, ", "), more)
}

func printTarget(w io.Writer, s *engine.Status, f *flow) {
	parked, lacks := f.parkedAt(s.Target)
	word := "flows"
	switch {
	case s.Away:
		word = "AWAY since " + stamp(s.AwaySince) + ", asked again at " + stamp(s.NextProbe)
	case parked.Late:
		word = "STUCK: what is parked waits for too long"
	}
	fmt.Fprintf(w, "to   %-14s %s\n", s.Target, word)
	q := s.Standing
	fmt.Fprintf(w, "      %d waiting (%d parked, %d held, %d to be tried again), %.0f a second", q.Waiting, q.Parked, q.Held, q.Failed, s.Rate)
	if s.Drain > 0 {
		fmt.Fprintf(w, ", drained in about %s", s.Drain)
	}
	fmt.Fprintln(w)
	if !q.Oldest.IsZero() {
		fmt.Fprintf(w, "      the oldest waits since %s\n", stamp(q.Oldest))
	}
	if parked.Parked > 0 {
		fmt.Fprintf(w, "      the oldest is parked since %s, most wait for a %s: lisgate parked --target %s\n", stamp(parked.ParkedSince), lacks, s.Target)
	}
	if q.Held > 0 {
		fmt.Fprintf(w, "      %d wait for a decision: lisgate hold list --target %s\n", q.Held, s.Target)
	}
	if dead := f.Dead[s.Target]; dead > 0 {
		more := ""
		if dead >= console.Shown {
			more = " or more"
		}
		fmt.Fprintf(w, "      %d%s refused, and not made good since: lisgate dead --target %s\n", dead, more, s.Target)
	}
	printCounts(w, s, f)
}

// printCounts tells of all changes there were for a target, and by kind of
// those since it was last quiet.
func printCounts(w io.Writer, s *engine.Status, f *flow) {
	var sent, applied, refused int64
	for _, b := range f.Balance {
		if b.Target == s.Target {
			sent, applied, refused = sent+b.Sent, applied+b.Applied, refused+b.Dead
		}
	}
	if sent > 0 {
		fmt.Fprintf(w, "      in all: %d sent, %d applied, %d refused\n", sent, applied, refused)
	}
	for _, info := range lis.Kinds {
		if k := s.Kinds[info.Kind]; k != (engine.Counts{}) {
			fmt.Fprintf(w, "      this run: %-18s %d applied, %d refused since it was last quiet\n", info.Kind, k.Applied, k.Refused)
		}
	}
}

// parkedAt sums up what is parked at a target, and says what most of it waits for.
func (f *flow) parkedAt(target string) (sum standing, lacks string) {
	all := map[lis.Kind]int64{}
	for i := range f.Feeds {
		for _, s := range f.Feeds[i].To {
			if s.Target != target || s.Parked == 0 {
				continue
			}
			if sum.Parked == 0 || s.ParkedSince.Before(sum.ParkedSince) {
				sum.ParkedSince = s.ParkedSince
			}
			sum.Parked += s.Parked
			sum.Late = sum.Late || s.Late
			for k, n := range s.Lacks {
				all[k] += n
			}
		}
	}
	lacks = "group or course object" // of one of several kinds
	most := all[""]
	for _, info := range lis.Kinds {
		if n := all[info.Kind]; n > most {
			most, lacks = n, string(info.Kind)
		}
	}
	return sum, lacks
}
