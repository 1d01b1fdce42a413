package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lisgate/config"
	"lisgate/gateway"
)

func newCheckCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check the config and all it names, and with --targets whether targets and sources can be reached",
		Long: `Check the config, and with --targets whether targets and sources can be reached.
Every mistake is told with its file and line. Then what serve would make is
made: targets and sources with their settings and the files that these name,
routes and maps; and the tests that stand beside the maps are run. The exit
status is 1 when there is a mistake, a test fails, or a target or source cannot
be used.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if example, _ := cmd.Flags().GetBool("example"); example {
				_, err := fmt.Fprint(cmd.OutOrStdout(), config.Example)
				return err
			}
			if adapter, _ := cmd.Flags().GetString("settings"); adapter != "" {
				return printSettings(cmd.OutOrStdout(), adapter)
			}
			return check(cmd)
		},
	}
	addConfigFlags(cmd)
	cmd.Flags().Bool("example", false, "print an annotated example of a config")
	cmd.Flags().String("settings", "", "tell the settings of an adapter")
	cmd.Flags().Bool("targets", false, "ask each target and source whether it can be used; nothing is changed there")
	return cmd
}

// printSettings tells what can stand under settings of a target or source.
func printSettings(w io.Writer, adapter string) error {
	if !slices.Contains(config.Adapters, adapter) {
		return fmt.Errorf("there is no adapter %q; there are %v", adapter, config.Adapters)
	}
	all := config.AdapterSettings[adapter]
	if len(all) == 0 {
		fmt.Fprintf(w, "%s has no settings of its own\n", adapter)
	}
	for _, s := range all {
		fmt.Fprintf(w, "%-24s %-9s %s%s\n", s.Name, s.Kind, s.Doc, lead("; default ", s.Default))
	}
	return nil
}

// checked is the outcome of a check.
type checked struct {
	OK       bool              `json:"ok"`
	Mistakes string            `json:"mistakes,omitempty"`
	Warnings []string          `json:"warnings,omitempty"`
	Listen   string            `json:"listen,omitempty"`
	Callers  int               `json:"callers"`
	Targets  map[string]string `json:"targets,omitempty"` // name to "ok" or what is wrong
	Sources  map[string]string `json:"sources,omitempty"`
	Routes   int               `json:"routes"`
	Tests    []tested          `json:"tests,omitempty"` // and routes and maps that cannot be used

	unusable bool // a target or source cannot be made
}

// tested is what became of one test of a map, or of a route or map.
type tested struct {
	Name  string `json:"name"`
	Wrong string `json:"wrong,omitempty"`
}

func check(cmd *cobra.Command) error {
	c, err := loadConfig(cmd)
	out := checked{OK: err == nil}
	if err != nil {
		out.Mistakes = err.Error()
	} else {
		out.Warnings, out.Listen, out.Callers, out.Routes = c.Warnings, c.Listen, len(c.Callers), len(c.Routes)
		out.routes(gateway.CheckRoutes(c))
		out.adapters(c, gateway.CheckAdapters(c))
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

// routes takes up what was found in routes, maps and their tests.
func (o *checked) routes(found iter.Seq2[string, error]) {
	for name, err := range found {
		one := tested{Name: name}
		if err != nil {
			one.Wrong, o.OK = err.Error(), false
		}
		o.Tests = append(o.Tests, one)
	}
}

// adapters takes up what was found when targets and sources were made.
func (o *checked) adapters(c *config.Config, found iter.Seq2[string, error]) {
	o.Targets, o.Sources = map[string]string{}, map[string]string{}
	for _, t := range c.Targets {
		o.Targets[t.Name] = "not asked"
	}
	for _, s := range c.Sources {
		o.Sources[s.Name] = "not asked"
	}
	for what, err := range found {
		if err != nil {
			o.OK, o.unusable = false, true
			o.found(what, err.Error())
		}
	}
}

// found notes what was found at "target lms" or "source sis", or at what is
// neither.
func (o *checked) found(what, text string) {
	sort, name, _ := strings.Cut(what, " ")
	switch all := map[string]map[string]string{"target": o.Targets, "source": o.Sources}[sort]; {
	case all == nil:
		o.Tests = append(o.Tests, tested{what, text})
	default:
		all[name] = text
	}
}

// targets asks targets and sources, when that is wanted.
func (o *checked) targets(ctx context.Context, c *config.Config, reach bool) {
	if !reach {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	asked := 0
	for found := range gateway.CheckTargets(ctx, c) { // sources come after targets, and may have their names
		text := "ok"
		if len(found.Lines) > 0 {
			text = "ok, " + strings.Join(found.Lines, "\n      ")
		}
		if found.Err != nil {
			text, o.OK = found.Err.Error(), false
		}
		if asked++; asked <= len(c.Targets) {
			o.Targets[found.Name] = text
		} else {
			o.Sources[found.Name] = text
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
	for _, t := range o.Tests {
		if t.Wrong == "" {
			fmt.Fprintf(w, "%s: ok\n", t.Name)
		} else {
			fmt.Fprintf(w, "%s: %s\n", t.Name, t.Wrong)
		}
	}
	state := "is good"
	if o.unusable || slices.ContainsFunc(o.Tests, func(t tested) bool { return t.Wrong != "" }) {
		state = "can be read, but not used as it is"
	}
	sources := ""
	if len(o.Sources) > 0 {
		sources = plural(len(o.Sources), "source") + ", "
	}
	fmt.Fprintf(w, "config %s: listens on %s, %s, %s%s, %s\n", state, o.Listen,
		plural(o.Callers, "caller"), sources, plural(len(o.Targets), "target"), plural(o.Routes, "route"))
	for _, name := range slices.Sorted(maps.Keys(o.Targets)) {
		fmt.Fprintf(w, "target %s: %s\n", name, o.Targets[name])
	}
	for _, name := range slices.Sorted(maps.Keys(o.Sources)) {
		fmt.Fprintf(w, "source %s: %s\n", name, o.Sources[name])
	}
	return nil
}
