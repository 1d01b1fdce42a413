package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"lisgate/config"
	"lisgate/gateway"
)

func newCheckCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check the config, and with --targets whether the targets can be reached",
		Long: `Check the config, and with --targets whether the targets can be reached.
Every mistake is told with its file and line. The exit status is 1 when there
is one, or when a target cannot be used.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if example, _ := cmd.Flags().GetBool("example"); example {
				_, err := fmt.Fprint(cmd.OutOrStdout(), config.Example)
				return err
			}
			return check(cmd)
		},
	}
	addConfigFlags(cmd)
	cmd.Flags().Bool("example", false, "print an annotated example of a config")
	cmd.Flags().Bool("targets", false, "ask each target whether it can be used; nothing is changed there")
	return cmd
}

// checked is the outcome of a check.
type checked struct {
	OK       bool              `json:"ok"`
	Mistakes string            `json:"mistakes,omitempty"`
	Warnings []string          `json:"warnings,omitempty"`
	Listen   string            `json:"listen,omitempty"`
	Callers  int               `json:"callers"`
	Targets  map[string]string `json:"targets,omitempty"` // name to "ok" or what is wrong
	Routes   int               `json:"routes"`
}

func check(cmd *cobra.Command) error {
	c, err := loadConfig(cmd)
	out := checked{OK: err == nil}
	if err != nil {
		out.Mistakes = err.Error()
	} else {
		out.Warnings, out.Listen, out.Callers, out.Routes = c.Warnings, c.Listen, len(c.Callers), len(c.Routes)
		reach, _ := cmd.Flags().GetBool("targets")
		out.targets(cmd.Context(), c, reach)
	}
	if wantsJSON(cmd) {
		err = printJSON(cmd.OutOrStdout(), out)
	} else {
		err = out.print(cmd)
	}
	if err == nil && !out.OK {
		err = &failure{}
	}
	return err
}

// targets asks the targets, when that is wanted.
func (o *checked) targets(ctx context.Context, c *config.Config, reach bool) {
	o.Targets = map[string]string{}
	for _, t := range c.Targets {
		o.Targets[t.Name] = "not asked"
	}
	if !reach {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for name, err := range gateway.CheckTargets(ctx, c) {
		o.Targets[name] = "ok"
		if err != nil {
			o.Targets[name], o.OK = err.Error(), false
		}
	}
}

func (o *checked) print(cmd *cobra.Command) error {
	w := cmd.OutOrStdout()
	for _, text := range o.Warnings {
		fmt.Fprintln(w, "warning:", text)
	}
	if o.Mistakes != "" {
		_, err := fmt.Fprintln(w, o.Mistakes)
		return err
	}
	fmt.Fprintf(w, "config is good: listens on %s, %s, %s, %s\n", o.Listen,
		plural(o.Callers, "caller"), plural(len(o.Targets), "target"), plural(o.Routes, "route"))
	for _, name := range slices.Sorted(maps.Keys(o.Targets)) {
		fmt.Fprintf(w, "target %s: %s\n", name, o.Targets[name])
	}
	return nil
}
