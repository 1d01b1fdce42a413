package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"lisgate/gateway/console"
	"lisgate/gateway/cps"
	"lisgate/gateway/lis"
)

func planImport() *cobra.Command {
	cmd := &cobra.Command{
		Use: "import FILE --format FORMAT", Short: "Bring a timetable in: ITC 2019 or UniTime XML",
		Long: `Bring a timetable in. FILE is ITC 2019 XML (a problem or a solution) or UniTime
XML; - is standard input. It is the planner's word or the SIS's, as --as says;
without it a problem and offerings are the SIS's, a solution and a timetable
the planner's. What is the planner's is checked as if it had come over LIS.

With --mode transaction all of it is applied or nothing; with audit nothing is,
and you are told what would be. ITC 2019 counts weeks and knows no dates:
--begin is the Monday of the first one.

The exit status is 1 when a record failed.`,
		Args: oneArg("a FILE"),
		RunE: func(cmd *cobra.Command, args []string) error { return importPlan(cmd, args[0]) },
	}
	addPlanFlags(cmd)
	cmd.Flags().String("format", "", "itc2019 or unitime")
	cmd.Flags().String("as", "", "whose word it is: sis or planner")
	cmd.Flags().String("mode", lis.PacketItems, "items, transaction or audit")
	cmd.Flags().String("begin", "", "the Monday of the first week, such as 2026-08-24")
	return cmd
}

// params takes flags that are given over into a query.
func params(cmd *cobra.Command, names ...string) url.Values {
	q := url.Values{}
	for _, name := range names {
		if value, _ := cmd.Flags().GetString(name); value != "" {
			q.Set(name, value)
		}
	}
	return q
}

func importPlan(cmd *cobra.Command, path string) error {
	q := params(cmd, "plan", "format", "as", "mode", "begin")
	if !q.Has("format") {
		return fmt.Errorf("say what %s is: --format itc2019 or unitime", path)
	}
	file, err := openTimetable(cmd, path)
	if err != nil {
		return err
	}
	defer file.Close()
	response, err := ask(cmd, http.MethodPost, "/admin/v1/plans/import?"+q.Encode(), "application/xml", file)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return &failure{refusalText(response)}
	}
	done, err := followImport(cmd, response.Body)
	if err != nil {
		return err
	}
	if wantsJSON(cmd) {
		err = printJSON(cmd.OutOrStdout(), done)
	} else {
		printImported(cmd.OutOrStdout(), done, q.Get("mode"))
	}
	if failed := reported(done).failed; err == nil && failed > 0 {
		err = &failure{fmt.Sprintf("%s failed", plural(int(failed), "record"))}
	}
	return err
}

func openTimetable(cmd *cobra.Command, path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(cmd.InOrStdin()), nil
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s; give the path of a timetable, or - for standard input", path)
	}
	return file, err
}

// followImport reads how far an import is, shows that where somebody looks,
// and returns what came of it.
func followImport(cmd *cobra.Command, body io.Reader) (*cps.Imported, error) {
	screen, isFile := cmd.ErrOrStderr().(*os.File)
	moves := isFile && isatty.IsTerminal(screen.Fd())
	var done *cps.Imported
	var last console.PlanImport
	_, err := readRows(body, func(line *console.PlanImport, _ json.RawMessage) error {
		if last = *line; line.Done != nil {
			done = line.Done
		}
		if moves && done == nil {
			fmt.Fprintf(screen, "\r%s read, %s applied, %s failed ", grouped(int(last.Read)), grouped(int(last.Applied)), grouped(int(last.Failed)))
		}
		return nil
	})
	if moves && last.Read > 0 {
		fmt.Fprintln(screen)
	}
	if err == nil && done == nil {
		err = &failure{"the answer broke off before the import was done; send the file again: what is the same already is no change"}
	}
	return done, err
}

// A tally is how many records an import had.
type tally struct{ read, applied, failed int64 }

func reported(done *cps.Imported) tally {
	if done.Report == nil {
		return tally{}
	}
	return tally{count(done.Report.Read), count(done.Report.Applied), count(done.Report.Failed)}
}

// failuresShown is how many failures are told one by one.
const failuresShown = 20

func printImported(w io.Writer, done *cps.Imported, mode string) {
	t := reported(done)
	form := "%s read, %s applied, %s failed\n"
	if mode == lis.PacketAudit {
		form = "%s read, %s would be applied, %s would fail; nothing was changed\n"
	}
	fmt.Fprintf(w, form, plural(int(t.read), "record"), grouped(int(t.applied)), grouped(int(t.failed)))
	if mode == lis.PacketTransaction && t.failed > 0 && t.applied == 0 {
		fmt.Fprintln(w, "all or nothing was asked for: nothing was applied")
	}
	for _, text := range done.Warnings {
		fmt.Fprintf(w, "warning: %s\n", oneLine(text))
	}
	if done.Report == nil {
		return
	}
	for i, f := range done.Report.Failure {
		if i == failuresShown {
			fmt.Fprintf(w, "and %d more; --json tells all\n", len(done.Report.Failure)-i)
			break
		}
		fmt.Fprintf(w, "failed %s%s\n", f.TransactionOpIdentifier, lead(": ", or(oneLine(f.Description.String()), f.FailStatus)))
	}
}
