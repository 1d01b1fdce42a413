package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"

	"github.com/spf13/cobra"

	"lisgate/gateway/console"
	"lisgate/gateway/cps"
	"lisgate/gateway/lis"
)

// decidedAtOnce is the most sections of one order.
const decidedAtOnce = 500

func planDecision(approve bool) *cobra.Command {
	use, short := "approve SECTION…", "Let what is held of sections go to the SIS"
	if !approve {
		use, short = "refuse SECTION… --reason TEXT", "Return what is held of sections to the planner, with the reason"
	}
	cmd := &cobra.Command{Use: use, Short: short, RunE: func(cmd *cobra.Command, args []string) error { return decidePlans(cmd, args, approve) }}
	addPlanFlags(cmd)
	cmd.Flags().String("reason", "", "why; a refusal returns it to the planner")
	cmd.Flags().Bool("all", false, "every section of --plan that is held")
	return cmd
}

func decidePlans(cmd *cobra.Command, args []string, approve bool) error {
	reason, _ := cmd.Flags().GetString("reason")
	all, _ := cmd.Flags().GetBool("all")
	plan, _ := cmd.Flags().GetString("plan")
	switch {
	case len(args) == 0 && !all:
		return fmt.Errorf("say which: %s SECTION…, as lisgate plan list --state held shows them, or --all --plan PLAN", cmd.CommandPath())
	case all && (plan == "" || len(args) > 0):
		return fmt.Errorf("--all needs --plan, whose held sections are all decided, and no SECTION besides")
	case !approve && reason == "":
		return fmt.Errorf("refuse needs --reason: it is returned to the planner, who has to mend it")
	}
	sections := idsOf(args)
	if all {
		var err error
		if sections, err = heldSections(cmd, plan); err != nil {
			return err
		}
	}
	decided, broken := decideInParts(cmd, console.PlanDecision{Sections: sections, Approve: approve, Reason: reason})
	if wantsJSON(cmd) && len(decided) > 0 {
		if err := printJSON(cmd.OutOrStdout(), decided); err != nil {
			return err
		}
	} else {
		printDecisions(cmd.OutOrStdout(), decided)
	}
	if broken != nil {
		return broken
	}
	return undecided(decided, approve)
}

// decideInParts sends a decision about any number of sections, and returns
// what came of it until something broke.
func decideInParts(cmd *cobra.Command, d console.PlanDecision) ([]cps.Decided, error) {
	var decided []cps.Decided
	for part := range slices.Chunk(d.Sections, decidedAtOnce) {
		var some []cps.Decided
		order := d
		order.Sections = part
		if err := askFor(cmd, http.MethodPost, "plans/decide", order, &some); err != nil {
			return decided, err
		}
		decided = append(decided, some...)
	}
	return decided, nil
}

func idsOf(args []string) []lis.SourcedID {
	var ids []lis.SourcedID
	for _, a := range args {
		ids = append(ids, lis.SourcedID(a))
	}
	return ids
}

// heldSections asks which sections of a plan wait.
func heldSections(cmd *cobra.Command, plan string) ([]lis.SourcedID, error) {
	path := "plans/sections?" + url.Values{"plan": {plan}, "state": {string(cps.HeldState)}}.Encode()
	response, err := askAdmin(cmd, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var ids []lis.SourcedID
	_, err = readRows(response.Body, func(s *cps.Standing, _ json.RawMessage) error {
		ids = append(ids, s.Section)
		return nil
	})
	if err == nil && len(ids) == 0 {
		err = &failure{"nothing is held in the plan " + oneLine(plan)}
	}
	return ids, err
}

func printDecisions(w io.Writer, decided []cps.Decided) {
	for _, d := range decided {
		word := string(d.State)
		if d.Failed || d.State == "" {
			word = "NOT DONE"
		}
		fmt.Fprintf(w, "%-10s %s%s\n", word, d.Section, lead(" | ", oneLine(d.Text)))
	}
}

// undecided is a failure when something could not be decided as was asked.
func undecided(decided []cps.Decided, approve bool) error {
	n, word := 0, "refused"
	if approve {
		word = "approved"
	}
	for _, d := range decided {
		if d.Failed || d.State == "" {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return &failure{fmt.Sprintf("%d of %s could not be %s", n, plural(len(decided), "section"), word)}
}

func planPublish() *cobra.Command {
	cmd := &cobra.Command{
		Use: "publish [SECTION…]", Short: "Show sections to everybody, all that are confirmed when none is named",
		RunE: publishPlans,
	}
	addPlanFlags(cmd)
	return cmd
}

func publishPlans(cmd *cobra.Command, args []string) error {
	plan, _ := cmd.Flags().GetString("plan")
	var answer cps.Published
	if err := askFor(cmd, http.MethodPost, "plans/publish", console.PlanPublication{Plan: plan, Sections: idsOf(args)}, &answer); err != nil {
		return err
	}
	w := cmd.OutOrStdout()
	if wantsJSON(cmd) {
		if err := printJSON(w, answer); err != nil {
			return err
		}
	} else {
		printPublished(w, &answer)
	}
	if len(args) > 0 && len(answer.Left) > 0 {
		return &failure{fmt.Sprintf("%s could not be published", plural(len(answer.Left), "section"))}
	}
	return nil
}

func printPublished(w io.Writer, p *cps.Published) {
	if p.Published == 0 && len(p.Left) == 0 {
		fmt.Fprintln(w, "nothing is confirmed that is not published already")
		return
	}
	fmt.Fprintf(w, "%s published\n", plural(p.Published, "section"))
	for i, d := range p.Left {
		if i == failuresShown {
			fmt.Fprintf(w, "and %d more are left; lisgate plan list shows them\n", len(p.Left)-i)
			return
		}
		fmt.Fprintf(w, "left       %s%s%s\n", d.Section, lead(", ", string(d.State)), lead(" | ", oneLine(d.Text)))
	}
}

func planAnswers() *cobra.Command {
	cmd := &cobra.Command{
		Use: "answers", Short: "Show what a SIS said of a plan when nobody waited for it: late, unmatched, repeated", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w := cmd.OutOrStdout()
			n, err := askRows(cmd, "plans/answers", func(a *cps.Answer) {
				times := ""
				if a.Times > 1 {
					times = fmt.Sprintf(", %d times", a.Times)
				}
				fmt.Fprintf(w, "%-10s %s: %s said %s%s, %s%s\n", a.Kind, a.Section, a.From, or(string(a.State), "nothing of the state"),
					lead(" to packet ", oneLine(a.Packet)), stamp(a.At), times)
				printMore(w, a.Reason)
			})
			if err == nil && n == 0 && !wantsJSON(cmd) {
				fmt.Fprintln(w, "there are no such answers")
			}
			return err
		},
	}
	addGatewayFlags(cmd)
	return cmd
}
