package csvfiles

import (
	"slices"
	"testing"

	"lisgate/adapters"
)

// The same list every night is not said again, and is told to have come.
func TestTheSameFileAgainHasCome(t *testing.T) {
	b := newBench(t, "files:\n  - {name: students*.csv, mode: full, kind: person, id: 'text(id)', set: {given: first}}\n")
	again := func(p pulled) bool {
		return slices.ContainsFunc(p.items, func(it adapters.Item) bool { return it.Again })
	}
	b.drop("students.csv", "id,first\n1,Ann\n")
	first := b.clean("")
	b.acknowledge(first.cursor)
	if empty := b.clean(first.cursor); again(first) || len(empty.items) != 0 {
		t.Errorf("first %+v, then %+v", first.items, empty.items)
	}
	b.drop("students.csv", "id,first\n1,Ann\n")
	if p := b.clean(first.cursor); !again(p) || p.story() != "" {
		t.Errorf("the same again: %+v", p.items)
	}
	if p := b.clean(first.cursor); again(p) {
		t.Errorf("nothing came: %+v", p.items)
	}
	if !b.a.Inbox() {
		t.Error("a folder is an inbox")
	}
}
