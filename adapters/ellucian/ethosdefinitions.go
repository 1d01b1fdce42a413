package ellucian

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"lisgate/adapters/peer"
)

// definitions are the grades that the SIS knows: value to GUIDs by scheme.
type definitions struct {
	turn  turn
	read  time.Time
	known map[string][]definition
}

type definition struct{ id, scheme string }

// How old the definitions may be: when a grade is found, and when it is not.
const (
	definitionsLife = time.Hour
	definitionsMiss = 5 * time.Minute
)

// definition returns the GUID of a grade: the one of the registration's
// scheme, or the only one of that name.
func (e *Ethos) definition(ctx context.Context, scheme, grade string) (string, error) {
	grade = strings.TrimSpace(grade)
	if err := e.definitions.turn.take(ctx); err != nil {
		return "", err
	}
	defer e.definitions.turn.give()
	candidates, err := e.candidates(ctx, grade)
	if err != nil {
		return "", err
	}
	var fit []definition
	for _, d := range candidates {
		if scheme == "" || d.scheme == scheme {
			fit = append(fit, d)
		}
	}
	switch len(fit) {
	case 1:
		return fit[0].id, nil
	case 0:
		return "", refused("submit one of the grades of the section's scheme, or add the grade in the SIS",
			"the SIS knows no grade %q in the scheme of this registration", peer.Clip(grade))
	}
	return "", refused("have the grade scheme of the registration set in the SIS",
		"the SIS has %d grades %q and the registration does not say which scheme counts", len(fit), peer.Clip(grade))
}

// candidates returns the definitions of a value; it reads them all when they
// are old, or when the value is new to us. The turn is taken.
func (e *Ethos) candidates(ctx context.Context, grade string) ([]definition, error) {
	d := &e.definitions
	age := e.Now().Sub(d.read)
	if d.known != nil && age < definitionsLife && (len(d.known[grade]) > 0 || age < definitionsMiss) {
		return d.known[grade], nil
	}
	known := map[string][]definition{}
	for o, err := range e.list(ctx, "grade-definitions", "") {
		if err != nil {
			return nil, err
		}
		var g struct {
			Grade struct {
				Value string `json:"value"`
			} `json:"grade"`
			Scheme *ref `json:"scheme"`
		}
		if json.Unmarshal(o.body, &g) == nil && o.id != "" {
			known[g.Grade.Value] = append(known[g.Grade.Value], definition{o.id, g.Scheme.id()})
		}
	}
	d.known, d.read = known, e.Now()
	return known[grade], nil
}
