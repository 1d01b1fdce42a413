package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"lisgate/gateway/cps"
	"lisgate/gateway/lis"
)

func planList() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Short: "Show where sections stand: what waits for a decision, what was refused and why",
		Long: `Show where sections stand, one a line: its state, the section, when and where it
is to meet, and why it waits or was refused. At the end stands what to do next.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return listPlans(cmd) },
	}
	addPlanFlags(cmd)
	cmd.Flags().String("state", "", "only held, requested, proposed, confirmed, refused, published or cancelled")
	return cmd
}

func listPlans(cmd *cobra.Command) error {
	plan, _ := cmd.Flags().GetString("plan")
	state, _ := cmd.Flags().GetString("state")
	w := cmd.OutOrStdout()
	if !wantsJSON(cmd) {
		if err := planHeads(cmd, plan); err != nil {
			return err
		}
	}
	var next advice
	path := "plans/sections?" + url.Values{"plan": {plan}, "state": {state}}.Encode()
	n, err := askRows(cmd, path, func(s *cps.Standing) {
		next.note(s)
		fmt.Fprintln(w, planLine(s))
	})
	if err != nil || wantsJSON(cmd) {
		return err
	}
	if n == 0 {
		fmt.Fprintln(w, nothingPlanned(lis.PlanState(state)))
	}
	next.print(w)
	return nil
}

func nothingPlanned(state lis.PlanState) string {
	switch state {
	case "":
		return "no planner has said anything of a section yet"
	case cps.HeldState:
		return "nothing waits for a decision"
	}
	return "no section is " + string(state)
}

// planHeads prints of each plan how it stands as a whole.
func planHeads(cmd *cobra.Command, plan string) error {
	var sums []cps.Summary
	if err := askFor(cmd, http.MethodGet, "plans", nil, &sums); err != nil {
		return err
	}
	known := plan == ""
	for i := range sums {
		if plan == "" || sums[i].Plan == plan {
			known = true
			printSummary(cmd.OutOrStdout(), &sums[i])
		}
	}
	if !known {
		return &failure{"there is no plan " + oneLine(plan) + lead("; there are ", planNames(sums))}
	}
	return nil
}

func planNames(sums []cps.Summary) string {
	var names []string
	for _, s := range sums {
		names = append(names, s.Plan)
	}
	return strings.Join(names, ", ")
}

// planOrder is the order in which states are told.
var planOrder = []lis.PlanState{lis.PlanDraft, lis.PlanRequested, lis.PlanProposed, lis.PlanConfirmed, lis.PlanPublished, lis.PlanRefused, lis.PlanCancelled}

func printSummary(w io.Writer, s *cps.Summary) {
	var parts []string
	if s.Held > 0 {
		parts = append(parts, fmt.Sprintf("%d HELD", s.Held))
	}
	for _, state := range planOrder {
		if n := s.Sections[state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", grouped(n), state))
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing planned yet"}
	}
	fmt.Fprintf(w, "plan %s, %s for %s: %s\n", s.Plan, s.Planner, s.SIS, strings.Join(parts, ", "))
	if s.Sent > 0 {
		fmt.Fprintf(w, "      %s on the way to %s: lisgate status\n", plural(s.Sent, "section"), s.SIS)
	}
	if s.Answers > 0 {
		fmt.Fprintf(w, "      %s of %s for which nobody waited: lisgate plan answers\n", plural(s.Answers, "answer"), s.SIS)
	}
}

// planWord says in a word or two where a section stands.
func planWord(s *cps.Standing) string {
	switch {
	case s.Held != nil:
		return string(cps.HeldState)
	case s.Sent != nil:
		return string(s.State) + "…"
	}
	return string(s.State)
}

// planLine tells of one section on one line.
func planLine(s *cps.Standing) string {
	parts := []string{fmt.Sprintf("%-10s %s", planWord(s), oneLine(string(s.Section)))}
	switch h := s.Held; {
	case h != nil:
		if h.Proposed != nil {
			parts = append(parts, or(oneLine(versionMeeting(h.Proposed)), "meets nowhere"))
		}
		parts = append(parts, "waits: "+oneLine(heldWhy(h)))
		if n := len(h.Findings); n > 0 {
			parts = append(parts, plural(n, "finding"))
		}
	case s.Sent != nil:
		parts = append(parts, oneLine(s.Meeting), "on the way to the SIS since "+stamp(s.Sent.At), oneLine(s.Reason))
	default:
		parts = append(parts, oneLine(s.Meeting), oneLine(s.Reason))
	}
	return joined(parts, " | ")
}

func heldWhy(h *cps.Proposal) string {
	if h.Why == cps.HoldConflict {
		return joined([]string{"both sides changed it", h.Rule}, ": ")
	}
	return h.Rule
}

func versionMeeting(v *cps.Version) string {
	return joined([]string{v.Meeting, placeIfApart(v)}, " in ")
}

// placeIfApart is the location of a version, unless its meeting names it.
func placeIfApart(v *cps.Version) string {
	if strings.Contains(v.Meeting, v.Location) {
		return ""
	}
	return v.Location
}

// joined joins the parts that are there.
func joined(parts []string, with string) string {
	var there []string
	for _, p := range parts {
		if p != "" {
			there = append(there, p)
		}
	}
	return strings.Join(there, with)
}

// An advice is what can be done next about what was listed.
type advice struct{ held, refused, confirmed bool }

func (a *advice) note(s *cps.Standing) {
	a.held = a.held || s.Held != nil
	a.refused = a.refused || s.Held == nil && s.State == lis.PlanRefused
	a.confirmed = a.confirmed || s.Held == nil && s.State == lis.PlanConfirmed
}

func (a *advice) print(w io.Writer) {
	if a.held {
		fmt.Fprint(w, "what is held waits for you:\n",
			"  lisgate plan show SECTION                       what it is, and what it would be\n",
			"  lisgate plan approve SECTION…                   lets it go to the SIS\n",
			"  lisgate plan refuse SECTION… --reason \"…\"       returns it to the planner\n")
	}
	if a.refused {
		fmt.Fprintln(w, "what is refused is as it was at the SIS; the planner has the reason, and can send it again")
	}
	if a.confirmed {
		fmt.Fprintln(w, "what is confirmed is at the SIS; lisgate plan publish shows it to everybody")
	}
}
