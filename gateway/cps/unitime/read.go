package unitime

import (
	"hash/maphash"
	"io"
	"iter"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// Options say what a file does not say itself.
type Options struct {
	// Begin and End are the first and last day of the session, for classes
	// without dates. Without them their meetings have none: those of the term.
	Begin, End lis.Date
	Session    lis.SourcedID // of the term; "" makes one of campus, year and term
	Language   string        // of the texts; "" is en
	Limits     Limits
	// Header is told what the root says, before the first call.
	Header func(Header)
	// Unknown is told the path of what is in the file and not held.
	Unknown func(path string)
	// Resolve returns the object that is known by a name: an offering ALG 101,
	// a section ALG 101 Lec 1, a room (a group) EDUC 103; "" for none. It is
	// asked where the file gives no id.
	Resolve func(kind lis.Kind, name string) lis.SourcedID
}

// Read reads a file of UniTime as the calls that would make it known. It reads
// one offering, or one class of a timetable, at a time; of the rest it keeps
// eight bytes for each object. The sequence can be ranged over once and ends
// with the first error, which is an *Error where the file is at fault.
func Read(r io.Reader, o Options) iter.Seq2[*lis.Call, error] {
	return func(yield func(*lis.Call, error) bool) {
		o.Limits, o.Language = o.Limits.filled(), orElse(o.Language, "en")
		if o.Unknown == nil {
			o.Unknown = func(string) {}
		}
		s := newScanner(r, o.Limits)
		s.unknown = o.Unknown
		re := &reading{Options: o, seen: map[uint64]struct{}{}, seed: maphash.MakeSeed()}
		read, err := re.start(s)
		for err == nil {
			for _, c := range re.calls {
				if !yield(c, nil) {
					return
				}
			}
			re.calls = re.calls[:0:0]
			var e *element
			if e, err = s.next(); err == nil {
				err = read(e)
			}
		}
		if err != io.EOF {
			yield(nil, err)
		}
	}
}

// A reading is a file while it is read.
type reading struct {
	Options
	header  Header
	formats *formats
	session lis.SourcedID
	seen    map[uint64]struct{}
	seed    maphash.Seed
	calls   []*lis.Call // of the child of the root at hand
}

// start reads the root, and returns what reads its children.
func (r *reading) start(s *scanner) (func(*element) error, error) {
	root, err := s.root()
	if err != nil {
		return nil, err
	}
	readers := map[string]func(*element) error{
		"timetable": r.timetableClass, "offerings": r.offering, "buildingsRooms": r.building,
		"studentEnrollments": r.student, "staff": r.staffMember, "session": r.sessionDates,
	}
	read, known := readers[root.name]
	if !known {
		return nil, root.refuse("", "give a file with one of the roots timetable, offerings, buildingsRooms, studentEnrollments, staff, session",
			"is no root that is read")
	}
	if root.name != "staff" || root.has("campus") {
		if r.header, err = headerOf(root); err != nil {
			return nil, err
		}
	}
	if r.formats, err = newFormats(root.name, r.header.DateFormat, r.header.TimeFormat, r.header.Year, r.Begin); err != nil {
		name, _, _ := strings.Cut(err.Error(), ":")
		return nil, root.refuse(name, "use letters of y M d for dates, of H h m s a for times", "%v", err)
	}
	r.header.Begin, r.header.End = r.Begin, r.End
	if r.Options.Header != nil {
		r.Options.Header(r.header)
	}
	r.session = orID(r.Options.Session, made("session", r.header.Campus, r.header.Year, r.header.Term))
	if root.name == "timetable" || root.name == "offerings" {
		r.term("createGroup", r.Begin, r.End)
	}
	return func(e *element) error {
		if err := r.prune(e); err != nil {
			return err
		}
		return read(e)
	}, nil
}

func orID(a, b lis.SourcedID) lis.SourcedID {
	if a != "" {
		return a
	}
	return b
}

// children are the elements that are read within others, as the DTDs order
// them; the rest is told of as unknown and left out.
var children = map[string][]string{
	"offering":  {"designatorRequired", "courseCredit", "consent", "course", "config"},
	"course":    {"consent", "courseCredit", "class"},
	"config":    {"subpart", "class"},
	"subpart":   {"subpartCredit", "subpart"},
	"class":     {"class", "date", "time", "arrangeTime", "room", "location", "instructor", "meeting", "meetsWith"},
	"building":  {"room"},
	"student":   {"class"},
	"timetable": {"class"}, "offerings": {"offering"}, "buildingsRooms": {"building"}, "studentEnrollments": {"student"},
	"staff": {"staffMember"}, "session": {"sessionDates"},
}

// prune takes out what is not held, orders what is, and refuses what no id can be.
func (r *reading) prune(e *element) error {
	for _, name := range []string{"id", "externalId", "courseId"} {
		if len(e.text(name)) > r.Limits.Identifier {
			return e.refuse(name, "shorten it, or raise the limit", "over %d bytes (limit Identifier)", r.Limits.Identifier)
		}
	}
	e.attrs = slices.DeleteFunc(e.attrs, func(a attribute) bool {
		if !strings.HasPrefix(a.name, ours) {
			return false
		}
		r.Unknown(e.path + "/@" + a.name)
		return true
	})
	held := children[e.name]
	if e.name == "room" && strings.HasPrefix(e.path, "buildingsRooms") {
		held = []string{"roomFeatures", "roomFeature"}
	}
	if e.name == "roomFeatures" {
		held = []string{"roomFeature"}
	}
	e.kids = slices.DeleteFunc(e.kids, func(k *element) bool {
		if slices.Contains(held, k.name) {
			return false
		}
		r.Unknown(k.path)
		return true
	})
	e.order(held...)
	for _, k := range e.kids {
		if err := r.prune(k); err != nil {
			return err
		}
	}
	return nil
}

// is reports whether the top element is the one that the root has, and tells
// of it when not.
func (r *reading) is(e *element, name string) bool {
	if e.name == name {
		return true
	}
	r.Unknown(e.path)
	return false
}

// emit adds a call.
func (r *reading) emit(operation string, id lis.SourcedID, o lis.Object) {
	r.calls = append(r.calls, &lis.Call{Operation: operation, ID: id, Record: &lis.Record{ID: id, Object: o}})
}

// mention adds the call that creates an object, unless the file did before.
func (r *reading) mention(operation string, id lis.SourcedID, o lis.Object) {
	if r.first(o.Kind(), id) {
		r.emit(operation, id, o)
	}
}

// first reports whether an object is met for the first time.
func (r *reading) first(kind lis.Kind, id lis.SourcedID) bool {
	key := maphash.String(r.seed, string(kind)+"\x00"+string(id))
	if _, met := r.seen[key]; met {
		return false
	}
	r.seen[key] = struct{}{}
	return true
}

// resolve returns what is known by a name, or else the id that is given.
func (r *reading) resolve(kind lis.Kind, name string, otherwise lis.SourcedID) lis.SourcedID {
	if r.Resolve != nil && name != "" {
		if id := r.Resolve(kind, name); id != "" {
			return id
		}
	}
	return otherwise
}

func (r *reading) textOf(s string) *lis.Text { return lis.NewText(r.Language, s) }
