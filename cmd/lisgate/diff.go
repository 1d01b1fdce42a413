package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"lisgate/gateway/console"
	"lisgate/gateway/reconcile"
)

func newDiffCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "diff TARGET",
		Short: "Compare what the records say with what a target holds, and heal the difference",
		Long: `Compare what the records say with what a target holds.

Each difference is one line: missing (the target lacks it), differs (and in
which elements), extra (the target has it and the records do not), refused (the
target's mapping does not take it). What is on its way is left out. The exit
status is 1 when there is a difference, or when the target could not be read to
the end: then nothing is said to be missing.

With --config, the comparison is made under that config, on the folder of
records in it: what its routes and maps would change at the target, row by row,
before they are in force. Nothing is sent.

--heal sends what is missing, differs, or should be gone again, by the way of
every delivery. What the records know nothing of is left alone unless --extras.`,
		Args: oneArg("a TARGET"),
		RunE: func(cmd *cobra.Command, args []string) error { return diff(cmd, args[0]) },
	}
	addGatewayFlags(cmd)
	cmd.Flags().StringSlice("kind", nil, "only these kinds")
	cmd.Flags().Bool("values", false, "show the values that differ, those of persons too")
	cmd.Flags().Bool("csv", false, "print CSV for spreadsheets")
	cmd.Flags().Bool("heal", false, "bring the target back to the records")
	cmd.Flags().StringP("config", "c", "", "a dry run: the config whose routes and maps would be in force")
	cmd.Flags().String("data", "", "with --config: the folder of records, in place of the config's")
	cmd.Flags().Bool("extras", false, "with --heal: remove what the records know nothing of")
	return cmd
}

// A diffPrinter prints differences as they come.
type diffPrinter interface {
	difference(d *reconcile.Difference) error
	end(e *console.DiffEnd) error
}

func diff(cmd *cobra.Command, target string) error {
	kinds, _ := cmd.Flags().GetStringSlice("kind")
	heal, _ := cmd.Flags().GetBool("heal")
	params := url.Values{"kind": kinds}
	for _, flag := range []string{"values", "extras"} {
		if on, _ := cmd.Flags().GetBool(flag); on {
			params.Set(flag, "true")
		}
	}
	if path, _ := cmd.Flags().GetString("config"); path != "" {
		if heal {
			return errors.New("--heal sends, and a dry run does not; put the config in force first")
		}
		return dryRun(cmd, path, target)
	}
	method := http.MethodGet
	if heal {
		method = http.MethodPost
	} else if params.Has("extras") {
		return errors.New("--extras goes with --heal")
	}
	response, err := askAdmin(cmd, method, "diff/"+url.PathEscape(target)+"?"+params.Encode(), nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return readDiff(response.Body, diffPrinterFor(cmd), heal)
}

func diffPrinterFor(cmd *cobra.Command) diffPrinter {
	w := cmd.OutOrStdout()
	if asCSV, _ := cmd.Flags().GetBool("csv"); asCSV {
		out := csv.NewWriter(w)
		_ = out.Write([]string{"what", "kind", "sourcedId", "personSourcedId", "collectionSourcedId", "element", "want", "have", "why"})
		return &diffCSV{out: out, trouble: cmd.ErrOrStderr()}
	}
	if wantsJSON(cmd) {
		return &diffJSON{w}
	}
	return &diffText{w}
}

// readDiff reads differences to the end, and says whether there were none.
func readDiff(r io.Reader, p diffPrinter, heal bool) error {
	decoder := json.NewDecoder(r)
	for {
		var line struct {
			reconcile.Difference
			console.DiffEnd
		}
		if err := decoder.Decode(&line); err != nil {
			return &failure{"the answer broke off: what came before is right, and there may be more (" + err.Error() + ")"}
		}
		if line.What != "" {
			if err := p.difference(&line.Difference); err != nil {
				return err
			}
			continue
		}
		if err := p.end(&line.DiffEnd); err != nil {
			return err
		}
		return verdict(&line.DiffEnd, heal)
	}
}

// verdict is the exit status of a diff.
func verdict(e *console.DiffEnd, heal bool) error {
	if e.Error != "" {
		return &failure{e.Error}
	}
	for _, s := range e.Summary {
		if s.Trouble != "" || !heal && s.Missing+s.Differs+s.Extra+s.Refused > 0 {
			return &failure{}
		}
	}
	return nil
}

type diffText struct{ w io.Writer }

func (p *diffText) difference(d *reconcile.Difference) error {
	name := string(d.ID)
	if d.Collection != "" {
		name = strings.TrimSpace(name + " (" + string(d.Person) + " in " + string(d.Collection) + ")")
	}
	fmt.Fprintf(p.w, "%-8s %s %s\n", d.What, d.Kind, name)
	for _, f := range d.Fields {
		if f.Want == "" && f.Have == "" {
			printMore(p.w, f.Name)
		} else {
			printMore(p.w, fmt.Sprintf("%s: %q in the records, %q there", f.Name, f.Want, f.Have))
		}
	}
	printMore(p.w, d.Why)
	return nil
}

func (p *diffText) end(e *console.DiffEnd) error {
	for _, s := range e.Summary {
		if s.Wanted+s.Listed == 0 && s.Trouble == "" {
			continue
		}
		if s.Trouble != "" {
			fmt.Fprintf(p.w, "%-18s not complete, so nothing is said to be missing:\n", s.Kind)
			printMore(p.w, s.Trouble)
			continue
		}
		fmt.Fprintf(p.w, "%-18s %d in the records for it, %d there: %d missing, %d differ, %d extra, %d refused%s\n", s.Kind, s.Wanted, s.Listed,
			s.Missing, s.Differs, s.Extra, s.Refused, lead(", on the way: ", nonzero(s.Skipped)))
	}
	if h := e.Healed; h != nil {
		fmt.Fprintf(p.w, "healing: %d sent again, %d removals sent, %d left alone\n", h.Resent, h.Removed, h.Left)
	}
	return nil
}

func nonzero(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

type diffJSON struct{ w io.Writer }

func (p *diffJSON) difference(d *reconcile.Difference) error { return json.NewEncoder(p.w).Encode(d) }
func (p *diffJSON) end(e *console.DiffEnd) error             { return json.NewEncoder(p.w).Encode(e) }

type diffCSV struct {
	out     *csv.Writer
	trouble io.Writer
}

func (p *diffCSV) difference(d *reconcile.Difference) error {
	fields := d.Fields
	if len(fields) == 0 {
		fields = []reconcile.Field{{}}
	}
	for _, f := range fields {
		if err := p.out.Write([]string{string(d.What), string(d.Kind), string(d.ID), string(d.Person), string(d.Collection), f.Name, f.Want, f.Have, oneLine(d.Why)}); err != nil {
			return err
		}
	}
	return nil
}

func (p *diffCSV) end(e *console.DiffEnd) error {
	for _, s := range e.Summary {
		if s.Trouble != "" {
			fmt.Fprintf(p.trouble, "%s: not complete, so nothing is said to be missing: %s\n", s.Kind, s.Trouble)
		}
	}
	p.out.Flush()
	return p.out.Error()
}
