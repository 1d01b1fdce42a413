package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

func planExport() *cobra.Command {
	cmd := &cobra.Command{
		Use: "export --format FORMAT", Short: "Write a timetable out: ITC 2019 or UniTime XML, or a calendar",
		Long: `Write a timetable out. itc2019 has --what problem (what is asked for) and
solution (what is planned); unitime has timetable and offerings; the first of
each is written without --what. ical is the calendar of one room, person or
section. It goes to standard output, or with -o to a file, which is only there
once it is whole.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			q := params(cmd, "plan", "format", "what", "term", "room", "person", "section")
			if !q.Has("format") {
				return errors.New("say what to write: --format itc2019, unitime or ical")
			}
			return savePlan(cmd, "plans/export?"+q.Encode())
		},
	}
	addPlanFlags(cmd)
	cmd.Flags().String("format", "", "itc2019, unitime or ical")
	cmd.Flags().String("what", "", "problem or solution; timetable or offerings")
	cmd.Flags().String("term", "", "only of this academic session (sourcedId of its group); UniTime needs one")
	addWhoseFlags(cmd)
	return cmd
}

func planDraw() *cobra.Command {
	cmd := &cobra.Command{
		Use: "draw {--room|--person|--section} X", Short: "Draw the week of a room, a person or a section as SVG",
		Long: `Draw the week of a room, a person or a section as SVG, clashes too. It goes to
standard output, or with -o to a file.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			q := params(cmd, "room", "person", "section", "week")
			if q.Has("week") && len(q) != 2 || !q.Has("week") && len(q) != 1 {
				return errors.New("say whose week: exactly one of --room, --person and --section")
			}
			return savePlan(cmd, "plans/draw?"+q.Encode())
		},
	}
	addGatewayFlags(cmd)
	cmd.Flags().String("week", "", "a day of the week, such as 2026-09-07; the first week with anything in it when not given")
	addWhoseFlags(cmd)
	return cmd
}

// addWhoseFlags adds the flags that say whose timetable is meant, and where it goes.
func addWhoseFlags(cmd *cobra.Command) {
	cmd.Flags().String("room", "", "of this room")
	cmd.Flags().String("person", "", "of this person")
	cmd.Flags().String("section", "", "of this section")
	cmd.Flags().StringP("out", "o", "", "write to this file")
}

// savePlan writes an answer to standard output, or to the file that is wanted.
func savePlan(cmd *cobra.Command, path string) error {
	response, err := askAdmin(cmd, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	name, _ := cmd.Flags().GetString("out")
	if name == "" || name == "-" {
		if _, err := io.Copy(cmd.OutOrStdout(), response.Body); err != nil {
			return &failure{"the answer broke off: what was written is not whole (" + err.Error() + ")"}
		}
		return nil
	}
	n, err := saveWhole(name, response.Body)
	switch {
	case err != nil:
		return err
	case wantsJSON(cmd):
		return printJSON(cmd.OutOrStdout(), map[string]any{"file": name, "bytes": n, "contentType": response.Header.Get("Content-Type")})
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", name, plural(int(n), "byte"))
	return err
}

// saveWhole writes a file that is there only when all of it is. What was there
// before stays until then.
func saveWhole(name string, from io.Reader) (int64, error) {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return 0, fmt.Errorf("-o %s cannot be written: %w", name, err)
	}
	defer os.Remove(file.Name()) // there is none any more when all went well
	n, err := io.Copy(file, from)
	if err != nil {
		file.Close()
		return 0, &failure{"the answer broke off, and " + name + " was not written (" + err.Error() + ")"}
	}
	if err := errors.Join(file.Chmod(0o644), file.Close(), os.Rename(file.Name(), name)); err != nil {
		return 0, fmt.Errorf("-o %s cannot be written: %w", name, err)
	}
	return n, nil
}
