package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "lisgate",
		Short: "An IMS LIS gateway between student information systems and learning management systems",
		Long: `lisgate takes what student information systems push over LIS SOAP, keeps it,
brings it to learning management systems, and carries grades back.

Begin with "lisgate demo": it shows the whole way on this machine in seconds.`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.PersistentFlags().Bool("json", false, "print JSON for programs instead of text for people")
	root.AddCommand(newDemoCommand(), newServeCommand(), newCheckCommand(), newSendCommand(),
		newDescribeCommand(), newWhoCommand(), newStatusCommand(), newHoldCommand(), newDeadCommand(), newParkedCommand(),
		newReplayCommand(), newDiffCommand(), newGradesCommand(), newPlanCommand(), newMergeCommand(), newCrosswalkCommand(), newPullCommand(), newMockCommand(), newVersionCommand())
	return root
}

// oneArg wants one argument, and says what it stands for.
func oneArg(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == 0 || args[0] == "":
			return fmt.Errorf("%s needs %s; see %s --help", cmd.Name(), what, cmd.CommandPath())
		case len(args) > 1:
			return fmt.Errorf("%s takes %s and nothing besides, not %q; see %s --help", cmd.Name(), what, args[1], cmd.CommandPath())
		}
		return nil
	}
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes flags only, not %q; see %s --help", cmd.Name(), args[0], cmd.CommandPath())
	}
	return nil
}

// wantsJSON reports whether --json was given.
func wantsJSON(cmd *cobra.Command) bool {
	asked, _ := cmd.Flags().GetBool("json")
	return asked
}

// printJSON prints a document for programs.
func printJSON(w io.Writer, document any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(document)
}
