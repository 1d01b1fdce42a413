package itc2019

import (
	"io"
	"iter"
	"slices"

	"lisgate/gateway/lis"
)

// ReadProblem reads a problem as a seed: the term, rooms, templates, offerings
// and sections (requested), associations, students and what they ask for, each
// after what it needs. What is yielded before an error is good; nothing comes
// after it.
func ReadProblem(r io.Reader, o Options) iter.Seq2[*lis.Call, error] {
	return func(yield func(*lis.Call, error) bool) {
		p := &problem{o: o, s: newScanner(r, o), yield: yield, rooms: map[string]bool{}, classes: map[string]bool{}, courses: map[string]bool{},
			configs: map[string]bool{}, subparts: map[string]bool{}}
		if err := p.run(); err != nil && err != errStopped {
			yield(nil, err)
		}
	}
}

// A problem is one being read. Of what was read only ids are held.
type problem struct {
	o     Options
	s     *scanner
	yield func(*lis.Call, error) bool
	g     *grid
	told  bool // the term was yielded
	part  int  // of parts, that comes next

	rooms, courses, configs, subparts, classes map[string]bool
	travels, parents                           wanted // rooms, classes

	distributions, students int
	course                  courseState
}

// A wanted has ids that something further on must have, each with the first
// element that names it.
type wanted map[string]*element

// want notes that an element names an id that has not been read yet.
func (p *problem) want(w *wanted, id string, e *element) {
	if *w == nil {
		*w = wanted{}
	}
	if _, ok := (*w)[id]; !ok {
		(*w)[id] = e
	}
}

// parts are the children of <problem>, in their order.
var parts = []string{"optimization", "rooms", "courses", "distributions", "students"}

func (p *problem) run() error {
	if p.o.Begin == 0 || p.o.Begin.Weekday() != 0 {
		return &FileError{Text: "Options.Begin " + p.o.Begin.String() + " is not a Monday: a problem counts weeks and has no dates; give the first Monday of the term"}
	}
	return p.s.root(map[string]kind{"problem": {"name nrDays slotsPerDay nrWeeks", p.root}})
}

func (p *problem) root(e *element) error {
	var err error
	if p.g, err = newGrid(e, p.o); err != nil {
		return err
	}
	if !plainPrefix(p.g.prefix) {
		return e.fault("the name cannot begin a sourcedId: it has a tilde or what cannot be printed; give Options.Prefix")
	}
	err = p.s.each(e, map[string]kind{
		"optimization":  {"time room distribution student", p.optimization},
		"rooms":         {"", p.section(p.readRooms)},
		"courses":       {"", p.section(p.readCourses)},
		"distributions": {"", p.section(p.readDistributions)},
		"students":      {"", p.section(p.readStudents)},
	})
	if err != nil {
		return err
	}
	return p.tellTerm()
}

// section reads one part: the term comes before it.
func (p *problem) section(read func(*element) error) func(*element) error {
	return func(e *element) error {
		if err := p.inTurn(e); err != nil {
			return err
		}
		if err := p.tellTerm(); err != nil {
			return err
		}
		return read(e)
	}
}

func (p *problem) inTurn(e *element) error {
	at := slices.Index(parts, e.name)
	if at < p.part {
		return e.fault("it is there twice or comes too late; the format has optimization, rooms, courses, distributions, students, each once, in this order")
	}
	p.part = at + 1
	return nil
}

func (p *problem) optimization(e *element) error {
	if err := p.inTurn(e); err != nil {
		return err
	}
	for _, name := range optimizationAttrs {
		n, err := e.numberOr(name, 0, maxNumber, -1)
		if err != nil {
			return err
		}
		if n >= 0 {
			p.g.values.Set(keyOptimization+name, itoa(n))
		}
	}
	return p.s.each(e, nil)
}

func (p *problem) tellTerm() error {
	if p.told {
		return nil
	}
	p.told = true
	return p.emit(replaceGroup, p.g.term())
}

// emit yields a call.
func (p *problem) emit(operation string, r *lis.Record) error {
	if !p.yield(&lis.Call{Operation: operation, ID: r.ID, Record: r}, nil) {
		return errStopped
	}
	return nil
}

// fresh notes an id, which is the only one of its kind.
func (p *problem) fresh(e *element, ids map[string]bool, limit int, name string) (string, error) {
	id, err := e.id("id")
	switch {
	case err != nil:
		return "", err
	case ids[id]:
		return "", e.fault("the id is there twice; ids are unique among their kind: give it another")
	case limit > 0 && len(ids) >= limit:
		return "", e.fault("there are more than %d (Limits.%s); split the file, or raise the limit", limit, name)
	}
	ids[id] = true
	return id, nil
}

// found checks that all that was wanted came, and names the first that did not.
func (w wanted) found(ids map[string]bool, what string) error {
	var first error
	line := 0
	for id, e := range w {
		if !ids[id] && (first == nil || e.line < line) {
			line, first = e.line, e.fault("%s %q is not in the problem; correct the id, or add it", what, id)
		}
	}
	return first
}
