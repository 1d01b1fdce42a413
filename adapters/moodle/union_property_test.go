package moodle

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lisgate/gateway/lis"
)

// Whatever comes in whatever parts, the enrolment ends as the memberships say
// together.
func TestAnEnrolmentIsWhatAllMembershipsSay(t *testing.T) {
	w, k := united(t, Options{})
	n := 1
	rapid.Check(t, func(r *rapid.T) {
		n++
		section := fmt.Sprintf("S%d", n)
		w.must(put(sectionRecord(section, section)))
		clear(k.live)
		ids := []string{section + "-m1", section + "-m2", section + "-m3"}
		var waiting []lis.Change
		for range rapid.IntRange(1, 12).Draw(r, "changes") {
			c := drawChange(r, section, rapid.SampledFrom(ids).Draw(r, "id"))
			waiting = append(waiting, k.says(c)...)
			if rapid.Bool().Draw(r, "deliver") {
				w.deliver(r, waiting)
				waiting = nil
			}
		}
		w.deliver(r, waiting)
		judge(r, w, k, section)
	})
}

func drawChange(r *rapid.T, section, id string) lis.Change {
	record := as(id, section, rapid.SampledFrom([]string{"Learner", "Instructor", "TeachingAssistant"}).Draw(r, "role"),
		rapid.SampledFrom([]string{"Active", "Active", "Inactive"}).Draw(r, "status"))
	role := &record.Object.(*lis.Membership).Member.Role[0]
	if begin := rapid.SampledFrom([]string{"", "2026-09-01", "2026-09-15"}).Draw(r, "begin"); begin != "" {
		role.TimeFrame = &lis.TimeFrame{Begin: begin, End: rapid.SampledFrom([]string{"", "2026-12-01", "2026-12-31"}).Draw(r, "end")}
	}
	if rapid.IntRange(0, 3).Draw(r, "act") == 0 {
		return drop(record)
	}
	return put(record)
}

// deliver does what the gateway does with a batch, and keeps the crosswalk.
func (w *world) deliver(r *rapid.T, cs []lis.Change) {
	turn := rapid.SampledFrom([]int{1, -1}).Draw(r, "turn") // targets may hear of objects in any order
	slices.SortStableFunc(cs, func(x, y lis.Change) int { return turn * strings.Compare(string(x.Key), string(y.Key)) })
	out, errs := w.ApplyAll(w.Context(), cs)
	for i, c := range cs {
		if errs[i] != nil {
			r.Fatalf("%s %s: %v", c.Act, c.Key, errs[i])
		}
		w.mu.Lock()
		if delete(w.ids, lis.Ref{Kind: c.Kind, ID: c.Key}); c.Act == lis.Put {
			w.ids[lis.Ref{Kind: c.Kind, ID: c.Key}] = out[i].TargetID
		}
		w.mu.Unlock()
	}
}

// judge says it all once more, in its own words.
func judge(r *rapid.T, w *world, k *books, section string) {
	roles, start, end := map[string]bool{}, int64(1<<62), int64(0)
	open := false
	for _, record := range k.live {
		role := record.Object.(*lis.Membership).Member.Role[0]
		if role.Status == "Inactive" {
			continue
		}
		roles[map[string]string{"Learner": "student", "Instructor": "editingteacher", "TeachingAssistant": "teacher"}[role.RoleType]] = true
		from, to, err := epochs(role.TimeFrame)
		if err != nil {
			r.Fatal(err)
		}
		start, end, open = min(start, from), max(end, to), open || to == 0
	}
	if open {
		end = 0
	}
	e, there := w.site.Enrolment(section, "P0")
	if len(roles) == 0 {
		if there && !e.Suspended {
			r.Fatalf("nobody is active, and the enrolment is: %+v", e)
		}
		return
	}
	if !there || e.Suspended || e.Start != start || e.End != end || !slices.Equal(slices.Sorted(slices.Values(e.Roles)), keys(roles)) {
		r.Fatalf("got %v %+v, want %v from %d to %d", there, e, keys(roles), start, end)
	}
}
