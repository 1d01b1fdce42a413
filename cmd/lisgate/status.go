package main

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"lisgate/gateway/console"
	engine "lisgate/gateway/deliver"
	"lisgate/gateway/lis"
)

func newStatusCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show whether everything flows: queues, rates and drain of the targets, and when sources last came",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return status(cmd) },
	}
	addGatewayFlags(cmd)
	return cmd
}

// flow is what the gateway says of itself.
type flow struct {
	Targets []engine.Status `json:"targets"`
	Feeds   []feedStatus    `json:"feeds"`
	Dead    map[string]int  `json:"dead"`   // refused and not made good since, by target
	Absent  map[string]int  `json:"absent"` // no longer listed by a source, and held
}

// feedStatus is what is shown of a source or a caller.
type feedStatus struct {
	Name        string    `json:"name"`
	Source      bool      `json:"source"`
	LastSuccess time.Time `json:"lastSuccess,omitzero"`
	LastTrouble string    `json:"lastTrouble,omitempty"`
	Next        time.Time `json:"next,omitzero"`
	Expect      string    `json:"expect,omitempty"`
	Late        bool      `json:"late"`
}

func status(cmd *cobra.Command) error {
	var f flow
	if err := askFor(cmd, http.MethodGet, "targets", nil, &f.Targets); err != nil {
		return err
	}
	if err := askFor(cmd, http.MethodGet, "feeds", nil, &f.Feeds); err != nil {
		return err
	}
	if err := f.open(cmd); err != nil {
		return err
	}
	if wantsJSON(cmd) {
		return printJSON(cmd.OutOrStdout(), f)
	}
	printFlow(cmd.OutOrStdout(), &f)
	return nil
}

// open asks for what waits for a person.
func (f *flow) open(cmd *cobra.Command) error {
	var dead []console.Delivery
	if err := askFor(cmd, http.MethodGet, "dead", nil, &dead); err != nil {
		return err
	}
	f.Dead, f.Absent = map[string]int{}, map[string]int{}
	for i := range dead {
		f.Dead[dead[i].Target]++
	}
	var held []console.HeldGroup
	if err := askFor(cmd, http.MethodGet, "holds", nil, &held); err != nil {
		return err
	}
	for i := range held {
		if held[i].Job != "" {
			f.Absent[held[i].Source] += int(held[i].Count)
		}
	}
	return nil
}

func printFlow(w io.Writer, f *flow) {
	if len(f.Targets) == 0 {
		fmt.Fprintln(w, "no targets are configured")
	}
	for i := range f.Targets {
		printTarget(w, &f.Targets[i], f.Dead[f.Targets[i].Target])
	}
	for i := range f.Feeds {
		s := &f.Feeds[i]
		word := "fresh"
		if s.Late {
			word = "LATE"
		}
		last := "never came"
		if !s.LastSuccess.IsZero() {
			last = "last came " + stamp(s.LastSuccess)
		}
		fmt.Fprintf(w, "from %-14s %s: %s%s\n", s.Name, word, last, lead(", expected every ", s.Expect))
		printMore(w, lead("trouble: ", s.LastTrouble))
		if n := f.Absent[s.Name]; n > 0 {
			fmt.Fprintf(w, "      %d are no longer in its list and wait for a decision: lisgate hold list\n", n)
		}
	}
}

func printTarget(w io.Writer, s *engine.Status, dead int) {
	word := "flows"
	if s.Away {
		word = "AWAY since " + stamp(s.AwaySince) + ", asked again at " + stamp(s.NextProbe)
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
	if q.Held > 0 {
		fmt.Fprintf(w, "      %d wait for a decision: lisgate hold list --target %s\n", q.Held, s.Target)
	}
	if dead > 0 {
		more := ""
		if dead >= console.Shown {
			more = " or more"
		}
		fmt.Fprintf(w, "      %d%s refused, and not made good since: lisgate dead --target %s\n", dead, more, s.Target)
	}
	for _, info := range lis.Kinds {
		if k, ok := s.Kinds[info.Kind]; ok {
			fmt.Fprintf(w, "      this run: %-18s %d applied, %d refused, %d held, %d parked\n", info.Kind, k.Applied, k.Refused, k.Held, k.Parked)
		}
	}
}
