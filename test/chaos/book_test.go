package chaos

import (
	"fmt"
	"slices"

	"lisgate/gateway/lis"
)

// A book is what the SIS knows of its objects: which state of each was
// acknowledged last, and which may have come about since without the SIS
// being told. A state is the token that the record carries; "" is not there.
type book map[object]*fate

type fate struct {
	known   string
	perhaps []string
}

func (b book) of(o object) *fate {
	if b[o] == nil {
		b[o] = &fate{}
	}
	return b[o]
}

// settle notes that a state was acknowledged.
func (b book) settle(o object, token string) { *b.of(o) = fate{known: token} }

// doubt notes that a state may have come about.
func (b book) doubt(o object, token string) {
	f := b.of(o)
	if !slices.Contains(f.perhaps, token) {
		f.perhaps = append(f.perhaps, token)
	}
}

// present reports whether an object is there beyond doubt.
func (b book) present(o object) bool {
	f := b.of(o)
	return f.known != "" && !slices.Contains(f.perhaps, "")
}

// certain reports whether the state of an object is beyond doubt.
func (b book) certain(o object) bool { return len(b.of(o).perhaps) == 0 }

// allows reports whether a state is one that an object may be in.
func (f *fate) allows(token string) bool {
	return token == f.known || slices.Contains(f.perhaps, token)
}

func (f *fate) String() string { return fmt.Sprintf("%q, perhaps %q", f.known, f.perhaps) }

// tokenOf reads the token that a record carries, "" when there is no record.
func tokenOf(r *lis.Record) string {
	if r == nil {
		return ""
	}
	switch o := r.Object.(type) {
	case *lis.Person:
		return o.DataSource
	case *lis.Group:
		return o.DataSource
	case *lis.Membership:
		return o.DataSource
	case *lis.CourseSection:
		return o.DataSource
	}
	return "?"
}
