package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"lisgate/gateway/console"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// printWho says it to people.
func printWho(to io.Writer, found *console.Who) error {
	w := bufio.NewWriter(to)
	for i := range found.Objects {
		if i > 0 {
			fmt.Fprintln(w)
		}
		printObject(w, found.ID, &found.Objects[i])
	}
	if len(found.Messages) > 0 {
		fmt.Fprintln(w, "\nmessages")
	}
	for _, m := range found.Messages {
		fmt.Fprintf(w, "  %s  %-24s from %s: %s\n", stamp(m.Time), m.Operation, m.Caller,
			strings.TrimSpace(string(m.Status.CodeMajor)+" "+string(m.Status.CodeMinor)))
		printMore(w, m.Status.Description)
		printMore(w, lead("differs from the contract: ", strings.Join(m.Deviations, "; ")))
	}
	return w.Flush()
}

// stamp writes a time as logs have it, in UTC.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }

// printMore prints what belongs to the line above, on a line of its own.
func printMore(w io.Writer, text string) {
	if text = oneLine(text); text != "" {
		fmt.Fprintf(w, "      %s\n", text)
	}
}

func printObject(w io.Writer, id lis.SourcedID, o *console.Object) {
	state := ""
	if o.Deleted {
		state = ", deleted"
	}
	fmt.Fprintf(w, "%s %s (version %d%s)\n", o.Kind, id, o.Version, state)
	if r, err := lis.UnmarshalRecord(o.Kind, id, o.Record); err == nil && r.Object != nil {
		for _, link := range r.Object.Links() {
			fmt.Fprintf(w, "  %-12s %s\n", link.Name, oneLine(link.Value))
		}
	}
	for _, m := range o.Memberships {
		fmt.Fprintf(w, "  %-12s %s in %s%s\n", "membership", m.Person, m.Collection, lead(" as ", strings.Join(m.Roles, ", ")))
	}
	if len(o.History) > 0 {
		fmt.Fprintln(w, "\nhistory")
	}
	for _, s := range o.History {
		fmt.Fprintf(w, "  %s  %-6s by %s%s\n", stamp(s.Time), s.Act, s.Operation, " from "+or(s.Source, "the gateway"))
	}
	printDeliveries(w, o.Deliveries)
	for _, p := range o.Known {
		gone := ""
		if p.Gone {
			gone = ", gone there"
		}
		fmt.Fprintf(w, "  %s calls it %s%s\n", p.Target, p.TargetID, gone)
	}
}

// printDeliveries tells of each what became of it, and why on lines of their own.
func printDeliveries(w io.Writer, list []console.Delivery) {
	if len(list) > 0 {
		fmt.Fprintln(w, "\ndeliveries")
	}
	before := map[string]bool{} // targets for which a change waits already
	for i := range list {
		d := &list[i]
		fmt.Fprintf(w, "  to %-10s %s\n", d.Target, fate(d, before[d.Target]))
		printMore(w, d.Reason)
		if !strings.Contains(oneLine(d.Reason), oneLine(d.Detail)) { // a reason may quote what the target said
			printMore(w, d.Detail)
		}
		before[d.Target] = before[d.Target] || d.State == journal.Waiting
	}
}

// fate says what became of a change, or when it is tried next.
func fate(d *console.Delivery, behind bool) string {
	tried := string(d.State) + " after " + plural(d.Attempts, "attempt")
	switch {
	case d.State == journal.Parked && d.WaitsFor != nil:
		return "parked until " + strings.TrimSpace(string(d.WaitsFor.Kind)+" "+string(d.WaitsFor.ID)) + " is there"
	case d.State == journal.Held:
		return "held for a decision since " + stamp(d.At) + lead(", it looks like ", d.Match)
	case d.Effect == lis.Superseded:
		return "not sent: a newer change went in its place, " + stamp(d.At)
	case d.State == journal.Parked || d.State == journal.Held:
		return string(d.State) + ", looked at " + stamp(d.At)
	case d.State != journal.Waiting:
		return tried + ", " + stamp(d.At)
	case d.Attempts == 0 && behind:
		return "waits behind the change before it"
	case d.Attempts == 0:
		return "waits for its first attempt"
	}
	tried += ", the last at " + stamp(d.At)
	if d.Due != nil && d.Due.Unix() > 0 {
		tried += ", the next at " + stamp(*d.Due)
	}
	return tried
}
