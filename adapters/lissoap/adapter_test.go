package lissoap

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/gateway/lis"
)

// suite runs the suite of all adapters against an endpoint of each test's own.
func suite(t *testing.T, profile string, e func() *endpoint, f adaptertest.Features) {
	endpoints := map[adapters.Adapter]*endpoint{}
	f.Effects = func(a adapters.Adapter) int { return endpoints[a].effects }
	f.Hang = func(t *testing.T) adapters.Adapter {
		return open(t, Options{URL: hanging(t), Profile: profile})
	}
	f.Forgetful = true // LIS has no sequence numbers
	f.Differ = differ
	adaptertest.Run(t, func(t *testing.T) adapters.Adapter {
		end := e()
		a := open(t, Options{URL: serve(t, end), Profile: profile})
		endpoints[a] = end
		return a
	}, f)
}

// differ compares what schemas carry: mandatory elements come back empty where
// they were not given, and some texts have no language in GMS, CMS and MMS.
func differ(put, got *lis.Record) string {
	a, b := bare(put.Object), bare(got.Object)
	if put.ID == got.ID && put.Agent == got.Agent && reflect.DeepEqual(a, b) {
		return ""
	}
	return fmt.Sprintf("put %v, got %v", a, b)
}

func bare(o lis.Object) any {
	text, _ := json.Marshal(o)
	var v any
	_ = json.Unmarshal(text, &v)
	return strip(v)
}

func strip(v any) any {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "language")
		for name, inner := range v {
			if inner = strip(inner); inner == nil {
				delete(v, name)
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = strip(v[i])
		}
	}
	return v
}

func open(t *testing.T, o Options) adapters.Adapter {
	t.Helper()
	a, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

// hanging is an endpoint that never answers, until the test ends.
func hanging(t *testing.T) string {
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // or the server does not notice that the client goes
		<-r.Context().Done()
	}))
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.URL
}

func TestSuiteStrict(t *testing.T) {
	suite(t, "strict", func() *endpoint { return new(endpoint) }, adaptertest.Features{})
}

func TestSuiteStrictWithParents(t *testing.T) {
	suite(t, "strict", func() *endpoint { return &endpoint{parents: true} }, adaptertest.Features{NeedsParents: true})
}

// A peer that cannot change identifiers: replace and delete stand in.
func TestSuiteWithoutChangeIdentifier(t *testing.T) {
	suite(t, "strict", func() *endpoint {
		return &endpoint{takes: func(op lis.Operation) bool { return op.Verb != lis.ChangeIdentifier && op.Verb != lis.ReadPlural }}
	}, adaptertest.Features{})
}

func TestSuiteBlackboard(t *testing.T) {
	suite(t, "blackboard", func() *endpoint { return &endpoint{takes: blackboardOffers} }, adaptertest.Features{
		Kinds: []lis.Kind{lis.KindPerson, lis.KindGroup, lis.KindCourseSection, lis.KindMembership,
			lis.KindLineItem, lis.KindResult, lis.KindResultValue},
	})
}

func TestPowers(t *testing.T) {
	for profile, want := range map[string][2]bool{"strict": {true, true}, "blackboard": {false, true}, "ilp": {false, false}} {
		a := open(t, Options{URL: "http://peer.example", Profile: profile})
		_, reads := a.(adapters.Lister)
		_, grades := a.(adapters.Grades)
		if got := [2]bool{reads, grades}; got != want {
			t.Errorf("%s lists and grades: %v, want %v", profile, got, want)
		}
	}
}

func change(act lis.Act, r *lis.Record) lis.Change {
	return lis.Change{ID: "c-1", Kind: r.Object.Kind(), Key: r.ID, NewID: r.ID + ":new", Act: act, Record: r}
}

// What lmbnxt has no place for is refused before anything is sent.
func TestILP(t *testing.T) {
	e := new(endpoint)
	url := serve(t, e)
	a := open(t, Options{URL: url, Profile: "ilp"})
	assistant := adaptertest.Sample(lis.KindMembership, 1)
	assistant.Object.(*lis.Membership).Member.Role[0].RoleType = "TeachingAssistant"
	for _, c := range []lis.Change{
		change(lis.Put, assistant), change(lis.Put, adaptertest.Sample(lis.KindGroup, 1)),
		change(lis.Put, adaptertest.Sample(lis.KindLineItem, 1)), change(lis.Drop, adaptertest.Sample(lis.KindPerson, 1)),
		change(lis.Rekey, adaptertest.Sample(lis.KindPerson, 1)),
	} {
		if _, err := a.Apply(t.Context(), c); adapters.ClassOf(err) != adapters.Unsupported {
			t.Errorf("%s %s: %v", c.Act, c.Kind, err)
		}
	}
	if seen := e.operations(); len(seen) != 0 {
		t.Errorf("sent all the same: %v", seen)
	}
}

