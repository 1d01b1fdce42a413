package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"lisgate/gateway/console"
	"lisgate/gateway/journal/sqlite"
	"lisgate/gateway/lis"
)

func newWhoCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "who SOURCEDID",
		Short: "Show all that is known of an object: record, history, messages, deliveries",
		Long: `Show all that is known under a sourcedId: the record of each kind that has it,
its history, the messages about it, and what became of it at each target.

It asks a running gateway, or with --data reads the folder of one, running or not.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return who(cmd, args[0]) },
	}
	addGatewayFlags(cmd)
	cmd.Flags().String("data", "", "read this folder of records instead of asking a gateway")
	return cmd
}

func who(cmd *cobra.Command, id string) error {
	found, err := lookUp(cmd, id)
	if err != nil {
		return err
	}
	if wantsJSON(cmd) {
		return printJSON(cmd.OutOrStdout(), found)
	}
	printWho(cmd.OutOrStdout(), found)
	return nil
}

// lookUp asks the gateway or reads the folder.
func lookUp(cmd *cobra.Command, id string) (*console.Who, error) {
	if data, _ := cmd.Flags().GetString("data"); data != "" {
		return lookInto(cmd.Context(), data, id)
	}
	response, err := ask(cmd, http.MethodGet, "/admin/v1/who/"+url.PathEscape(id), "", nil)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, &failure{refusalText(response)}
	}
	found := &console.Who{}
	return found, json.NewDecoder(response.Body).Decode(found)
}

// refusalText takes the text out of a refusal of the admin API.
func refusalText(response *http.Response) string {
	var refusal struct{ Error string }
	if json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&refusal) == nil && refusal.Error != "" {
		return refusal.Error
	}
	return "the gateway answered " + response.Status
}

func lookInto(ctx context.Context, dir, id string) (*console.Who, error) {
	reader, err := sqlite.OpenReader(ctx, dir, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	snap, err := reader.Snapshot(ctx)
	if err != nil {
		return nil, errors.Join(err, reader.Close())
	}
	found, err := console.Look(snap, lis.SourcedID(id))
	if err != nil {
		err = &failure{err.Error()}
	}
	return found, errors.Join(err, snap.Close(), reader.Close())
}

// printWho says it to people.
func printWho(w io.Writer, found *console.Who) {
	for i := range found.Objects {
		printObject(w, found.ID, &found.Objects[i])
	}
	if len(found.Messages) > 0 {
		fmt.Fprintln(w, "\nmessages")
	}
	for _, m := range found.Messages {
		fmt.Fprintf(w, "  %s  %-24s from %s: %s %s\n", m.Time.Format("2006-01-02 15:04:05"), m.Operation, m.Caller, m.Status.CodeMajor, m.Status.CodeMinor)
		if m.Status.Description != "" {
			fmt.Fprintf(w, "      %s\n", m.Status.Description)
		}
		if len(m.Deviations) > 0 {
			fmt.Fprintf(w, "      off the contract: %s\n", strings.Join(m.Deviations, "; "))
		}
	}
}

func printObject(w io.Writer, id lis.SourcedID, o *console.Object) {
	state := ""
	if o.Deleted {
		state = ", deleted"
	}
	fmt.Fprintf(w, "%s %s (version %d%s)\n", o.Kind, id, o.Version, state)
	if r, err := lis.UnmarshalRecord(o.Kind, id, o.Record); err == nil && r.Object != nil {
		for _, link := range r.Object.Links() {
			fmt.Fprintf(w, "  %-12s %s\n", link.Name, link.Value)
		}
	}
	for _, m := range o.Memberships {
		fmt.Fprintf(w, "  %-12s %s in %s as %s\n", "membership", m.Person, m.Collection, strings.Join(m.Roles, ", "))
	}
	if len(o.History) > 0 {
		fmt.Fprintln(w, "\nhistory")
	}
	for _, s := range o.History {
		fmt.Fprintf(w, "  %s  %-6s by %s from %s\n", s.Time.Format("2006-01-02 15:04:05"), s.Act, s.Operation, s.Source)
	}
	if len(o.Deliveries) > 0 {
		fmt.Fprintln(w, "\ndeliveries")
	}
	for _, d := range o.Deliveries {
		fmt.Fprintf(w, "  to %-10s %s after %d attempts %s %s\n", d.Target, d.State, d.Attempts, d.Reason, d.Detail)
	}
}
