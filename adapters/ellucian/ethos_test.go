package ellucian_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/ellucian"
	"lisgate/gateway/lis"
)

// pull reads a Pull to its end and fails on an error.
func pull(t *testing.T, s adapters.Source, cursor string) []adapters.Item {
	t.Helper()
	var items []adapters.Item
	for it, err := range s.Pull(t.Context(), cursor) {
		if err != nil {
			t.Fatalf("pull from %q: %v", cursor, err)
		}
		items = append(items, it)
	}
	return items
}

// pullError reads a Pull that has to fail.
func pullError(t *testing.T, s adapters.Source, cursor string) ([]adapters.Item, *adapters.Error) {
	t.Helper()
	var items []adapters.Item
	for it, err := range s.Pull(t.Context(), cursor) {
		if err != nil {
			return items, classed(t, err, adapters.ClassOf(err))
		}
		items = append(items, it)
	}
	t.Fatal("the pull ended without an error")
	return nil, nil
}

func lastCursor(items []adapters.Item) string {
	cursor := ""
	for _, it := range items {
		if it.Cursor != "" {
			cursor = it.Cursor
		}
	}
	return cursor
}

// summary is a line per item.
func summary(items []adapters.Item) string {
	var b strings.Builder
	for _, it := range items {
		switch {
		case it.Begins != "":
			fmt.Fprintf(&b, "begins %s\n", it.Begins)
		case it.Ends != "":
			fmt.Fprintf(&b, "ends %s\n", it.Ends)
		case it.Err != nil:
			fmt.Fprintf(&b, "bad %s %s\n", it.Kind, it.Key)
		case it.Act != "":
			fmt.Fprintf(&b, "%s %s %s\n", it.Act, it.Kind, it.Key)
		default:
			fmt.Fprintf(&b, "nothing\n")
		}
		if it.Cursor != "" {
			fmt.Fprintf(&b, "cursor %s\n", it.Cursor)
		}
	}
	return b.String()
}

func small(o *ellucian.EthosOptions) {
	o.Resources = []string{"persons", "sections", "section-registrations", "section-instructors"}
	o.Page = 2
}

func TestEthosFullLoad(t *testing.T) {
	w := newEthos(t, small)
	for i := 1; i <= 5; i++ {
		w.fake.Put("persons", fmt.Sprintf(`{"id":"p%d","names":[{"firstName":"A","lastName":"B"}]}`, i))
	}
	w.fake.Put("sections", `{"id":"s1","code":"10001"}`)
	w.fake.Put("section-registrations", `{"id":"r1","section":{"id":"s1"},"registrant":{"id":"p1"},"status":{"registrationStatus":"registered"}}`)
	w.fake.Put("section-registrations", `{"id":"r2","section":{"id":"s1"}}`)
	w.fake.Put("section-instructors", `{"id":"i1","section":{"id":"s1"},"instructor":{"id":"p2"}}`)
	want := `begins person
put person p1
put person p2
put person p3
put person p4
put person p5
ends person
begins courseSection
put courseSection s1
ends courseSection
begins membership
put membership r1
bad membership r2
put membership i1
ends membership
nothing
cursor queue:0
`
	if got := summary(pull(t, w, "")); got != want {
		t.Errorf("the load was\n%swant\n%s", got, want)
	}
}

// Paging beyond what Ethos gives at once, and totals that are wrong: what was
// not read whole has no end.
func TestEthosIncompleteListHasNoEnd(t *testing.T) {
	for name, total := range map[string]func(string, int) int{
		"MoreAnnounced":  func(_ string, n int) int { return n + 3 },
		"FewerAnnounced": func(_ string, n int) int { return n - 1 },
	} {
		t.Run(name, func(t *testing.T) {
			w := newEthos(t, small, func(o *ellucian.EthosOptions) { o.Page = 500 })
			w.fake.MaxPage = 3
			for i := range 4 {
				w.fake.Put("persons", fmt.Sprintf(`{"id":"p%d"}`, i))
			}
			if n := len(pull(t, w, "")); n != 4+6+1 {
				t.Fatalf("%d items of a list that is whole", n)
			}
			w.fake.Total = total
			items, e := pullError(t, w, "")
			if e.Class != adapters.Unavailable || strings.Contains(summary(items), "ends person") || lastCursor(items) != "" {
				t.Errorf("class %s after\n%s", e.Class, summary(items))
			}
		})
	}
}

