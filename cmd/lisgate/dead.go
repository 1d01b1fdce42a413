package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lisgate/gateway/console"
)

func newDeadCommand() *cobra.Command {
	return newListCommand("dead", "Show what targets refused, why, and what to do",
		"nothing was refused", "lisgate replay --target %s --state dead sends them again")
}

func newParkedCommand() *cobra.Command {
	return newListCommand("parked", "Show what waits for a parent that is not at its target yet",
		"nothing is parked", "each goes by itself once what it waits for is at %s")
}

// newListCommand makes a verb that shows deliveries of one state, and at the
// end what is to be done about those of each target.
func newListCommand(name, short, nothing, advice string) *cobra.Command {
	cmd := &cobra.Command{
		Use: name, Short: short, Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			target, _ := cmd.Flags().GetString("target")
			var rows []console.Delivery
			if err := askFor(cmd, http.MethodGet, name+"?target="+query(target), nil, &rows); err != nil {
				return err
			}
			if wantsJSON(cmd) {
				return printJSON(cmd.OutOrStdout(), rows)
			}
			if len(rows) == 0 {
				fmt.Fprintln(cmd.OutOrStdout(), nothing)
			}
			printRows(cmd.OutOrStdout(), rows, advice)
			return nil
		},
	}
	addGatewayFlags(cmd)
	cmd.Flags().String("target", "", "only of this target")
	return cmd
}

func printRows(w io.Writer, rows []console.Delivery, advice string) {
	var targets []string
	for i := range rows {
		d := &rows[i]
		printRow(w, d)
		if !slices.Contains(targets, d.Target) {
			targets = append(targets, d.Target)
		}
	}
	if len(rows) >= console.Shown {
		fmt.Fprintf(w, "there may be more: the first %d are shown\n", len(rows))
	}
	for _, target := range targets {
		if advice != "" {
			fmt.Fprintln(w, strings.ReplaceAll(advice, "%s", target))
		}
	}
}

func printRow(w io.Writer, d *console.Delivery) {
	if d.WaitsFor != nil && d.WaitsFor.ID != "" {
		parent := strings.TrimSpace(string(d.WaitsFor.Kind) + " " + string(d.WaitsFor.ID))
		fmt.Fprintf(w, "%s  %s %s: %s, waits for %s, looked at %s\n", d.Target, d.Kind, d.ID, d.State, parent, stamp(d.At))
		return
	}
	fmt.Fprintf(w, "%s  %s %s: %s\n", d.Target, d.Kind, d.ID, fate(d, false))
	printMore(w, d.Reason)
	if !strings.Contains(oneLine(d.Reason), oneLine(d.Detail)) {
		printMore(w, lead("the target said: ", d.Detail))
	}
}

// query escapes a value of a query.
func query(s string) string { return url.QueryEscape(s) }
