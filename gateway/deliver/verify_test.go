package deliver

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/memory"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A reader reads what a test says.
type reader struct {
	*memory.Adapter
	alter  func(*lis.Record) *lis.Record
	mirror func(*lis.Record) *lis.Record
}

func (r *reader) Read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	got, err := r.Adapter.Read(ctx, kind, id)
	if err != nil || r.alter == nil {
		return got, err
	}
	return r.alter(got), nil
}

// mirrored is a reader with a mirror.
type mirrored struct{ reader }

func (r *mirrored) Mirror(record *lis.Record) *lis.Record { return r.mirror(record) }

func person(name, source string) *lis.Record {
	return &lis.Record{ID: "a", Object: &lis.Person{
		FormName: []lis.FormName{{FormattedName: lis.NewText("", name)}}, DataSource: source,
	}}
}

// A success of which there is nothing to see is not believed for ever.
func TestReadingBack(t *testing.T) {
	nothing := func(*lis.Record) *lis.Record { return nil }
	onlySource := func(r *lis.Record) *lis.Record { return person("", r.Object.(*lis.Person).DataSource) }
	cases := []struct {
		name          string
		alter, mirror func(*lis.Record) *lis.Record
		finding       string
	}{
		{name: "the same"},
		{name: "absent", alter: nothing, finding: "reading it back shows nothing;"},
		{name: "another name", alter: func(*lis.Record) *lis.Record { return person("Zażółć", "sis") },
			finding: "reading it back shows other values of formname[0].formattedName.textString;"},
		{name: "more than was put", alter: func(r *lis.Record) *lis.Record { return person("Gęślą", "sis") }, mirror: onlySource,
			finding: "other values of formname[0].formattedName.textString;"},
		{name: "less than was put", alter: onlySource},
		{name: "as in a mirror", alter: onlySource, mirror: onlySource},
		{name: "not listed", mirror: nothing, finding: "an object where none should be"},
		{name: "not listed and absent", mirror: nothing, alter: nothing},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				tried := &attempts{}
				lms := &memory.Adapter{Fail: func(c lis.Change) error { tried.note(c); return nil }}
				target := Target{Name: "lms", Adapter: lms, Verify: &reader{Adapter: lms, alter: c.alter}}
				if c.mirror != nil {
					target.Verify = &mirrored{reader{Adapter: lms, alter: c.alter, mirror: c.mirror}}
				}
				h.start(h.store, target)
				h.record(person("Gęślą", "sis"))
				time.Sleep(time.Minute)
				s := h.of("a")[0]
				if c.finding == "" && (s.State != journal.Applied || tried.count() != 1) {
					t.Errorf("settled %+v after %d attempts", s, tried.count())
				}
				if c.finding != "" && (s.State != journal.Dead || tried.count() != 3 || !strings.Contains(s.Reason, c.finding) ||
					!strings.Contains(s.Reason, "the target said success") || strings.Contains(s.Reason, "Zażółć")) {
					t.Errorf("settled %+v after %d attempts", s, tried.count())
				}
				if status, _ := h.Status(t.Context()); status[0].Away {
					t.Error("the target is held to be away")
				}
				h.end()
			})
		})
	}
}

// A system that needs a moment is believed after it; and the reading may fail.
func TestReadingBackTakesAMoment(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &memory.Adapter{BatchRows: 10}
		h.start(h.store, Target{Name: "lms", Adapter: lms, Verify: &reader{Adapter: lms, alter: func(r *lis.Record) *lis.Record {
			if h.after() < 1500*time.Millisecond {
				return nil
			}
			return r
		}}})
		h.put("lms", numbered(20)...)
		time.Sleep(10 * time.Second)
		h.balance("lms", 20, 0, 0)
		h.write("lms", lis.KindPerson, lis.Drop, "p00000") // nothing is read after it
		time.Sleep(2 * time.Second)
		h.balance("lms", 21, 0, 0)
		h.end()
	})
}

// What the shape makes of a change is sent and kept, and its error is a
// refusal.
func TestShape(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &memory.Adapter{}
		h.start(h.store, Target{Name: "lms", Adapter: lms, Shape: func(_ context.Context, c lis.Change) (lis.Change, error) {
			switch c.Key {
			case "unmapped":
				return c, errors.New("role Wizard is in no vocabulary")
			case "panic":
				panic("no such field")
			case "later":
				return c, class(adapters.Unavailable)
			case "a":
				c.Record = &lis.Record{ID: c.Record.ID, Object: &lis.Person{DataSource: "shaped"}}
			}
			return c, nil
		}})
		h.put("lms", "a", "b", "unmapped", "panic", "later")
		h.settle()
		h.balance("lms", 2, 2, 1)
		if r, err := lms.Read(t.Context(), lis.KindPerson, "a"); err != nil || r.Object.(*lis.Person).DataSource != "shaped" {
			t.Errorf("read %+v, %v", r, err)
		}
		if s := h.of("unmapped")[0]; !strings.HasPrefix(s.Reason, "refused: role Wizard is in no vocabulary; correct") {
			t.Errorf("settled %+v", s)
		}
		snapshot, err := h.store.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer snapshot.Close()
		for id, want := range map[string]string{"a": `{"object":{"dataSource":"shaped"}}`, "b": ""} {
			if body, err := snapshot.Mapped("lms", h.of(id)[0].Seq); err != nil || string(body) != want {
				t.Errorf("%s was sent as %q, want %q, %v", id, body, want, err)
			}
		}
		h.end()
	})
}

// The hint of an adapter stands in place of ours, and a failure for one change
// only says nothing of the target.
func TestHintsAndNarrowFailures(t *testing.T) {
	inHouse(t, func(h *house) {
		lms := &memory.Adapter{Fail: func(c lis.Change) error {
			e := &adapters.Error{Class: adapters.Refused, Err: errors.New("no"), Hint: "give the token the right to enrol"}
			if c.Key != "refused" {
				e.Class, e.Narrow = adapters.Unavailable, true
			}
			return e
		}}
		h.put("lms", numbered(20)...)
		h.put("lms", "refused")
		h.start(h.store, Target{Name: "lms", Adapter: lms})
		time.Sleep(time.Minute)
		for id, want := range map[string]string{"refused": "refused: no; give the token the right to enrol", "p00000": "unavailable: no; give the token the right to enrol"} {
			if s := h.of(id)[0]; s.Reason != want {
				t.Errorf("reason %q, want %q", s.Reason, want)
			}
		}
		if status, _ := h.Status(t.Context()); status[0].Away || status[0].Standing.Failed != 20 {
			t.Errorf("status %+v", status[0])
		}
		h.end()
	})
}
