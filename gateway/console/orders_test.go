package console

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"lisgate/adapters/memory"
	"lisgate/gateway/grades"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/reconcile"
	"lisgate/gateway/replay"
)

// tell tells the console something as somebody on this machine.
func tell(c *Console, method, path, body string) (int, string) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.RemoteAddr, r.Host = "127.0.0.1:1", "127.0.0.1"
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// staffed is a console with all its rooms, over the journal of desk.
func staffed(t *testing.T) (*Console, *memory.Adapter) {
	t.Helper()
	c := desk(t, true)
	lms := &memory.Adapter{}
	c.Replay = replay.New(c.Store, func([]string) {}, zap.NewNop(), time.Now)
	c.Grades = grades.New(c.Store, nil, zap.NewNop(), time.Now, nil)
	c.Diff = func(target string) (reconcile.Options, reconcile.Remover, error) {
		return reconcile.Options{Store: c.Store, Target: target, Adapter: lms, Now: time.Now,
			Wanted: func(journal.View, *lis.Change) (bool, error) { return true, nil }}, nil, nil
	}
	return c, lms
}

// hold has the membership of desk held.
func hold(t *testing.T, c *Console, h journal.Hold) {
	t.Helper()
	now := time.Now().Add(time.Second)
	leased, err := c.Store.Lease(context.Background(), "lms", 10, now, now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range leased {
		if d.Kind != lis.KindMembership {
			continue
		}
		err = c.Store.Settle(context.Background(), []journal.Settlement{{Target: "lms", Seq: d.Seq, Fence: d.Fence,
			State: journal.Held, Hold: h, Match: "208", Reason: "too many", At: now}})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestHoldsAreShownAndDecided(t *testing.T) {
	c, _ := staffed(t)
	hold(t, c, journal.HoldRemoval)
	_, text := tell(c, "GET", "/admin/v1/holds", "")
	var groups []HeldGroup
	if err := json.Unmarshal([]byte(text), &groups); err != nil || len(groups) != 1 || groups[0].Count != 1 || groups[0].Sample[0].ID != "m-1" {
		t.Fatalf("%v %s", err, text)
	}
	for body, want := range map[string]int{`{}`: 400, `{"targt":"lms"}`: 400, `{"target":"lms","kind":"person","approve":true}`: 200} {
		if status, text := tell(c, "POST", "/admin/v1/holds", body); status != want || want == 200 && !strings.Contains(text, `"decided": 0`) {
			t.Errorf("%s: %d %s", body, status, text)
		}
	}
	if _, text := tell(c, "POST", "/admin/v1/holds", `{"target":"lms","kind":"membership","approve":true}`); !strings.Contains(text, `"decided": 1`) {
		t.Error(text)
	}
	if _, text := tell(c, "GET", "/admin/v1/holds", ""); strings.TrimSpace(text) != "[]" {
		t.Error(text)
	}
}

func TestCrosswalkByHand(t *testing.T) {
	c, _ := staffed(t)
	if status, text := tell(c, "GET", "/admin/v1/crosswalk/lms/person/p-1", ""); status != http.StatusNotFound {
		t.Errorf("%d %s", status, text)
	}
	if status, text := tell(c, "PUT", "/admin/v1/crosswalk/lms/person/p-1", `{"targetId":"208","why":"seen on her card"}`); status != http.StatusOK {
		t.Errorf("%d %s", status, text)
	}
	if _, text := tell(c, "GET", "/admin/v1/crosswalk/lms/person/p-1", ""); !strings.Contains(text, `"targetId": "208"`) || !strings.Contains(text, "seen on her card") {
		t.Error(text)
	}
	if status, text := tell(c, "PUT", "/admin/v1/crosswalk/lms/person/p-2", `{"targetId":"208"}`); status != http.StatusBadRequest || !strings.Contains(text, "p-1") {
		t.Errorf("one id for two persons: %d %s", status, text)
	}
}

func TestReplaysThroughTheConsole(t *testing.T) {
	c, _ := staffed(t)
	if _, text := tell(c, "POST", "/admin/v1/replays?preview=true", `{"target":"lms","states":["dead"]}`); !strings.Contains(text, `": 1`) {
		t.Error(text)
	}
	if status, text := tell(c, "POST", "/admin/v1/replays", `{}`); status != http.StatusBadRequest {
		t.Errorf("%d %s", status, text)
	}
	_, text := tell(c, "POST", "/admin/v1/replays", `{"target":"lms","rate":5}`)
	var j replay.Job
	if err := json.Unmarshal([]byte(text), &j); err != nil || j.State != replay.Running {
		t.Fatalf("%v %s", err, text)
	}
	if _, text := tell(c, "POST", "/admin/v1/replays/"+j.ID+"/pause", ""); !strings.Contains(text, `"paused"`) {
		t.Error(text)
	}
	if status, text := tell(c, "POST", "/admin/v1/replays/"+j.ID+"/explode", ""); status != http.StatusBadRequest {
		t.Errorf("%d %s", status, text)
	}
}

// A diff is one document a line, and values only when asked for.
func TestDiffThroughTheConsole(t *testing.T) {
	c, lms := staffed(t)
	record := &lis.Record{ID: "s-1", Object: &lis.CourseSection{Title: lis.NewText("en", "Optics by hand")}}
	if _, err := lms.Apply(t.Context(), lis.Change{ID: "x", Kind: lis.KindCourseSection, Key: "s-1", Act: lis.Put, Record: record}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Millisecond)
	_, text := tell(c, "GET", "/admin/v1/diff/lms?kind=courseSection", "")
	if lines := strings.Split(strings.TrimSpace(text), "\n"); len(lines) != 2 || !strings.Contains(lines[0], `"differs"`) || strings.Contains(text, "by hand") {
		t.Error(text)
	}
	if _, text = tell(c, "GET", "/admin/v1/diff/lms?kind=courseSection&values=true", ""); !strings.Contains(text, "by hand") {
		t.Error(text)
	}
	if status, _ := tell(c, "GET", "/admin/v1/diff/lms?kind=horse", ""); status != http.StatusBadRequest {
		t.Error("a kind that is none was compared")
	}
}

func TestGradesThroughTheConsole(t *testing.T) {
	c, _ := staffed(t)
	if _, text := tell(c, "GET", "/admin/v1/grades/refused", ""); !strings.HasPrefix(text, "courseSectionSourcedId,") {
		t.Error(text)
	}
	if status, text := tell(c, "POST", "/admin/v1/grades/pull", `{"feed":"none"}`); status != http.StatusBadRequest || !strings.Contains(text, "none") {
		t.Errorf("%d %s", status, text)
	}
	if _, text := tell(c, "GET", "/admin/v1/grades/receipts", ""); strings.TrimSpace(text) != "[]" {
		t.Error(text)
	}
}

func TestMergeThroughTheConsole(t *testing.T) {
	c, _ := staffed(t)
	if status, text := tell(c, "POST", "/admin/v1/merge", `{"from":"p-1","into":"p-9"}`); status != http.StatusBadRequest || !strings.Contains(text, "p-9") {
		t.Errorf("%d %s", status, text)
	}
}
