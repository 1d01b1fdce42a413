package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

func newPullCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "pull SOURCE",
		Short: "Ask a source for what is new there, now",
		Args:  oneArg("a SOURCE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var r pullReport
			if err := askFor(cmd, http.MethodPost, "feeds/"+url.PathEscape(args[0])+"/pull", nil, &r); err != nil {
				return err
			}
			if wantsJSON(cmd) {
				return printJSON(cmd.OutOrStdout(), r)
			}
			printPull(cmd.OutOrStdout(), &r)
			return nil
		},
	}
	addGatewayFlags(cmd)
	return cmd
}

// pullReport is what is shown of a pull.
type pullReport struct {
	Feed   string `json:"feed"`
	Counts map[lis.Kind]struct {
		Read      int64 `json:"read"`
		Changed   int64 `json:"changed"`
		Unchanged int64 `json:"unchanged"`
		Removed   int64 `json:"removed"`
		Refused   int64 `json:"refused"`
		Held      int64 `json:"held"`
	} `json:"counts"`
	Holds    []string             `json:"holds,omitempty"`
	Rejected []adapters.Rejection `json:"rejected,omitempty"`
}

func printPull(w io.Writer, r *pullReport) {
	nothing := true
	for _, info := range lis.Kinds {
		c, ok := r.Counts[info.Kind]
		if !ok {
			continue
		}
		nothing = false
		fmt.Fprintf(w, "%-18s %d read: %d changed, %d unchanged, %d removed, %d refused, %d held\n", info.Kind, c.Read, c.Changed, c.Unchanged, c.Removed, c.Refused, c.Held)
	}
	if nothing {
		fmt.Fprintf(w, "%s has nothing new\n", r.Feed)
	}
	for _, j := range r.Rejected {
		fmt.Fprintf(w, "refused  %s %s\n", j.Kind, j.Key)
		printMore(w, lead("at ", j.Where))
		printMore(w, j.Reason)
	}
	for _, job := range r.Holds {
		fmt.Fprintf(w, "held: lisgate hold list, then lisgate hold approve --job %s\n", job)
	}
}
