package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"lisgate/config"
	"lisgate/gateway"
	"lisgate/gateway/console"
	"lisgate/gateway/journal/sqlite"
	"lisgate/gateway/lis"
	"lisgate/gateway/reconcile"
)

// readOnly is a folder of records that nothing is sent from.
type readOnly struct{ *sqlite.Reader }

func (readOnly) Resend(context.Context, string, []lis.Ref) (int, error) {
	return 0, errors.New("nothing is sent in a dry run")
}

// dryRun compares under a config that is not in force.
func dryRun(cmd *cobra.Command, path, target string) error {
	over := map[string]any{}
	if data, _ := cmd.Flags().GetString("data"); data != "" {
		over["data"] = data
	}
	c, err := config.Load(path, over)
	if err != nil {
		return err
	}
	reader, err := sqlite.OpenReader(cmd.Context(), c.Data, sqlite.Options{})
	if err != nil {
		return err
	}
	defer reader.Close()
	o, err := gateway.DryRun(readOnly{reader}, c, target)
	if err != nil {
		return err
	}
	defer o.Adapter.Close()
	kinds, _ := cmd.Flags().GetStringSlice("kind")
	for _, k := range kinds {
		o.Kinds = append(o.Kinds, lis.Kind(k))
	}
	return tellDryRun(cmd, o)
}

func tellDryRun(cmd *cobra.Command, o reconcile.Options) error {
	p := diffPrinterFor(cmd)
	values, _ := cmd.Flags().GetBool("values")
	sums, err := reconcile.Compare(cmd.Context(), o, func(d *reconcile.Difference) error {
		if !values {
			d.HideValues()
		}
		return p.difference(d)
	})
	if err != nil {
		return err
	}
	end := &console.DiffEnd{Summary: sums}
	if err := p.end(end); err != nil {
		return err
	}
	return verdict(end, false)
}
