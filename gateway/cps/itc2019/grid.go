package itc2019

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"lisgate/gateway/lis"
)

// A grid is what a problem counts in: days, slots and weeks, and the Monday on
// which its first week begins. It is kept in the term's group.
type grid struct {
	prefix string
	begin  lis.Date
	days   int // of a week
	slots  int // of a day
	weeks  int // of the term
	values url.Values
}

// Keys of itc2019.problem, which is a form (name=x&nrDays=7…). Those of the
// solution come with a solution: there is one group for both.
const (
	keyPrefix       = "prefix"
	keyBegin        = "begin"
	keyOptimization = "optimization."
	keySolution     = "solution."
)

var (
	problemAttrs      = []string{"name", "nrDays", "slotsPerDay", "nrWeeks"}
	optimizationAttrs = []string{"time", "room", "distribution", "student"}
	solutionAttrs     = []string{"runtime", "cores", "technique", "author", "institution", "country"}
)

// newGrid reads the attributes of <problem>.
func newGrid(e *element, o Options) (*grid, error) {
	g := &grid{prefix: strings.TrimSpace(o.Prefix), begin: o.Begin, values: url.Values{}}
	name := e.get("name")
	if name == "" {
		return nil, e.fault("attribute name is missing; write the name of the problem")
	}
	if g.prefix == "" {
		g.prefix = name
	}
	for _, n := range []struct {
		name string
		to   *int
		high int
	}{{"nrDays", &g.days, 7}, {"slotsPerDay", &g.slots, 1440}, {"nrWeeks", &g.weeks, e.limits.Weeks}} {
		v, err := e.number(n.name, 1, n.high)
		if err != nil {
			return nil, err
		}
		*n.to = v
		g.values.Set(n.name, strconv.Itoa(v))
	}
	if 1440%g.slots != 0 {
		return nil, e.fault("slotsPerDay %d makes slots that are no whole minutes; use a number that divides 1440, such as 288", g.slots)
	}
	g.values.Set("name", name)
	g.values.Set(keyPrefix, g.prefix)
	g.values.Set(keyBegin, g.begin.String())
	return g, nil
}

// gridOf reads a term's group.
func gridOf(term *lis.Record) (*grid, error) {
	if term == nil || term.Object == nil {
		return nil, fmt.Errorf("find the term's group: there is none; import the problem first")
	}
	group, ok := term.Object.(*lis.Group)
	if !ok {
		return nil, fmt.Errorf("read the term %s: it is a %s and not a group; give the group that the problem made", term.ID, term.Object.Kind())
	}
	values, err := url.ParseQuery(group.Extension.Get(lis.FieldITCProblem))
	g := &grid{prefix: values.Get(keyPrefix), values: values}
	if err == nil {
		g.begin, err = lis.ParseDate(values.Get(keyBegin))
	}
	for _, n := range []struct {
		name string
		to   *int
	}{{"nrDays", &g.days}, {"slotsPerDay", &g.slots}, {"nrWeeks", &g.weeks}} {
		if err == nil {
			*n.to, err = strconv.Atoi(values.Get(n.name))
		}
	}
	if err == nil && !g.sound() {
		err = fmt.Errorf("its days, slots or weeks cannot be")
	}
	if err != nil {
		return nil, fmt.Errorf("read %s of the term %s: %w; import the problem again", lis.FieldITCProblem, term.ID, err)
	}
	return g, nil
}

func (g *grid) sound() bool {
	return g.begin.Weekday() == 0 && g.days >= 1 && g.days <= 7 && g.weeks >= 1 && g.weeks <= 1000 &&
		g.slots >= 1 && 1440%g.slots == 0
}

// end is the last day of the term.
func (g *grid) end() lis.Date { return g.begin + lis.Date(7*g.weeks-1) }

// minutes of a slot.
func (g *grid) minutes() int { return 1440 / g.slots }

// term returns the term's group.
func (g *grid) term() *lis.Record {
	group := &lis.Group{
		GroupType:   &lis.GroupType{TypeValue: []lis.TypeValue{{ID: text(termType), Type: text(termType)}}},
		TimeFrame:   &lis.TimeFrame{Begin: g.begin.String() + "T00:00:00", End: g.end().String() + "T23:59:59"},
		Description: &lis.Description{ShortDescription: text(g.values.Get("name"))},
	}
	setField(&group.Extension, lis.FieldITCProblem, g.values.Encode())
	return &lis.Record{ID: g.sourcedID(partTerm, ""), Object: group}
}

// language of the names that we make.
const language = "en-US"

func text(s string) *lis.Text { return lis.NewText(language, s) }
