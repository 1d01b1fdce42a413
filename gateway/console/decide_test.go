package console

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// looksAlike has persons held, each for a match with an id of the target.
func looksAlike(t *testing.T, c *Console, match map[lis.SourcedID]string) {
	t.Helper()
	err := c.Store.Write(t.Context(), func(tx journal.Tx) error {
		for id := range match {
			change := &lis.Change{Kind: lis.KindPerson, Key: id, Act: lis.Put, Operation: "replacePerson", Source: "sis"}
			if err := tx.Append(change, []byte(`{}`), nil, nil, 0, []string{"lms"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().Add(time.Second)
	leased, err := c.Store.Lease(t.Context(), "lms", 20, now, now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range leased {
		s := journal.Settlement{Target: "lms", Seq: d.Seq, Fence: d.Fence, State: journal.Held, Hold: journal.HoldMatch, Match: match[d.Key], Reason: "it looks the same", At: now}
		if s.Match == "" {
			s.State, s.Hold, s.Due = journal.Waiting, "", now
		}
		if err := c.Store.Settle(t.Context(), []journal.Settlement{s}); err != nil {
			t.Fatal(err)
		}
	}
}

// A match that cannot be approved keeps the others of its group from nothing.
func TestEachHoldIsDecidedForItself(t *testing.T) {
	c, _ := staffed(t)
	if status, text := tell(c, "PUT", "/admin/v1/crosswalk/lms/person/p-0", `{"targetId":"7"}`); status != http.StatusOK {
		t.Fatal(text)
	}
	looksAlike(t, c, map[lis.SourcedID]string{"q-1": "1", "q-2": "7", "q-3": "3"})
	status, text := tell(c, "POST", "/admin/v1/holds", `{"target":"lms","kind":"person","approve":true}`)
	var got Decided
	if err := json.Unmarshal([]byte(text), &got); err != nil || status != http.StatusOK {
		t.Fatal(status, err, text)
	}
	if got.Decided != 2 || got.Stay != 1 || got.Stayed[0].ID != "q-2" || !strings.Contains(got.Stayed[0].Reason, "belongs to p-0") {
		t.Errorf("%+v", got)
	}
	if _, text := tell(c, "GET", "/admin/v1/holds", ""); !strings.Contains(text, "q-2") || strings.Contains(text, "q-1") {
		t.Error(text)
	}
	// Unlinked where it was, it can be approved.
	if status, text := tell(c, "DELETE", "/admin/v1/crosswalk/lms/person/p-0?why=wrong+card", ""); status != http.StatusOK {
		t.Fatal(status, text)
	}
	if _, text := tell(c, "POST", "/admin/v1/holds", `{"target":"lms","sourcedIds":["q-2"],"approve":true}`); !strings.Contains(text, `"decided": 1`) {
		t.Error(text)
	}
}

// All holds of a target are decided only when all is said.
func TestAllHoldsHaveToBeAskedFor(t *testing.T) {
	c, _ := staffed(t)
	looksAlike(t, c, map[lis.SourcedID]string{"q-1": "1", "q-2": "2"})
	if status, text := tell(c, "POST", "/admin/v1/holds", `{"target":"lms","approve":true}`); status != http.StatusBadRequest || !strings.Contains(text, "or all") {
		t.Errorf("%d %s", status, text)
	}
	if _, text := tell(c, "POST", "/admin/v1/holds", `{"target":"lms","approve":true,"all":true}`); !strings.Contains(text, `"decided": 2`) {
		t.Error(text)
	}
}

// What was unlinked is found under neither name, and its id is free.
func TestUnlink(t *testing.T) {
	c, _ := staffed(t)
	const p1, p2 = "/admin/v1/crosswalk/lms/person/p-1", "/admin/v1/crosswalk/lms/person/p-2"
	if status, text := tell(c, "DELETE", p1, ""); status != http.StatusNotFound {
		t.Errorf("%d %s", status, text)
	}
	tell(c, "PUT", p1, `{"targetId":"208"}`)
	if _, text := tell(c, "PUT", p2, `{"targetId":"208"}`); !strings.Contains(text, "lisgate crosswalk lms person p-1 --unlink") {
		t.Error(text)
	}
	if status, text := tell(c, "DELETE", p1+"?why=another+Ann", ""); status != http.StatusOK {
		t.Errorf("%d %s", status, text)
	}
	if owner, err := c.Store.PairOf(t.Context(), "lms", lis.KindPerson, "208"); owner != nil || err != nil {
		t.Error(owner, err)
	}
	if p, err := c.Store.Pair(t.Context(), "lms", lis.KindPerson, "p-1"); err != nil || !p.Gone || p.TargetID != "" {
		t.Error(p, err)
	}
	_, text := tell(c, "GET", p1, "")
	if !strings.Contains(text, "unlinked from 208") || !strings.Contains(text, "another Ann") || !strings.Contains(text, `"gone": true`) {
		t.Error(text)
	}
	if status, text := tell(c, "PUT", p2, `{"targetId":"208"}`); status != http.StatusOK {
		t.Error(text)
	}
	if status, _ := tell(c, "DELETE", p1, ""); status != http.StatusNotFound {
		t.Error("unlinked twice")
	}
}