func TestEthosQueue(t *testing.T) {
	w := newEthos(t, small, func(o *ellucian.EthosOptions) { o.Queue = 3 })
	w.fake.Change("created", "persons", `{"id":"p1","names":[]}`, true)
	w.fake.Change("replaced", "buildings", `{"id":"b1"}`, true)
	w.fake.Change("replaced", "sections", `{"id":"s1","code":"7"}`, false) // only says which
	w.fake.Change("deleted", "section-registrations", `{"id":"r1"}`, false)
	first := pull(t, w, "queue:0")
	if got := summary(first); got != "put person p1\nnothing\nput courseSection s1\ncursor queue:3\n" {
		t.Errorf("first pull\n%s", got)
	}
	if label := first[2].Record.Object.(*lis.CourseSection).Label.String(); label != "7" {
		t.Errorf("the section that was fetched has the label %q", label)
	}
	if w.Skipped()["buildings"] != 1 {
		t.Errorf("skipped %v", w.Skipped())
	}
	second := pull(t, w, "queue:3")
	if got := summary(second); got != "drop membership r1\ncursor queue:4\n" {
		t.Errorf("second pull\n%s", got)
	}
	if got := pull(t, w, "queue:4"); len(got) != 0 || w.fake.Queued() != 0 {
		t.Errorf("then %d items, %d queued", len(got), w.fake.Queued())
	}
}

// The gateway dies between the call and its disk, at any place: with the
// cursor that it has, everything comes again.
func TestEthosCrashBetweenConsumeAndDiskLosesNothing(t *testing.T) {
	w := newEthos(t, func(o *ellucian.EthosOptions) { o.Queue = 4 })
	for i := range 10 {
		w.fake.Change("created", "persons", fmt.Sprintf(`{"id":"p%d"}`, i), true)
	}
	var disk []string
	cursor := "queue:0"
	for round := 0; round < 20; round++ {
		var batch []string
		next, died := cursor, false
		for it, err := range w.Pull(t.Context(), cursor) {
			if err != nil {
				t.Fatal(err)
			}
			if died = round%2 == 0 && len(batch) == round%4; died {
				break // before anything of this batch is on disk
			}
			batch = append(batch, string(it.Key))
			if it.Cursor != "" {
				next = it.Cursor
			}
		}
		if !died {
			disk, cursor = append(disk, batch...), next
		}
	}
	want := []string{"p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9"}
	if !slices.Equal(disk, want) {
		t.Errorf("on disk: %v", disk)
	}
}

// One Pull is one call of the queue: a second call would throw away what is
// not on disk yet.
func TestEthosPullAsksTheQueueOnce(t *testing.T) {
	w := newEthos(t, func(o *ellucian.EthosOptions) { o.Queue = 2 })
	for i := range 6 {
		w.fake.Change("created", "persons", fmt.Sprintf(`{"id":"p%d"}`, i), true)
	}
	if n := len(pull(t, w, "queue:0")); n != 2 || w.fake.Queued() != 6 {
		t.Errorf("%d items, and %d are left in the queue of 6", n, w.fake.Queued())
	}
}

func TestEthosBadCursor(t *testing.T) {
	w := newEthos(t)
	_, e := pullError(t, w, "2026-01-01")
	if e.Class != adapters.Refused || e.Hint == "" {
		t.Errorf("%v, hint %q", e, e.Hint)
	}
}