// The final results of a section are those of its line items of that type.
func TestResults(t *testing.T) {
	e := new(endpoint)
	a := open(t, Options{URL: serve(t, e)})
	for n, kind := range []string{"Final", "Interim"} {
		item := &lis.Record{ID: lis.SourcedID(kind), Object: &lis.LineItem{Context: &lis.Context{ContextIdentifier: "s-1"},
			LineItemType: &lis.LineItemType{LineItemTypeValue: lis.NewText("en", kind)}, Label: lis.NewText("en", kind)}}
		e.records[object{lis.KindLineItem, item.ID}] = item
		for i := range 450*(1-n) + n {
			r := adaptertest.Sample(lis.KindResult, 1)
			r.ID = lis.SourcedID(fmt.Sprintf("r-%s-%03d", kind, i))
			r.Object.(*lis.Result).LineItemSourcedID = item.ID
			e.records[object{lis.KindResult, r.ID}] = r
		}
	}
	results, err := lis.Collect(a.(adapters.Grades).Results(t.Context(), "s-1"))
	if err != nil || len(results) != 450 {
		t.Fatalf("%d results, %v", len(results), err)
	}
	want := []string{"readLineItemIdsForCourseSection", "readLineItems", "readResultIdsForLineItem", "readResults", "readResults", "readResults"}
	if got := e.operations(); !slices.Equal(got, want) {
		t.Errorf("calls %v, want %v", got, want)
	}
}

// Rekey when the first attempt was carried out and its answer lost, at a
// peer that looks at the new identifier first.
func TestRekeyAgain(t *testing.T) {
	taken := lis.Status{CodeMajor: lis.Failure, CodeMinor: lis.IDAllocInUseFail}
	for _, there := range []bool{false, true} {
		e := new(endpoint)
		inner := serve(t, e)
		a := open(t, Options{URL: inner})
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			op := operations["changePersonIdentifier"]
			w.Write(answerOf(op, "", &lis.Answer{Status: taken}))
		}))
		defer s.Close()
		client := clientOf(a)
		client.addresses["changePersonIdentifier"] = s.URL
		r := adaptertest.Sample(lis.KindPerson, 1)
		if there {
			e.records[object{lis.KindPerson, r.ID}] = r
		}
		_, err := a.Apply(t.Context(), change(lis.Rekey, r))
		if there && adapters.ClassOf(err) != adapters.Refused {
			t.Errorf("a new identifier that another has: %v", err)
		}
		if !there && (err != nil || !slices.Contains(e.keys(), object{lis.KindPerson, r.ID + ":new"})) {
			t.Errorf("rekey again: %v, there is %v", err, e.keys())
		}
	}
}

func clientOf(a adapters.Adapter) *Client {
	switch a := a.(type) {
	case reading:
		return a.client
	case grading:
		return a.client
	}
	return a.(*Adapter).client
}

func TestOutcomeDetail(t *testing.T) {
	for want, st := range map[string]lis.Status{
		"":                                   {CodeMajor: lis.Success, CodeMinor: lis.FullSuccess},
		"processing":                         {CodeMajor: lis.Processing, CodeMinor: lis.FullSuccess},
		"processing: tonight":                {CodeMajor: lis.Processing, Description: "tonight"},
		"partialdatastorage: no agents here": {CodeMajor: lis.Success, CodeMinor: lis.PartialDataStorage, Description: "no agents here"},
	} {
		if o := applied("p", &lis.Answer{Status: st}); o.Detail != want || o.Effect != lis.Applied {
			t.Errorf("%+v: outcome %+v, want detail %q", st, o, want)
		}
	}
}

func TestCancelledBeforeSending(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	e := new(endpoint)
	a := open(t, Options{URL: serve(t, e)})
	if err := a.Check(ctx); adapters.ClassOf(err) != adapters.Unavailable || err == nil {
		t.Errorf("check: %v", err)
	}
}
