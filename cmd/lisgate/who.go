package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"

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

It asks a running gateway, or with --data reads the folder of one, running or
not. Names and addresses are shown, for somebody who asks by the sourcedId;
passwords are not. All times are UTC.`,
		Args: oneArg("a SOURCEDID"),
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
	return printWho(cmd.OutOrStdout(), found)
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
	text, _ := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	switch {
	case json.Unmarshal(text, &refusal) == nil && refusal.Error != "":
		return refusal.Error
	case wantsTLS(response, text):
		return "the gateway speaks TLS only; use https:// in --gateway"
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