// A token that ends, and one that is thrown away early, are replaced without
// anyone seeing it.
func TestEthosRenewsItsToken(t *testing.T) {
	w := newEthos(t)
	pull(t, w, "queue:0")
	pull(t, w, "queue:0")
	if w.fake.Tokens() != 1 {
		t.Errorf("%d tokens for two calls", w.fake.Tokens())
	}
	w.clock.now = w.clock.now.Add(5*time.Minute - time.Second)
	pull(t, w, "queue:0")
	w.fake.ForgetTokens()
	pull(t, w, "queue:0")
	if w.fake.Tokens() != 3 {
		t.Errorf("%d tokens, want 3", w.fake.Tokens())
	}
}

func TestEthosWrongKey(t *testing.T) {
	w := newEthos(t)
	w.fake.Key = "another"
	e := classed(t, w.Check(t.Context()), adapters.Unavailable)
	if !strings.Contains(e.Hint, "API key") || strings.Contains(e.Error()+e.Hint+e.Answer, "0b7c6f1e") {
		t.Errorf("error %v, hint %q", e, e.Hint)
	}
}

// The pinned version is not there: 406 is told with what to do.
func TestEthosVersionNotThere(t *testing.T) {
	w := newEthos(t)
	w.fake.Versions = map[string]string{"persons": "8"}
	if e := classed(t, w.Check(t.Context()), adapters.Unavailable); !strings.Contains(e.Hint, "versions") {
		t.Errorf("hint %q", e.Hint)
	}
	pinned := newEthos(t, func(o *ellucian.EthosOptions) { o.Versions = map[string]string{"persons": "8"} })
	pinned.fake.Versions = map[string]string{"persons": "8"}
	if err := pinned.Check(t.Context()); err != nil {
		t.Errorf("with the version pinned: %v", err)
	}
}

// What the SIS hides from the application must not be taken for empty.
func TestEthosHeldBackContent(t *testing.T) {
	w := newEthos(t, small)
	w.fake.Restricted = "partial"
	w.fake.Put("persons", `{"id":"p1"}`)
	if items, e := pullError(t, w, ""); !strings.Contains(e.Hint, "restricted") || strings.Contains(summary(items), "put") {
		t.Errorf("hint %q after\n%s", e.Hint, summary(items))
	}
	classed(t, w.Check(t.Context()), adapters.Unavailable)
	taking := newEthos(t, small, func(o *ellucian.EthosOptions) { o.Restricted = true })
	taking.fake.Restricted = "partial"
	taking.fake.Put("persons", `{"id":"p1"}`)
	if got := summary(pull(t, taking, "")); !strings.Contains(got, "put person p1") {
		t.Errorf("where it is allowed:\n%s", got)
	}
}

func TestEthosReportsRejections(t *testing.T) {
	w := newEthos(t, func(o *ellucian.EthosOptions) { o.ReportErrors = true })
	rejected := []adapters.Rejection{{Where: "queue 7 persons", Kind: lis.KindPerson, Key: "p1", Reason: "no name"}}
	if err := w.Acknowledge(t.Context(), "queue:7", rejected); err != nil {
		t.Fatal(err)
	}
	body, _ := json.Marshal(w.fake.Reported())
	if !strings.Contains(string(body), `"no name"`) || !strings.Contains(string(body), `"p1"`) {
		t.Errorf("reported %s", body)
	}
}

func TestEthosOptions(t *testing.T) {
	for name, o := range map[string]ellucian.EthosOptions{
		"NoAddress":       {Key: "k"},
		"NoKey":           {URL: "https://integrate.example.edu"},
		"UserInAddress":   {URL: "https://u:p@integrate.example.edu", Key: "k"},
		"UnknownResource": {URL: "https://integrate.example.edu", Key: "k", Resources: []string{"pets"}},
	} {
		if _, err := ellucian.NewEthos(o); err == nil || strings.Contains(err.Error(), "u:p@") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
