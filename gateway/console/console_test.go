package console

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"lisgate/gateway/guard"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// desk is a console over a small journal: a person with a password, who is a
// member of a section, and what a target made of both.
func desk(t *testing.T, admin bool) *Console {
	t.Helper()
	store := journaltest.NewMemory(nil)
	r := registrar.New(registrar.Options{Store: store, Targets: func(journal.View, *lis.Change) ([]string, error) { return []string{"lms"}, nil }})
	person := &lis.Record{ID: "p-1", Object: &lis.Person{Roles: []lis.EnterpriseRoles{{UserID: []lis.UserID{{
		UserIDValue: lis.NewText("en", "ann"), Password: lis.NewText("en", "hunter2")}}}}}}
	membership := &lis.Record{ID: "m-1", Object: &lis.Membership{CollectionSourcedID: "s-1", MembershipIDType: "courseSection",
		Member: &lis.Member{PersonSourcedID: "p-1", Role: []lis.Role{{RoleType: "Learner"}}}}}
	section := &lis.Record{ID: "s-1", Object: &lis.CourseSection{Title: lis.NewText("en", "Optics")}}
	for _, record := range []*lis.Record{person, membership, section} { // the first is the dead one
		operation := lis.OperationFor(record.Object.Kind(), lis.Replace)
		a := r.Do(t.Context(), &registrar.Request{Call: &lis.Call{Operation: operation, ID: record.ID, Record: record}, Caller: "sis", MessageID: "x", Body: []byte("<" + operation + "/>")})
		if !a.Status.OK() {
			t.Fatal(a.Status)
		}
	}
	r.Do(t.Context(), &registrar.Request{Call: &lis.Call{Operation: "deleteGroup", ID: "g-1"}, Caller: "sis"})
	kill(t, store)
	keeper, err := guard.New(guard.Options{Anonymous: &guard.AnonymousOptions{Admin: admin}})
	if err != nil {
		t.Fatal(err)
	}
	return New(Rooms{Store: store, Guard: keeper, Merge: r.Merge})
}

// kill makes a dead letter of the first change.
func kill(t *testing.T, store journal.Store) {
	t.Helper()
	now := time.Now().Add(time.Second)
	leased, err := store.Lease(context.Background(), "lms", 1, now, now.Add(time.Minute))
	if err != nil || len(leased) != 1 {
		t.Fatal(leased, err)
	}
	err = store.Settle(context.Background(), []journal.Settlement{{Target: "lms", Seq: leased[0].Seq, Fence: leased[0].Fence,
		State: journal.Dead, Reason: "the target knows no such word", At: now}})
	if err != nil {
		t.Fatal(err)
	}
}

// get asks the console as somebody on this machine.
func get(c *Console, path string) (int, string) {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.RemoteAddr, r.Host = "127.0.0.1:5", "127.0.0.1"
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestWhoTellsAllButPasswords(t *testing.T) {
	c := desk(t, true)
	status, text := get(c, "/admin/v1/who/p-1")
	var who Who
	if err := json.Unmarshal([]byte(text), &who); err != nil || status != http.StatusOK {
		t.Fatalf("%d %v %s", status, err, text)
	}
	if len(who.Objects) != 1 || len(who.Messages) != 1 {
		t.Fatalf("%s", text)
	}
	o := who.Objects[0]
	if o.Kind != lis.KindPerson || len(o.History) != 1 || len(o.Deliveries) != 1 || len(o.Memberships) != 1 || o.Memberships[0].Collection != "s-1" {
		t.Errorf("%s", text)
	}
	if strings.Contains(text, "hunter2") || !strings.Contains(text, "ann") {
		t.Errorf("a password is shown, or too little: %s", text)
	}
	if _, text := get(c, "/admin/v1/who/s-1"); !strings.Contains(text, `"personSourcedId": "p-1"`) {
		t.Errorf("the section does not tell its members: %s", text)
	}
}

func TestWhoTellsOfRefusedMessages(t *testing.T) {
	if status, text := get(desk(t, true), "/admin/v1/who/g-1"); status != http.StatusOK || !strings.Contains(text, "unknownobject") {
		t.Errorf("%d %s", status, text)
	}
}

func TestNothingKnown(t *testing.T) {
	c := desk(t, true)
	for path, want := range map[string]string{
		"/admin/v1/who/nobody":     "nothing is known of nobody",
		"/admin/v1/messages/1":     "there is no message 1",
		"/admin/v1/messages/first": "a message has a number",
	} {
		if status, text := get(c, path); status != http.StatusNotFound || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
}

func TestBalanceAndDead(t *testing.T) {
	c := desk(t, true)
	var rows []journal.Balance
	_, text := get(c, "/admin/v1/balance")
	if err := json.Unmarshal([]byte(text), &rows); err != nil || len(rows) != 4 { // the group was never there, and its delete is told all the same
		t.Fatalf("%v %s", err, text)
	}
	dead := int64(0)
	for _, b := range rows {
		if dead += b.Dead; b.Sent != b.Applied+b.Dead+b.Waiting {
			t.Errorf("does not add up: %+v", b)
		}
	}
	if dead != 1 {
		t.Errorf("%d dead letters in the balance", dead)
	}
	if _, text := get(c, "/admin/v1/dead?target=lms"); !strings.Contains(text, "the target knows no such word") {
		t.Error(text)
	}
	if _, text := get(c, "/admin/v1/dead?target=other"); strings.TrimSpace(text) != "[]" {
		t.Error(text)
	}
}

func TestMessageIsShownAsItCame(t *testing.T) {
	c := desk(t, true)
	_, text := get(c, "/admin/v1/who/m-1")
	var who Who
	if err := json.Unmarshal([]byte(text), &who); err != nil || len(who.Messages) != 1 {
		t.Fatal(err, text)
	}
	number, _ := json.Marshal(who.Messages[0].Number)
	if _, text := get(c, "/admin/v1/messages/"+string(number)); !strings.Contains(text, "replaceMembership/") {
		t.Error(text)
	}
}

func TestOnlyAdministratorsLookIn(t *testing.T) {
	if status, text := get(desk(t, false), "/admin/v1/balance"); status != http.StatusForbidden || strings.Contains(text, "sent") {
		t.Errorf("%d %s", status, text)
	}
}
