package itc2019

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"strings"

	"lisgate/gateway/lis"
)

// ReadSolution reads a solution: for each class its section as it is now, with
// the time and room of the file as its first meeting, and after it the
// memberships of its students. A student of the section whom the file does not
// list is taken out of it (deleteMembership; see Options.KeepStudents). The
// attributes of the solution go into the term's group, which is yielded first
// when they change it.
//
// An *ItemError speaks of one class, which is left out; what comes after it is
// good. After any other error nothing comes.
func ReadSolution(r io.Reader, src Source, o Options) iter.Seq2[*lis.Call, error] {
	return func(yield func(*lis.Call, error) bool) {
		s := &solution{o: o, src: src, s: newScanner(r, o), yield: yield, classes: map[string]bool{}, persons: map[string]lis.SourcedID{}}
		if err := s.run(); err != nil && err != errStopped {
			yield(nil, err)
		}
	}
}

// A solution is one being read. Of what was read only ids are held.
type solution struct {
	o       Options
	src     Source
	s       *scanner
	yield   func(*lis.Call, error) bool
	g       *grid
	term    *lis.Record
	classes map[string]bool
	persons map[string]lis.SourcedID // of students
}

const solutionRoot = "name runtime cores technique author institution country"

func (s *solution) run() error {
	var err error
	if s.term, err = s.src.Term(); err != nil {
		return fmt.Errorf("read the term's group: %w", err)
	}
	if s.g, err = gridOf(s.term); err != nil {
		return err
	}
	known := kind{solutionRoot, s.root}
	return s.s.root(map[string]kind{"solution": known, "problem": {strings.Join(problemAttrs, " "), func(e *element) error {
		inside := map[string]kind{"solution": known}
		for _, part := range parts {
			inside[part] = kind{strings.Join(optimizationAttrs, " "), s.s.skip}
		}
		return s.s.each(e, inside)
	}}})
}

func (s *solution) root(e *element) error {
	if name, want := e.get("name"), s.g.values.Get("name"); name != "" && name != want {
		return e.fault("it is a solution of the problem %q and not of %q; give the right file", clip(name), clip(want))
	}
	if err := s.tellTerm(e); err != nil {
		return err
	}
	return s.s.each(e, map[string]kind{"class": {"id days start weeks room", s.readClass}})
}

// tellTerm puts the attributes of the solution into the term's group.
func (s *solution) tellTerm(e *element) error {
	values, err := url.ParseQuery(s.g.values.Encode())
	if err != nil {
		return err
	}
	for _, name := range solutionAttrs {
		values.Del(keySolution + name)
		if v := e.get(name); v != "" {
			values.Set(keySolution+name, v)
		}
	}
	old := s.term.Object.(*lis.Group)
	if old.Extension.Get(lis.FieldITCProblem) == values.Encode() {
		return nil
	}
	group := *old
	group.Extension = copied(old.Extension)
	setField(&group.Extension, lis.FieldITCProblem, values.Encode())
	return s.emit(replaceGroup, &lis.Record{ID: s.term.ID, Agent: s.term.Agent, Object: &group})
}

func (s *solution) emit(operation string, r *lis.Record) error {
	if !s.yield(&lis.Call{Operation: operation, ID: r.ID, Record: r}, nil) {
		return errStopped
	}
	return nil
}

// refuse tells of a class that is left out, and reads on after the element. An
// error that is not the file's ends the reading.
func (s *solution) refuse(e *element, class string, err error) error {
	file := (*FileError)(nil)
	if !errors.As(err, &file) {
		return err
	}
	if !s.yield(nil, &ItemError{Line: e.line, Class: class, Text: file.Text, Err: err}) {
		return errStopped
	}
	return s.s.skip(e)
}

// readClass reads a class and its students.
func (s *solution) readClass(e *element) error {
	class := clip(e.get("id"))
	id, err := e.id("id")
	if err == nil && s.classes[id] {
		err = e.fault("the class is there twice; keep one")
	}
	if err != nil {
		return s.refuse(e, class, err)
	}
	if len(s.classes) >= s.s.limits.Classes {
		return e.fault("there are more than %d (Limits.Classes); raise the limit", s.s.limits.Classes)
	}
	s.classes[id] = true
	section, err := s.section(e, id)
	if err != nil {
		return s.refuse(e, class, err)
	}
	if err := s.place(e, section.Object.(*lis.CourseSection)); err != nil {
		return s.refuse(e, class, err)
	}
	if err := s.emit(replaceSection, section); err != nil {
		return err
	}
	return s.readStudents(e, class, section.ID)
}

// section returns a copy of the section of a class.
func (s *solution) section(e *element, class string) (*lis.Record, error) {
	r, err := s.find(class)
	if err != nil {
		return nil, fmt.Errorf("find the section of class %s: %w", class, err)
	}
	if r == nil || r.Object == nil {
		return nil, e.fault("there is no section for it: the class is not in the problem; correct the id, or import the problem first")
	}
	old, ok := r.Object.(*lis.CourseSection)
	if !ok {
		return nil, e.fault("%s is a %s and not a section; give the section of the class", r.ID, r.Object.Kind())
	}
	c := *old
	c.Extension = copied(old.Extension)
	return &lis.Record{ID: r.ID, Agent: r.Agent, Object: &c}, nil
}

func (s *solution) find(class string) (*lis.Record, error) {
	if s.o.Find != nil {
		return s.o.Find(class)
	}
	return s.known(lis.KindCourseSection, partClass, class)
}

// known finds what the file calls id: under the sourcedId that ReadProblem
// gives, or under the id itself.
func (s *solution) known(kind lis.Kind, part, id string) (*lis.Record, error) {
	r, err := s.src.Record(kind, s.g.sourcedID(part, id))
	if err != nil || r != nil && r.Object != nil {
		return r, err
	}
	return s.src.Record(kind, lis.SourcedID(id))
}

// copied returns an extension that can be written to; its fields are shared,
// for writing makes new ones.
func copied(e *lis.Extension) *lis.Extension {
	if e == nil {
		return nil
	}
	c := *e
	return &c
}
