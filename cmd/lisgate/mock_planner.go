package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http/httputil"
	"net/url"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"lisgate/cmd/lisgate/planner"
	"lisgate/config"
	"lisgate/gateway/lis"
)

// addPlannerFlags adds the flags of mock planner: which gateway it plans for,
// and how.
func addPlannerFlags(cmd *cobra.Command) {
	addGatewayFlags(cmd)
	cmd.Flags().String("term", "", "planner: sourcedId of the term, where there are several")
	cmd.Flags().String("time-zone", "", "planner: of all times of day, such as Europe/Berlin")
	cmd.Flags().Int("clash", 0, "planner: put so many sections into a taken room on the first return")
}

// mockPlanner runs a pretend planner, whose records go when it does.
func mockPlanner(cmd *cobra.Command, listen string) error {
	dir, err := os.MkdirTemp("", "lisgate-mock-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p, err := newPlanner(cmd, dir)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return errors.Join(err, p.Close())
	}
	fmt.Fprintf(cmd.OutOrStdout(), "pretend planner at http://%s/lis/ (see /mock/)\n", listener.Addr())
	group, ctx := errgroup.WithContext(cmd.Context())
	group.Go(func() error { return p.Run(ctx) })
	group.Go(func() error { return serveUntil(ctx, listener, pretendPlanner(ctx, p).mux()) })
	return group.Wait()
}

// newPlanner makes the planner that the flags describe. Its own endpoint takes
// a free port, and what comes to the address of the flags is handed on to it.
func newPlanner(cmd *cobra.Command, dir string) (*planner.Planner, error) {
	client, err := clientOf(cmd)
	if err != nil {
		return nil, err
	}
	flags := cmd.Flags()
	o := planner.Options{HTTP: client, Dir: dir, Password: config.Secret(os.Getenv("LISGATE_PASSWORD"))}
	o.URL, _ = flags.GetString("gateway")
	o.User, _ = flags.GetString("user")
	o.TimeZone, _ = flags.GetString("time-zone")
	o.Clash, _ = flags.GetInt("clash")
	term, _ := flags.GetString("term")
	o.Term = lis.SourcedID(term)
	return planner.New(cmd.Context(), o)
}

// pretendPlanner is what can be seen of a planner and what it can be told.
func pretendPlanner(ctx context.Context, p *planner.Planner) *pretend {
	return &pretend{
		Handler: httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: p.Addr()}),
		looks: map[string]look{
			"state": func(map[string]string) any { return p.State() },
			"section": func(q map[string]string) any {
				s, ok := p.Planned(lis.SourcedID(q["id"]))
				return known(placeOf(&s), ok)
			},
		},
		orders: map[string]order{
			"fetch":   bare(func() error { return fetched(p.Fetch(ctx)) }),
			"plan":    bare(func() error { _, err := p.Plan(ctx); return err }),
			"correct": bare(func() error { _, err := p.Correct(ctx); return err }),
			"return": func(body []byte) error { // {"Mode": "items", "Sections": ["…"]}, or nothing
				var r struct {
					Mode     string
					Sections []lis.SourcedID
				}
				if err := strictlyOrNothing(body, &r); err != nil {
					return err
				}
				_, err := p.Return(ctx, r.Mode, r.Sections...)
				return err
			},
			"section": func(body []byte) error { // {"Section": "…"}: returned by itself
				var s struct{ Section lis.SourcedID }
				if err := strictly(body, &s); err != nil {
					return err
				}
				_, err := p.ReturnOne(ctx, s.Section)
				return err
			},
			"close": func(body []byte) error { // {"Room": "…"}: what is in it moves
				var c struct{ Room lis.SourcedID }
				if err := strictly(body, &c); err != nil {
					return err
				}
				_, err := p.CloseRoom(c.Room)
				return err
			},
		},
	}
}

// A plannedSection is where a section is, for people.
type plannedSection struct {
	ID       lis.SourcedID   `json:"sourcedId"`
	Meeting  string          `json:"meeting"`
	Location string          `json:"location,omitempty"`
	Students []lis.SourcedID `json:"students"`
}

func placeOf(s *planner.Planned) plannedSection {
	return plannedSection{s.ID, lis.MeetingText(s.Meetings), lis.LocationText(s.Meetings), s.Students}
}

// bare is an order of which nothing more is to be said.
func bare(do func() error) order {
	return func(body []byte) error {
		return errors.Join(strictlyOrNothing(body, &struct{}{}), do())
	}
}

func strictlyOrNothing(body []byte, v any) error {
	if len(body) == 0 {
		return nil
	}
	return strictly(body, v)
}

// fetched makes an error of what a planner could not take.
func fetched(report *lis.BulkReport, err error) error {
	if err == nil && report.Failed != nil && *report.Failed > 0 {
		err = fmt.Errorf("%d of the records that came could not be taken", *report.Failed)
		if len(report.Failure) > 0 {
			err = fmt.Errorf("%w; the first: %s", err, report.Failure[0].Description)
		}
	}
	return err
}
