package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	_ "time/tzdata" // the zones of institutions, for machines that have none

	"github.com/spf13/cobra"
)

func newPlanCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show and decide what planners want of sections, and bring timetables in and out",
		Long: `Show and decide what planners want of sections, and bring timetables in and out.

What a planner sends is checked, and goes to the SIS. A change waits for a
person when a rule under plans in the config says so, or when the SIS has
changed the section meanwhile. Approve lets it go to the SIS; refuse returns it
to the planner with your reason. Others see a timetable once it is published.`,
	}
	cmd.AddCommand(planList(), planShow(), planDecision(true), planDecision(false), planPublish(), planAnswers(),
		planImport(), planExport(), planDraw())
	return cmd
}

// addPlanFlags adds the flags of a verb that asks about one plan.
func addPlanFlags(cmd *cobra.Command) {
	addGatewayFlags(cmd)
	cmd.Flags().String("plan", "", "the plan, as the config names it, when there are several")
}

// askRows asks for an answer of one document a line, and takes each. With
// --json the lines are printed as they come.
func askRows[T any](cmd *cobra.Command, path string, take func(*T)) (int, error) {
	response, err := askAdmin(cmd, http.MethodGet, path, nil)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	return readRows(response.Body, func(row *T, text json.RawMessage) error {
		if !wantsJSON(cmd) {
			take(row)
			return nil
		}
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s\n", text)
		return err
	})
}

// readRows reads lines to the end and returns how many there were. One that
// holds an error ends them.
func readRows[T any](r io.Reader, take func(row *T, text json.RawMessage) error) (int, error) {
	decoder := json.NewDecoder(r)
	for n := 0; ; n++ {
		var text json.RawMessage
		err := decoder.Decode(&text)
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		var broken struct{ Error string }
		row := new(T)
		if err == nil {
			err = errors.Join(json.Unmarshal(text, &broken), json.Unmarshal(text, row))
		}
		switch {
		case err != nil:
			return n, &failure{"the answer broke off: what came before is right, and there may be more (" + err.Error() + ")"}
		case broken.Error != "":
			return n, &failure{broken.Error}
		}
		if err := take(row, text); err != nil {
			return n, err
		}
	}
}
