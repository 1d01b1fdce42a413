package main

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"lisgate/gateway/lis"
)

func newMergeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "merge FROM INTO",
		Short: "Make one person of two: memberships and results move, the first is closed",
		Long: `Make one person of two. The memberships and results of FROM become those of
INTO, at every target too, and the account of FROM is closed as a removal there
means. It cannot be undone by a command: FROM stays in the history, see who.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 || args[0] == "" || args[1] == "" {
				return errors.New("merge needs two sourcedIds of persons: FROM, which is closed, and INTO, which stays; see lisgate merge --help")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var status lis.Status
			if err := askFor(cmd, http.MethodPost, "merge", map[string]string{"from": args[0], "into": args[1]}, &status); err != nil {
				return err
			}
			if wantsJSON(cmd) {
				return printJSON(cmd.OutOrStdout(), status)
			}
			fmt.Fprintln(cmd.OutOrStdout(), status.Description)
			return nil
		},
	}
	addGatewayFlags(cmd)
	return cmd
}
