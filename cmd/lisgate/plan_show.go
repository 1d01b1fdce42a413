package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"lisgate/gateway/cps"
	"lisgate/gateway/lis"
)

func planShow() *cobra.Command {
	cmd := &cobra.Command{
		Use: "show SECTION", Short: "Show one section: what it is, what it would be, what the checks say, and its history",
		Args: oneArg("a SECTION"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s := &cps.Standing{}
			if err := askFor(cmd, http.MethodGet, "plans/sections/"+url.PathEscape(args[0]), nil, s); err != nil {
				return err
			}
			if wantsJSON(cmd) {
				return printJSON(cmd.OutOrStdout(), s)
			}
			printStandingOf(cmd.OutOrStdout(), s)
			return nil
		},
	}
	addGatewayFlags(cmd)
	return cmd
}

func printStandingOf(w io.Writer, s *cps.Standing) {
	fmt.Fprintf(w, "section %s%s: %s\n", s.Section, lead(", for the planner ", string(s.PlannerID)), planTitle(s))
	fmt.Fprintf(w, "plan %s%s, %s\n", s.Plan, lead(", packet ", oneLine(s.Packet)), stamp(s.Updated))
	printMore(w, lead("reason: ", s.Reason))
	if s.Sent != nil {
		printSent(w, s.Sent)
	}
	if s.Held != nil {
		printProposal(w, s.Held)
	}
	if len(s.Past) > 0 {
		fmt.Fprintln(w, "\nhistory")
	}
	for _, e := range s.Past {
		fmt.Fprintf(w, "  %s  %-10s%s%s\n", stamp(e.At), e.State, lead(" by ", e.By), lead(": ", oneLine(e.Text)))
	}
	printNext(w, s)
}

func planTitle(s *cps.Standing) string {
	switch {
	case s.Held == nil:
		return string(s.State)
	case s.Held.Why == cps.HoldConflict:
		return "HELD, for both sides changed it"
	}
	return "HELD, for a rule wants a person to see it"
}

func printSent(w io.Writer, s *cps.Sent) {
	text := "on its way to the SIS since " + stamp(s.At)
	if s.Created {
		text += "; it is new there, and gets its id from the SIS"
	}
	if s.Working {
		text += "; the SIS answered that it works on it"
	}
	printMore(w, text)
}

// printProposal shows a change beside what is there, and what the checks say.
func printProposal(w io.Writer, h *cps.Proposal) {
	printMore(w, lead("why: ", h.Rule))
	now := h.Current
	if now == nil {
		now = h.Base
	}
	fmt.Fprintln(w)
	if now == nil {
		fmt.Fprintln(w, "  it is new: there is nothing to compare it with")
	} else {
		fmt.Fprintf(w, "  - what it is%s\n", versionOf(now))
	}
	fmt.Fprintf(w, "  + what %s makes of it (%s, %s)\n", h.From, h.Operation, stamp(h.At))
	base := h.Base
	if h.Current == nil {
		base = nil
	} else if base != nil {
		fmt.Fprintf(w, "  o what it was before both%s\n", versionOf(base))
	}
	fmt.Fprintln(w)
	printVersions(w, now, h.Proposed, base)
	if len(h.Findings) > 0 {
		fmt.Fprintln(w, "\nwhat the checks found")
	}
	for _, f := range h.Findings {
		fmt.Fprintf(w, "  %-11s %s\n", f.Rule, oneLine(f.Text))
	}
}

func versionOf(v *cps.Version) string {
	text := ""
	if v.Version > 0 {
		text = fmt.Sprintf("version %d", v.Version)
	}
	if !v.At.IsZero() {
		text = joined([]string{text, stamp(v.At)}, ", ")
	}
	text = joined([]string{text, lead("by ", v.By)}, ", ")
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

// printNext says what can be done now.
func printNext(w io.Writer, s *cps.Standing) {
	fmt.Fprintln(w)
	switch {
	case s.Held != nil:
		fmt.Fprintf(w, "  lisgate plan approve %s\n      it becomes what + shows, once the checks have passed again\n", s.Section)
		fmt.Fprintf(w, "  lisgate plan refuse %s --reason \"…\"\n      it stays as it is; a planner is told the reason\n", s.Section)
	case s.Sent != nil:
		fmt.Fprintf(w, "  lisgate who %s    shows what keeps it on the way\n", s.Section)
	case s.State == lis.PlanRefused:
		fmt.Fprintln(w, "  nothing to do here: the planner has the reason, and can send it again")
	case s.State == lis.PlanConfirmed:
		fmt.Fprintf(w, "  lisgate plan publish %s    shows it to everybody\n", s.Section)
	default:
		fmt.Fprintln(w, "  nothing to do")
	}
}
