package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lisgate/gateway/console"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/replay"
)

func newReplayCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "replay --target TARGET",
		Short: "Send to a target again what was sent there before: one object, or many by filter",
		Long: `Send to a target again what was sent there before. What goes out is the newest
change of each object, through the queue and under the rules of every delivery.

Without a filter everything that the target was told is sent again; look at it
first with --preview. The job can be paused, resumed and cancelled, and goes on
after a restart.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return startReplay(cmd) },
	}
	addGatewayFlags(cmd)
	f := cmd.Flags()
	f.String("target", "", "who is told again")
	f.StringSlice("kind", nil, "only these kinds")
	f.StringSlice("id", nil, "only these sourcedIds")
	f.StringSlice("state", nil, "only what is applied, dead or dropped")
	f.String("source", "", "only changes that this caller asked for")
	f.String("reason", "", "only those whose reason or answer holds this text")
	f.String("since", "", "only what was settled at this time or later (2026-09-01T08:00:00Z, or an age such as 2h)")
	f.String("until", "", "only what was settled before this time")
	f.Bool("drops", false, "removals too; else they are left out")
	f.Float64("rate", 0, "objects a second; 0 for no limit")
	f.Bool("preview", false, "say what would be sent, and send nothing")
	cmd.AddCommand(replayList(), replayMove("pause", "Stop a replay for a while"), replayMove("resume", "Go on with a replay"), replayMove("cancel", "End a replay"))
	return cmd
}

func startReplay(cmd *cobra.Command) error {
	o, err := replayOrder(cmd)
	if err != nil {
		return err
	}
	if preview, _ := cmd.Flags().GetBool("preview"); preview {
		var p replay.Preview
		if err := askFor(cmd, http.MethodPost, "replays?preview=true", o, &p); err != nil {
			return err
		}
		if wantsJSON(cmd) {
			return printJSON(cmd.OutOrStdout(), p)
		}
		printPreview(cmd.OutOrStdout(), o.Target, &p)
		return nil
	}
	var j replay.Job
	if err := askFor(cmd, http.MethodPost, "replays", o, &j); err != nil {
		return err
	}
	if wantsJSON(cmd) {
		return printJSON(cmd.OutOrStdout(), j)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s begun; see lisgate replay list\n", j.ID)
	return nil
}

func replayOrder(cmd *cobra.Command) (console.ReplayOrder, error) {
	var o console.ReplayOrder
	f := cmd.Flags()
	o.Target, _ = f.GetString("target")
	o.Source, _ = f.GetString("source")
	o.Reason, _ = f.GetString("reason")
	o.Rate, _ = f.GetFloat64("rate")
	o.Drops, _ = f.GetBool("drops")
	kinds, _ := f.GetStringSlice("kind")
	ids, _ := f.GetStringSlice("id")
	states, _ := f.GetStringSlice("state")
	for _, k := range kinds {
		if lis.InfoOf(lis.Kind(k)) == nil {
			return o, fmt.Errorf("--kind %s: there is no such kind", k)
		}
		o.Kinds = append(o.Kinds, lis.Kind(k))
	}
	for _, id := range ids {
		o.IDs = append(o.IDs, lis.SourcedID(id))
	}
	for _, s := range states {
		o.States = append(o.States, journal.State(s))
	}
	if o.Target == "" {
		return o, fmt.Errorf("replay needs --target: who is told again")
	}
	var err error
	if o.Since, err = moment(cmd, "since"); err != nil {
		return o, err
	}
	o.Until, err = moment(cmd, "until")
	return o, err
}

// moment reads a flag that is a time, or an age.
func moment(cmd *cobra.Command, flag string) (time.Time, error) {
	text, _ := cmd.Flags().GetString(flag)
	if text == "" {
		return time.Time{}, nil
	}
	if age, err := time.ParseDuration(text); err == nil {
		return time.Now().Add(-age), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, fmt.Errorf("--%s %s is neither a time such as 2026-09-01T08:00:00Z nor an age such as 2h", flag, text)
	}
	return at, nil
}

func printPreview(w io.Writer, target string, p *replay.Preview) {
	total := int64(0)
	for _, info := range lis.Kinds {
		if n := p.Count[info.Kind]; n > 0 {
			fmt.Fprintf(w, "%8d  %s\n", n, info.Kind)
			total += n
		}
	}
	fmt.Fprintf(w, "%8d  would be sent to %s again\n", total, target)
	if p.Drops > 0 {
		fmt.Fprintf(w, "%8d  removals left out; --drops takes them too\n", p.Drops)
	}
	for _, c := range p.First {
		fmt.Fprintf(w, "  %s %s: %s\n", c.Kind, c.ID, c.State)
		printMore(w, c.Reason)
	}
	if more := total - int64(len(p.First)); more > 0 {
		fmt.Fprintf(w, "  and %d more\n", more)
	}
}

func replayList() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "Show replays and how far they are", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var jobs []*replay.Job
			if err := askFor(cmd, http.MethodGet, "replays", nil, &jobs); err != nil {
				return err
			}
			if wantsJSON(cmd) {
				return printJSON(cmd.OutOrStdout(), jobs)
			}
			if len(jobs) == 0 {
				fmt.Fprintln(cmd.OutOrStdout(), "there are no replays")
			}
			for _, j := range jobs {
				fmt.Fprintf(cmd.OutOrStdout(), "%s to %s: %s, %d looked at, %d sent again, by %s\n", j.ID, j.Target, j.State, j.Looked, j.Sent, j.By)
			}
			return nil
		}}
	addGatewayFlags(cmd)
	return cmd
}

func replayMove(verb, short string) *cobra.Command {
	cmd := &cobra.Command{Use: verb + " ID", Short: short, Args: oneArg("the ID of a replay; see replay list"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var j replay.Job
			if err := askFor(cmd, http.MethodPost, "replays/"+escapePath(args[0])+"/"+verb, struct{}{}, &j); err != nil {
				return err
			}
			if wantsJSON(cmd) {
				return printJSON(cmd.OutOrStdout(), j)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s is %s\n", j.ID, j.State)
			return nil
		}}
	addGatewayFlags(cmd)
	return cmd
}

// escapePath escapes the parts of a path.
func escapePath(path string) string {
	parts := strings.Split(path, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}
