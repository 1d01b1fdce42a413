package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/spf13/cobra"

	"lisgate/cmd/lisgate/term"
)

func newDemoCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show the whole way on this machine: a SIS, the gateway, an LMS, a planner, one term",
		Long: `Show the whole way on this machine, in seconds and without any setting.

The demo starts the gateway between a pretend SIS and a pretend LMS, all on
loopback, with their records in a temporary folder. The SIS pushes a term over
SOAP; the gateway brings it to the LMS; the LMS reads rosters back and posts
final grades, which travel to the SIS. Then a pretend planner schedules the next
term: it reads over LIS what the SIS asks for and returns its timetable; a section
that clashes is refused with the reason and corrected, and what is published
reaches the SIS and the LMS. At the end every record is compared with what was
made up, and the balance is drawn: sent = applied + refused + waiting.

It then runs on until Ctrl-C, so that you can look around; with --exit it ends
there. The status is 0 only if everything arrived and agrees.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := demoOptionsOf(cmd)
			if err != nil {
				return err
			}
			return runDemo(cmd.Context(), o)
		},
	}
	cmd.Flags().Float64("scale", 1, "how many times 60 sections, 2,000 people and 12,000 memberships")
	cmd.Flags().Uint64("seed", 1, "another number makes up another term")
	cmd.Flags().Bool("exit", false, "end after the balance")
	cmd.Flags().Bool("keep", false, "leave the temporary folder when the demo ends")
	return cmd
}

// demoOptions are what was asked for.
type demoOptions struct {
	scale      float64
	seed       uint64
	exit, keep bool
	out        *demoScreen
}

func demoOptionsOf(cmd *cobra.Command) (demoOptions, error) {
	o := demoOptions{out: newDemoScreen(cmd.OutOrStdout(), wantsJSON(cmd))}
	o.scale, _ = cmd.Flags().GetFloat64("scale")
	o.seed, _ = cmd.Flags().GetUint64("seed")
	o.exit, _ = cmd.Flags().GetBool("exit")
	o.keep, _ = cmd.Flags().GetBool("keep")
	if !(o.scale >= 0.02 && o.scale <= 1000) { // NaN is neither
		return o, errors.New("--scale is a number from 0.02 to 1000; 1 stands for 2,000 people")
	}
	return o, nil
}

// runDemo builds the three systems, plays the term and compares.
func runDemo(told context.Context, o demoOptions) (err error) {
	dir, err := os.MkdirTemp("", "lisgate-demo-")
	if err != nil {
		return err
	}
	if !o.keep {
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	ctx, stop := context.WithCancelCause(told)
	defer stop(nil)
	house, err := openDemoHouse(ctx, dir, stop)
	var report *demoReport // nil when it did not come to that
	if err == nil {
		report, err = playDemo(ctx, house, o)
	}
	broken := context.Cause(ctx)
	stop(nil)
	if house != nil {
		err = errors.Join(err, house.wait())
	}
	return demoOutcome(report, told.Err() != nil, broken, err)
}

// demoOutcome is the end of a demo: a disagreement that was reported, however
// long it ran on afterwards; else nothing when it was stopped with Ctrl-C,
// whatever that cut short; else what broke it.
func demoOutcome(report *demoReport, stopped bool, broken, err error) error {
	switch {
	case report != nil && !report.OK:
		return &failure{"demo: " + report.verdict()}
	case stopped:
		return nil
	case broken != nil:
		return &failure{"demo: " + broken.Error()}
	}
	return err
}

// playDemo plays the term, reports, and waits for Ctrl-C unless told to end.
func playDemo(ctx context.Context, house *demoHouse, o demoOptions) (*demoReport, error) {
	o.out.picture(house)
	began := time.Now()
	play := &demoPlay{house: house, term: term.New(o.seed, o.scale), out: o.out}
	if err := play.all(ctx); err != nil {
		return nil, &failure{"demo: " + err.Error()}
	}
	o.out.say("\n")
	if err := play.planNext(ctx, o.seed, o.scale); err != nil {
		return nil, &failure{"demo: plan the next term: " + err.Error()}
	}
	report := play.report(o, time.Since(began))
	if err := o.out.report(report); err != nil {
		return nil, err
	}
	if !o.exit || o.keep {
		o.out.whereNext(house, o)
	}
	if !o.exit {
		<-ctx.Done()
	}
	return report, nil
}
