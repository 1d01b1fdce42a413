package gateway

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"lisgate/adapters"
	"lisgate/adapters/lissoap"
	"lisgate/config"
	"lisgate/gateway/deliver"
	"lisgate/gateway/lis"
	"lisgate/gateway/route"
)

// buildTargets makes the adapters that the config names.
func buildTargets(c *config.Config) ([]deliver.Target, error) {
	var targets []deliver.Target
	for i := range c.Targets {
		t := &c.Targets[i]
		adapter, err := lisTarget(t)
		if err != nil {
			return nil, fmt.Errorf("target %s: %w", t.Name, err)
		}
		targets = append(targets, deliver.Target{Name: t.Name, Adapter: adapter, Workers: t.Workers,
			Timeout: t.Timeout, FirstDelay: t.FirstDelay, MaxDelay: t.MaxDelay})
	}
	return targets, nil
}

// lisTarget makes an adapter to a LIS endpoint.
func lisTarget(t *config.Target) (adapters.Adapter, error) {
	o := lissoap.Options{URL: t.URL, Profile: t.Profile, Timeout: t.Timeout, URLs: map[lis.Service]string{}}
	for service, url := range t.URLs {
		o.URLs[lis.Service(service)] = url
	}
	var errs [3]error
	if t.Basic != nil {
		o.Basic = &lissoap.Basic{User: t.Basic.User}
		o.Basic.Password, errs[0] = reveal(t.Basic.Password)
	}
	if t.WSSE != nil {
		o.WSSE = &lissoap.WSSE{User: t.WSSE.User, Digest: t.WSSE.Digest}
		o.WSSE.Password, errs[1] = reveal(t.WSSE.Password)
	}
	if t.OAuth1 != nil {
		o.OAuth1 = &lissoap.OAuth1{Key: t.OAuth1.Key}
		o.OAuth1.Secret, errs[2] = reveal(t.OAuth1.Secret)
	}
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	return lissoap.New(o)
}

func reveal(s config.Secret) (lissoap.Secret, error) {
	text, err := s.Reveal()
	return lissoap.Secret(text), err
}

// rules are the routes of the config.
func rules(c *config.Config) []route.Rule {
	var rules []route.Rule
	for _, r := range c.Routes {
		rule := route.Rule{Name: r.Name, From: r.From, Operations: r.Operations, To: r.To}
		for _, k := range r.Kinds {
			rule.Kinds = append(rule.Kinds, lis.Kind(k))
		}
		rules = append(rules, rule)
	}
	return rules
}

// CheckTargets asks each target of a config whether it can be used. Nothing
// is changed there.
func CheckTargets(ctx context.Context, c *config.Config) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for i := range c.Targets {
			t := &c.Targets[i]
			adapter, err := lisTarget(t)
			if err == nil {
				err = errors.Join(adapter.Check(ctx), adapter.Close())
			}
			if !yield(t.Name, err) {
				return
			}
		}
	}
}
