package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"lisgate/gateway/grades"
	"lisgate/gateway/lis"
)

func newGradesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "grades",
		Short: "Show where results are on their way to the SIS, and fetch them from an LMS",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return gradeStates(cmd) },
	}
	addGatewayFlags(cmd)
	cmd.Flags().String("section", "", "only of this course section")
	cmd.AddCommand(gradesPull(), gradesRefused(), gradesReceipts())
	return cmd
}

func gradeStates(cmd *cobra.Command) error {
	section, _ := cmd.Flags().GetString("section")
	response, err := askAdmin(cmd, http.MethodGet, "grades?section="+query(section), nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if wantsJSON(cmd) {
		_, err := io.Copy(cmd.OutOrStdout(), response.Body)
		return err
	}
	decoder, n := json.NewDecoder(response.Body), 0
	for ; ; n++ {
		var s struct {
			grades.State
			Error string `json:"error"`
		}
		if err := decoder.Decode(&s); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		if s.Error != "" {
			return &failure{s.Error}
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%-12s %s in %s: %s to %s, %s\n", s.State.State, s.Person, s.Section, s.Score, s.Target, stamp(s.At))
		printMore(cmd.OutOrStdout(), s.Reason)
		printMore(cmd.OutOrStdout(), lead("the SIS said: ", s.Answer))
	}
	if n == 0 {
		fmt.Fprintln(cmd.OutOrStdout(), "no results have been sent to a SIS")
	}
	return nil
}

func gradesPull() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "pull [COURSESECTION…]",
		Short: "Ask an LMS for the results of sections now, of all that the feed covers when none is named",
		RunE: func(cmd *cobra.Command, args []string) error {
			feed, _ := cmd.Flags().GetString("feed")
			order := map[string]any{"feed": feed}
			if len(args) > 0 {
				order["courseSectionSourcedIds"] = args
			}
			var r grades.Receipt
			if err := askFor(cmd, http.MethodPost, "grades/pull", order, &r); err != nil {
				return err
			}
			if wantsJSON(cmd) {
				return printJSON(cmd.OutOrStdout(), r)
			}
			printReceipt(cmd.OutOrStdout(), &r)
			return nil
		},
	}
	addGatewayFlags(cmd)
	cmd.Flags().String("feed", "", "the grade feed, when there are several")
	return cmd
}

func printReceipt(w io.Writer, r *grades.Receipt) {
	fmt.Fprintf(w, "receipt %s: %s, %d sent, %d unchanged, %d refused\n", r.ID, plural(r.Sections, string(lis.KindCourseSection)), r.Sent, r.Unchanged, r.Refused)
	if r.Kept > 0 {
		printMore(w, fmt.Sprintf("%d kept; no route leads results to a SIS. Give the config a route for the kind result, then pull or push them again", r.Kept))
	}
	for _, t := range r.Trouble {
		printMore(w, t)
	}
	for _, row := range r.Rows {
		if row.State == grades.RefusedBy {
			fmt.Fprintf(w, "refused      %s in %s: %s\n", row.Person, row.Section, row.Score)
			printMore(w, row.Reason)
		}
	}
}

func gradesRefused() *cobra.Command {
	cmd := &cobra.Command{Use: "refused", Short: "Print the results that were refused, as CSV for whoever enters them by hand", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			response, err := askAdmin(cmd, http.MethodGet, "grades/refused", nil)
			if err != nil {
				return err
			}
			defer response.Body.Close()
			_, err = io.Copy(cmd.OutOrStdout(), response.Body)
			return err
		}}
	addGatewayFlags(cmd)
	return cmd
}

func gradesReceipts() *cobra.Command {
	cmd := &cobra.Command{Use: "receipts", Short: "Show what became of each submission", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var receipts []*grades.Receipt
			if err := askFor(cmd, http.MethodGet, "grades/receipts", nil, &receipts); err != nil {
				return err
			}
			if wantsJSON(cmd) {
				return printJSON(cmd.OutOrStdout(), receipts)
			}
			if len(receipts) == 0 {
				fmt.Fprintln(cmd.OutOrStdout(), "there are no receipts")
			}
			for _, r := range receipts {
				printReceipt(cmd.OutOrStdout(), r)
			}
			return nil
		}}
	addGatewayFlags(cmd)
	return cmd
}
