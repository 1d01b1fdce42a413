package gateway

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"lisgate/config"
	"lisgate/gateway/cps"
	"lisgate/gateway/cps/clash"
	"lisgate/gateway/deliver"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// buildPlans makes the desk between planners and SIS.
func (g *Gateway) buildPlans(c *config.Config) error {
	o := cps.Options{
		Store: g.store, Registrar: g.registrar, Wake: g.engine.Wake, Log: g.log.Named("cps"),
		Routed: g.routed,
		Reached: func(name string) bool {
			return slices.ContainsFunc(g.targets, func(t deliver.Target) bool { return t.Name == name })
		},
	}
	for i := range c.Plans {
		p, err := planFrom(&c.Plans[i])
		if err != nil {
			return fmt.Errorf("plan %s: %w", c.Plans[i].Name, err)
		}
		o.Plans = append(o.Plans, p)
	}
	g.cps = cps.New(o)
	return nil
}

// hardness is how hard a check is, by its word in the config.
var hardness = map[string]clash.Severity{config.CheckHard: clash.Hard, config.CheckSoft: clash.Soft, config.CheckOff: clash.Off}

func planFrom(p *config.Plan) (cps.Plan, error) {
	made := cps.Plan{
		Name: p.Name, Planner: p.Planner, SIS: p.SIS, Publish: p.Publish, Vocabulary: p.Vocabulary,
		Checks: clash.Rules{}, AnswerWithin: p.AnswerWithin, PacketItems: p.PacketItems,
	}
	var err error
	if made.Zone, err = time.LoadLocation(p.TimeZone); err != nil {
		return made, fmt.Errorf("time_zone: %w", err)
	}
	for rule, word := range p.Checks {
		made.Checks[clash.Rule(rule)] = hardness[word]
	}
	for _, a := range p.Approve {
		rule := cps.Approval{Name: a.Name, Over: a.Over, Clash: a.Clash}
		if a.After != "" {
			if rule.After, err = lis.ParseDate(a.After); err != nil {
				return made, fmt.Errorf("approve: after: %w", err)
			}
		}
		made.Approve = append(made.Approve, rule)
	}
	return made, nil
}

// targetsOf returns where a change goes: where the routes lead it, and what the
// plans make of that.
func (g *Gateway) targetsOf(v journal.View, c *lis.Change) ([]string, error) {
	targets, err := g.routed(v, c)
	if err != nil {
		return nil, err
	}
	return g.cps.Targets(v, c, targets)
}

// importBulk takes a bulk file through the desk.
func (g *Gateway) importBulk(ctx context.Context, caller, transactionID string, items iter.Seq2[*registrar.BulkItem, error]) (*lis.BulkReport, error) {
	return g.cps.ImportBulk(ctx, caller, transactionID, items, g.registrar.Import)
}

// takeBulk takes a file of an announced exchange through the desk when a
// party of a plan has announced it.
func (g *Gateway) takeBulk(ctx context.Context, caller, transactionID string, items iter.Seq2[*registrar.BulkItem, error]) (*lis.BulkReport, bool, error) {
	if !g.cps.Party(caller) {
		return nil, false, nil
	}
	report, err := g.importBulk(ctx, caller, transactionID, items)
	return report, true, err
}

// planned puts on a section that goes to a party of a plan where that stands.
func (g *Gateway) planned(target string, shape func(context.Context, lis.Change) (lis.Change, error)) func(context.Context, lis.Change) (lis.Change, error) {
	return func(ctx context.Context, c lis.Change) (lis.Change, error) {
		c, err := shape(ctx, c)
		if err != nil {
			return c, err
		}
		if c, err = g.cps.Shape(ctx, target, c); err != nil {
			return c, notNow(err)
		}
		return c, nil
	}
}
