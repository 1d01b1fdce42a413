package lissoap

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/gateway/lis"
)

// proxied is a change of a section that a planner created by proxy.
func proxied() lis.Change {
	c := change(lis.Put, adaptertest.Sample(lis.KindCourseSection, 1))
	c.Created, c.Operation = true, "createByProxyCourseSection"
	return c
}

func TestCreateByProxy(t *testing.T) {
	e := &endpoint{allots: map[string]lis.SourcedID{}}
	a := open(t, Options{URL: serve(t, e), CreateByProxy: true})
	for range 2 { // the answer to the first was lost
		o, err := a.Apply(t.Context(), proxied())
		if err != nil || o.TargetID != "T-1" || o.Effect != lis.Applied {
			t.Fatalf("%+v, %v", o, err)
		}
	}
	other := proxied()
	other.ID = "c-2"
	if o, err := a.Apply(t.Context(), other); err != nil || o.TargetID != "T-2" {
		t.Errorf("%+v, %v", o, err)
	}
	sent := e.records[object{lis.KindCourseSection, "T-1"}]
	sample := adaptertest.Sample(lis.KindCourseSection, 1)
	sample.ID, sample.Agent = "T-1", ""
	if what := differ(sample, sent); what != "" || e.effects != 2 {
		t.Errorf("%d effects; %s", e.effects, what)
	}
}

// All that is no creation by proxy goes as ever, and so does what the peer has
// no operation for, or is not set up for.
func TestWhatIsNotCreatedByProxy(t *testing.T) {
	replaced, created, foreign := proxied(), proxied(), proxied()
	replaced.Created, created.Operation, foreign.Operation = false, "createCourseSection", "createByProxyGroup"
	dropped, rekeyed := proxied(), proxied()
	dropped.Act, rekeyed.Act = lis.Drop, lis.Rekey
	for name, test := range map[string]struct {
		c    lis.Change
		o    Options
		want string
	}{
		"a replace":         {replaced, Options{CreateByProxy: true}, "replaceCourseSection"},
		"a create":          {created, Options{CreateByProxy: true}, "replaceCourseSection"},
		"of another kind":   {foreign, Options{CreateByProxy: true}, "replaceCourseSection"},
		"a delete":          {dropped, Options{CreateByProxy: true}, "deleteCourseSection"},
		"a new identifier":  {rekeyed, Options{CreateByProxy: true}, "changeCourseSectionIdentifier"},
		"not set up":        {proxied(), Options{}, "replaceCourseSection"},
		"no such operation": {proxied(), Options{CreateByProxy: true, Profile: "blackboard"}, "replaceCourseSection"},
	} {
		e := &endpoint{allots: map[string]lis.SourcedID{}}
		test.o.URL = serve(t, e)
		a := open(t, test.o)
		o, err := a.Apply(t.Context(), test.c)
		if got := e.operations(); !slices.Equal(got[:1], []string{test.want}) || err != nil || strings.HasPrefix(o.TargetID, "T-") {
			t.Errorf("%s: %v, %+v, %v", name, got, o, err)
		}
	}
}

func TestCreateByProxyWithoutAnID(t *testing.T) {
	a := open(t, Options{URL: serve(t, new(endpoint)), CreateByProxy: true})
	_, err := a.Apply(t.Context(), proxied())
	var e *adapters.Error
	if !errors.As(err, &e) || e.Class != adapters.Refused || !strings.Contains(e.Error(), "createByProxyCourseSection: the peer answers success/fullsuccess and names no sourcedId") || e.Hint == "" {
		t.Errorf("%v", err)
	}
	empty := proxied()
	empty.Record = nil
	if _, err := a.Apply(t.Context(), empty); adapters.ClassOf(err) != adapters.Refused || err == nil {
		t.Errorf("without content: %v", err)
	}
	if _, err := New(Options{URL: "http://peer.example", BulkFolder: t.TempDir(), CreateByProxy: true}); err == nil {
		t.Error("bulk files bring no answer")
	}
}

// Whatever a peer refuses is told apart by its code, which the text of the
// error has at its beginning.
func TestRefusalsNameTheirCode(t *testing.T) {
	for minor, class := range codeClasses {
		a := open(t, Options{CreateByProxy: true, URL: "http://peer.example", HTTP: answering(func(w http.ResponseWriter) {
			io.WriteString(w, head11+statusOf("failure", string(minor), "because")+mid+`<createByProxyCourseSectionResponse/>`+tail)
		})})
		_, err := a.Apply(t.Context(), proxied())
		want := string(class) + ": createByProxyCourseSection: failure/" + string(minor) + ": because"
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", minor, err, want)
		}
	}
}

// answering is a client whose every call gets the same answer.
func answering(write func(http.ResponseWriter)) *http.Client {
	return &http.Client{Transport: answerer(write)}
}

type answerer func(http.ResponseWriter)

func (write answerer) RoundTrip(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	w := httptest.NewRecorder()
	write(w)
	return w.Result(), nil
}
