package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"lisgate/gateway/console"
	"lisgate/gateway/journal"
)

func newCrosswalkCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "crosswalk TARGET KIND SOURCEDID",
		Short: "Show what a target calls an object, and link or unlink the two by hand",
		Long: `Show what a target calls an object, and what it has called it.

With --link the object is what the target has under that id; what waits for it
goes on. With --unlink the two are parted: the id is free for another object,
and with the next change of this one the target is asked for it anew. Neither
changes anything at the target.`,
		Example: `  lisgate crosswalk moodle person p-1
  lisgate crosswalk moodle person p-2 --unlink --why "was another Ann"
  lisgate crosswalk moodle person p-1 --link 208`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 3 || args[0] == "" || args[1] == "" || args[2] == "" {
				return errors.New("crosswalk needs a TARGET, a KIND such as person, and a SOURCEDID; see lisgate crosswalk --help")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return crosswalk(cmd, "crosswalk/"+url.PathEscape(args[0])+"/"+url.PathEscape(args[1])+"/"+url.PathEscape(args[2]))
		},
	}
	addGatewayFlags(cmd)
	cmd.Flags().String("link", "", "the target's id of the object")
	cmd.Flags().Bool("unlink", false, "forget the target's id of the object")
	cmd.Flags().String("why", "", "the reason, for the history")
	cmd.MarkFlagsMutuallyExclusive("link", "unlink")
	return cmd
}

func crosswalk(cmd *cobra.Command, path string) error {
	link, _ := cmd.Flags().GetString("link")
	unlink, _ := cmd.Flags().GetBool("unlink")
	why, _ := cmd.Flags().GetString("why")
	var p journal.Pair
	var err error
	switch {
	case cmd.Flags().Changed("link") && link == "":
		return errors.New("--link needs the target's id of the object; to part the two there is --unlink")
	case link != "":
		err = askFor(cmd, http.MethodPut, path, map[string]string{"targetId": link, "why": why}, &p)
	case unlink:
		err = askFor(cmd, http.MethodDelete, path+"?why="+query(why), nil, &p)
	case why != "":
		return errors.New("--why goes with --link or --unlink")
	}
	if err != nil {
		return err
	}
	var all console.Pairing
	if err := askFor(cmd, http.MethodGet, path, nil, &all); err != nil {
		return err
	}
	if wantsJSON(cmd) {
		return printJSON(cmd.OutOrStdout(), all)
	}
	printPairing(cmd.OutOrStdout(), &all)
	return nil
}

func printPairing(w io.Writer, all *console.Pairing) {
	if p := all.Pair; p != nil {
		fmt.Fprintf(w, "%s  %s %s: %s\n", p.Target, p.Kind, p.ID, called(p))
	}
	for _, step := range all.History {
		fmt.Fprintf(w, "  %s  %-24s %s\n", stamp(step.At), called(&step.Pair), step.Why)
	}
}

// called says what a target calls an object.
func called(p *journal.Pair) string {
	switch {
	case p.Gone && p.TargetID == "":
		return "linked to nothing"
	case p.Gone:
		return p.TargetID + ", gone there"
	case p.TargetID == "":
		return "there, under no id of its own"
	}
	return p.TargetID
}
