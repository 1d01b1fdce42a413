package main

import (
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"lisgate/adapters"
	"lisgate/gateway/console"
	engine "lisgate/gateway/deliver"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func newStatusCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show whether everything flows: queues, rates and drain of the targets, and when sources last came",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return status(cmd) },
	}
	addGatewayFlags(cmd)
	return cmd
}

// flow is what the gateway says of itself.
type flow struct {
	Targets []engine.Status   `json:"targets"`
	Feeds   []feedStatus      `json:"feeds"`
	Balance []journal.Balance `json:"balance"`
	Dead    map[string]int    `json:"dead"`   // refused and not made good since, by target
	Absent  map[string]int    `json:"absent"` // no longer listed by a source, and held
}

// feedStatus is what is shown of a source or a caller.
type feedStatus struct {
	Name        string               `json:"name"`
	Source      bool                 `json:"source"`
	LastSuccess time.Time            `json:"lastSuccess,omitzero"`
	LastTrouble string               `json:"lastTrouble,omitempty"`
	Next        time.Time            `json:"next,omitzero"`
	Expect      string               `json:"expect,omitempty"`
	Late        bool                 `json:"late"`
	Rejected    []adapters.Rejection `json:"rejected,omitempty"`
	To          []standing           `json:"to,omitempty"`
}

// standing is what of a source or caller has not come through to a target.
type standing struct {
	Target      string             `json:"target"`
	Waiting     int64              `json:"waiting"`
	Parked      int64              `json:"parked"`
	Held        int64              `json:"held"`
	Refused     int64              `json:"refused"`
	More        bool               `json:"more,omitempty"`
	ParkedSince time.Time          `json:"parkedSince,omitzero"`
	Late        bool               `json:"late,omitempty"`
	Lacks       map[lis.Kind]int64 `json:"lacks,omitempty"`
}

func status(cmd *cobra.Command) error {
	var f flow
	if err := askFor(cmd, http.MethodGet, "targets", nil, &f.Targets); err != nil {
		return err
	}
	if err := askFor(cmd, http.MethodGet, "feeds", nil, &f.Feeds); err != nil {
		return err
	}
	if err := askFor(cmd, http.MethodGet, "balance", nil, &f.Balance); err != nil {
		return err
	}
	if err := f.open(cmd); err != nil {
		return err
	}
	if wantsJSON(cmd) {
		return printJSON(cmd.OutOrStdout(), f)
	}
	printFlow(cmd.OutOrStdout(), &f)
	return nil
}

// open asks for what waits for a person.
func (f *flow) open(cmd *cobra.Command) error {
	var dead []console.Delivery
	if err := askFor(cmd, http.MethodGet, "dead", nil, &dead); err != nil {
		return err
	}
	f.Dead, f.Absent = map[string]int{}, map[string]int{}
	for i := range dead {
		f.Dead[dead[i].Target]++
	}
	var held []console.HeldGroup
	if err := askFor(cmd, http.MethodGet, "holds", nil, &held); err != nil {
		return err
	}
	for i := range held {
		if held[i].Job != "" {
			f.Absent[held[i].Source] += int(held[i].Count)
		}
	}
	return nil
}
