package gateway

import (
	"errors"
	"fmt"
	"iter"

	"lisgate/adapters"
	"lisgate/config"
)

// CheckAdapters makes the adapter of each target and each source of a config,
// and lets go of it: their settings, and the files that these name, are read,
// and nobody is asked. It names each, "target lms" or "source sis", with what
// is wrong; and what else in the config needs an adapter that can do more.
func CheckAdapters(c *config.Config) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		made := map[string]adapters.Adapter{}
		defer func() {
			for _, a := range made {
				_ = a.Close() // nothing was written
			}
		}()
		for i := range c.Targets {
			t := &c.Targets[i]
			a, err := (&builder{Target: t}).build()
			if err == nil {
				made[t.Name] = a
			}
			if !yield("target "+t.Name, err) {
				return
			}
		}
		for i := range c.Sources {
			if !yield("source "+c.Sources[i].Name, checkSource(&c.Sources[i])) {
				return
			}
		}
		for what, err := range checkUses(c, made) {
			if !yield(what, err) {
				return
			}
		}
	}
}

func checkSource(s *config.Source) error {
	t := asTarget(s)
	a, err := (&builder{Target: &t}).build()
	if err != nil {
		return err
	}
	if _, ok := a.(adapters.Source); !ok {
		err = errors.New(noSource(s))
	}
	return errors.Join(err, a.Close())
}

// noSource says that a source is none.
func noSource(s *config.Source) string {
	return fmt.Sprintf("a system reached by %s with these settings cannot be asked for what is new", s.Adapter)
}

// checkUses looks for what is asked of an adapter and it cannot do. Those that
// could not be made have been told of.
func checkUses(c *config.Config, made map[string]adapters.Adapter) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for i := range c.Targets {
			t := &c.Targets[i]
			from := t.Verify
			if from == "self" {
				from = t.Name
			}
			if a := made[from]; a != nil {
				if _, ok := a.(adapters.Reader); !ok && !yield("target "+t.Name, fmt.Errorf("verify: nothing can be read back from %s", from)) {
					return
				}
			}
		}
		for i := range c.Grades {
			f := &c.Grades[i]
			if a := made[f.From]; a != nil {
				if _, ok := a.(adapters.Grades); !ok && !yield("grades "+f.Name, fmt.Errorf("results cannot be read from %s with these settings", f.From)) {
					return
				}
			}
		}
		if _, err := sequence(c); err != nil {
			yield("callers", err)
		}
	}
}
