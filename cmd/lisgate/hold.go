package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"lisgate/gateway/console"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func newHoldCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "hold",
		Short: "Show and decide what waits for a person: floods of removals, and objects that look the same",
		Long: `Show and decide what waits for a person.

A removal is held when there are too many of one kind in one run, at a target
or from a source: nothing is lost by waiting, and much by a wrong file. An
object is held when the target has what looks like the same one.

Approve lets them go; drop decides against them, for good.`,
	}
	list := &cobra.Command{
		Use: "list", Short: "Show what is held, in groups", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return holdList(cmd) },
	}
	addGatewayFlags(list)
	list.Flags().String("target", "", "only of this target")
	cmd.AddCommand(list, holdDecision("approve", "Let what is held go", true), holdDecision("drop", "Decide against what is held", false))
	return cmd
}

func holdDecision(use, short string, approve bool) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return holdDecide(cmd, approve) },
	}
	addGatewayFlags(cmd)
	cmd.Flags().String("target", "", "of this target")
	cmd.Flags().String("kind", "", "only of this kind")
	cmd.Flags().String("hold", "", "only held for this reason: removal or match")
	cmd.Flags().StringSlice("id", nil, "only these sourcedIds")
	cmd.Flags().Bool("all", false, "every one that is held at the target")
	cmd.Flags().String("job", "", "of a source: the job that hold list names")
	return cmd
}

func holdList(cmd *cobra.Command) error {
	target, _ := cmd.Flags().GetString("target")
	var groups []console.HeldGroup
	if err := askFor(cmd, http.MethodGet, "holds?target="+query(target), nil, &groups); err != nil {
		return err
	}
	if wantsJSON(cmd) {
		return printJSON(cmd.OutOrStdout(), groups)
	}
	printHolds(cmd.OutOrStdout(), groups)
	return nil
}

func printHolds(w io.Writer, groups []console.HeldGroup) {
	if len(groups) == 0 {
		fmt.Fprintln(w, "nothing is held")
		return
	}
	for i, g := range groups {
		if i > 0 {
			fmt.Fprintln(w)
		}
		where, flags := "at "+g.Target, "--target "+g.Target+" --kind "+string(g.Kind)+" --hold "+string(g.Hold)
		if g.Job != "" {
			where, flags = "from "+g.Source, "--job "+g.Job
		}
		fmt.Fprintf(w, "%s %s: %s, the first since %s\n", where, g.Hold, plural(int(g.Count), string(g.Kind)), stamp(g.Oldest))
		if g.Hold != journal.HoldMatch { // each has a reason of its own
			printMore(w, g.Reason)
		}
		for _, d := range g.Sample {
			fmt.Fprintf(w, "      %s%s%s\n", d.ID, lead(" looks like ", d.Match), matchReason(&d))
		}
		if more := int(g.Count) - len(g.Sample); more > 0 && len(g.Sample) > 0 {
			fmt.Fprintf(w, "      and %d more\n", more)
		}
		fmt.Fprintf(w, "  lisgate hold approve %s\n  lisgate hold drop %s\n", flags, flags)
	}
}

func matchReason(d *console.Delivery) string {
	if d.Match == "" {
		return ""
	}
	return lead(": ", strings.TrimPrefix(oneLine(d.Reason), "refused: "))
}

func holdDecide(cmd *cobra.Command, approve bool) error {
	d := console.Decision{Approve: approve}
	d.Target, _ = cmd.Flags().GetString("target")
	d.Job, _ = cmd.Flags().GetString("job")
	kind, _ := cmd.Flags().GetString("kind")
	hold, _ := cmd.Flags().GetString("hold")
	ids, _ := cmd.Flags().GetStringSlice("id")
	d.All, _ = cmd.Flags().GetBool("all")
	d.Kind, d.Hold = lis.Kind(kind), journal.Hold(hold)
	if d.Target != "" && d.Job == "" && !d.All && kind == "" && hold == "" && len(ids) == 0 {
		return fmt.Errorf("say which of the holds at %s: --kind, --hold or --id, as lisgate hold list shows them, or --all", d.Target)
	}
	for _, id := range ids {
		d.IDs = append(d.IDs, lis.SourcedID(id))
	}
	var answer console.Decided
	if err := askFor(cmd, http.MethodPost, "holds", d, &answer); err != nil {
		return err
	}
	if wantsJSON(cmd) {
		return printJSON(cmd.OutOrStdout(), answer)
	}
	return printDecided(cmd.OutOrStdout(), &answer, approve)
}

// printDecided tells what came of a decision. What stayed is a failure.
func printDecided(w io.Writer, answer *console.Decided, approve bool) error {
	word := "dropped"
	if approve {
		word = "approved"
	}
	if answer.Decided == 0 && answer.Stay == 0 {
		return &failure{"nothing that is held fits; see lisgate hold list"}
	}
	fmt.Fprintf(w, "%d %s\n", answer.Decided, word)
	if answer.Stay == 0 {
		return nil
	}
	for _, s := range answer.Stayed {
		fmt.Fprintf(w, "stays held: %s %s\n", s.Kind, s.ID)
		printMore(w, s.Reason)
	}
	return &failure{fmt.Sprintf("%d could not be %s and stay held", answer.Stay, word)}
}
