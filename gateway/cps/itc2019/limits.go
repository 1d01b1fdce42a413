package itc2019

import "lisgate/gateway/lis"

// Limits bound a file. A zero is the default, which is fifty times the largest
// term that the competition published (CPS facts, 6.1).
type Limits struct {
	Bytes         int64 // of the file; 1 GiB
	Token         int   // bytes of a tag, a comment or a run of text; 64 KiB
	Value         int   // bytes of an attribute; 4096
	ID            int   // bytes of an id; 64
	Attributes    int   // of an element; 32
	Depth         int   // of elements; 16
	Weeks         int   // of a term; 106, and no more
	Rooms         int   // of a problem; 5,000
	Courses       int   // 30,000
	Classes       int   // 60,000
	Distributions int   // 100,000
	Students      int   // 700,000
	Children      int   // elements of one room, class, distribution or student; 5,000, and no more
}

func (l Limits) orDefault() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 1 << 30
	}
	for _, d := range []struct {
		n         *int
		otherwise int
	}{
		{&l.Token, 64 << 10}, {&l.Value, 4096}, {&l.ID, 64}, {&l.Attributes, 32}, {&l.Depth, 16}, {&l.Weeks, lis.MaxWeeks},
		{&l.Rooms, 5_000}, {&l.Courses, 30_000}, {&l.Classes, 60_000},
		{&l.Distributions, 100_000}, {&l.Students, 700_000}, {&l.Children, lis.MaxEntries},
	} {
		if *d.n <= 0 {
			*d.n = d.otherwise
		}
	}
	// More than these would be written into a record and not be read from it.
	l.Weeks, l.Children = min(l.Weeks, lis.MaxWeeks), min(l.Children, lis.MaxEntries)
	return l
}

// Options say how a file is read.
type Options struct {
	// Begin is the first Monday of the term; a problem cannot be read without it.
	Begin lis.Date
	// Prefix begins the sourcedIds of a problem; the problem's name when "".
	Prefix string
	Limits Limits
	// Unknown is told of each element, attribute or text that is skipped.
	Unknown func(what string)
	// Find returns the section of a class of a solution, nil when there is
	// none. When it is nil itself the section has the sourcedId that
	// ReadProblem gave it.
	Find func(class string) (*lis.Record, error)
	// KeepStudents leaves students in a section whom the class of a solution
	// does not list: for solvers that plan no students.
	KeepStudents bool
}
