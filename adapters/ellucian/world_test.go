package ellucian_test

import (
	"context"
	"crypto/sha1"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"lisgate/adapters"
	"lisgate/adapters/ellucian"
	"lisgate/adapters/ellucian/ellucianfake"
	"lisgate/gateway/lis"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// today is when the tests play.
var today = time.Date(2026, 12, 20, 12, 0, 0, 0, time.UTC)

// A clock is moved by hand.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// sectionOf knows the line items of adaptertest: section#n, Final when n is
// dividable by four. Others are unknown.
func sectionOf(_ context.Context, item lis.SourcedID) (lis.SourcedID, bool, error) {
	section, number, ok := strings.Cut(string(item), "#")
	if !ok {
		return "", false, nil
	}
	return lis.SourcedID(section), number == "final", nil
}

type ilpWorld struct {
	*ellucian.ILP
	fake  *ellucianfake.ILP
	clock *clock
}

func newILP(t *testing.T) *ilpWorld {
	t.Helper()
	c := &clock{today}
	f := &ellucianfake.ILP{User: "lisgate", Password: "pa:ss", Now: c.Now}
	a, err := ellucian.NewILP(ellucian.ILPOptions{
		URL: serve(t, f) + "/ilp/", User: "lisgate", Password: "pa:ss", Submitter: "registrar", Section: sectionOf,
		Connection: ellucian.Connection{Now: c.Now, Timeout: 5 * time.Second},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return &ilpWorld{a, f, c}
}

// grade makes a change that puts a result: fields are names and values of the
// extension.
func grade(student, item, score string, fields ...string) lis.Change {
	r := &lis.Result{LineItemSourcedID: lis.SourcedID(item), PersonSourcedID: lis.SourcedID(student), ResultScore: lis.NewText("", score)}
	for i := 0; i+1 < len(fields); i += 2 {
		if r.Extension == nil {
			r.Extension = new(lis.Extension)
		}
		r.Extension.Field = append(r.Extension.Field, lis.ExtensionField{FieldName: fields[i], FieldType: "String", FieldValue: fields[i+1]})
	}
	id := lis.SourcedID(item + "=" + student)
	return lis.Change{ID: "c-" + string(id), Kind: lis.KindResult, Key: id, Act: lis.Put, Record: &lis.Record{ID: id, Object: r}}
}

func classed(t *testing.T, err error, want adapters.Class) *adapters.Error {
	t.Helper()
	var e *adapters.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want one of class %s", err, want)
	}
	if e.Class != want {
		t.Fatalf("error %v (answer %q), want class %s", err, e.Answer, want)
	}
	return e
}

// guidFor makes the same GUID of the same text each time.
func guidFor(text string) string {
	sum := sha1.Sum([]byte(text))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// guids is a crosswalk that has a GUID for everything.
type guids struct{}

func (guids) TargetID(_ context.Context, _ lis.Kind, id lis.SourcedID) (string, error) {
	if strings.HasPrefix(string(id), "nobody") {
		return "", nil
	}
	return guidFor(string(id)), nil
}

func (guids) SourcedID(context.Context, lis.Kind, string) (lis.SourcedID, error) { return "", nil }

type ethosWorld struct {
	*ellucian.Ethos
	fake  *ellucianfake.Ethos
	clock *clock
}

func newEthos(t *testing.T, set ...func(*ellucian.EthosOptions)) *ethosWorld {
	t.Helper()
	c := &clock{today}
	f := &ellucianfake.Ethos{Key: "0b7c6f1e-key", Now: c.Now}
	o := ellucian.EthosOptions{
		URL: serve(t, f), Key: "0b7c6f1e-key", Section: sectionOf, GUIDs: guids{},
		Connection: ellucian.Connection{Now: c.Now, Timeout: 5 * time.Second},
	}
	for _, s := range set {
		s(&o)
	}
	a, err := ellucian.NewEthos(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return &ethosWorld{a, f, c}
}
