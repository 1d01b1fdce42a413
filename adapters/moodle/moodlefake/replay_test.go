package moodlefake

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A recording is a call to a real Moodle 4.3 with its answer.
type recording struct {
	Note     string
	Function string `json:"wsfunction"`
	Params   json.RawMessage
	HTTP     int
	Response json.RawMessage
}

// recordings are beside the repository; the test is left out where they are not.
func recordings(t *testing.T) []recording {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Skip("no go.mod above")
		}
	}
	f, err := os.Open(filepath.Join(dir, "..", "shared", "samples", "moodle-rest.jsonl"))
	if err != nil {
		t.Skip("no recordings here")
	}
	defer f.Close()
	var all []recording
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r recording
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// A replay maps the ids of the recorded site to those of the fake.
type replay struct {
	*testing.T
	ids map[string]string // kind and recorded id -> ours
}

// kinds says what an id of a name is of.
var kinds = map[string]string{"userid": "user", "courseid": "course", "categoryid": "category", "groupid": "group", "groupingid": "grouping", "instanceid": "course",
	"userids": "user", "users": "user", "courses": "course", "categories": "category"}

var idParam = regexp.MustCompile(`^(\w+)(?:\[\d+\])?(?:\[(\w+)\])?$`)

func TestItAnswersAsTheRecordedMoodle(t *testing.T) {
	site := New(Options{Token: "right"})
	server := httptest.NewServer(site)
	defer server.Close()
	p := &replay{t, map[string]string{}}
	for i, r := range recordings(t) {
		if r.Note == "grades of one user" { // the recorded site was given a grade by hand here
			site.SetGrade(value(t, r, "courseidnumber"), value(t, r, "useridnumber"), 61.25)
		}
		token := "right"
		if r.Note == "bad token" {
			token = "wrong"
		}
		p.T = t
		t.Run(fmt.Sprintf("%02d %s", i+1, r.Note), func(t *testing.T) {
			p.T = t
			p.one(server.URL, token, r)
		})
	}
}

func value(t *testing.T, r recording, key string) string {
	t.Helper()
	m := regexp.MustCompile(`"` + key + `":\s*"([^"]+)"`).FindSubmatch(r.Response)
	if m == nil {
		t.Fatalf("no %s in the recording", key)
	}
	return string(m[1])
}

func (p *replay) one(base, token string, r recording) {
	form, params := url.Values{}, map[string]string{}
	_ = json.Unmarshal(r.Params, &params)
	for key, v := range params {
		form.Set(key, p.mapped(r.Function, key, v))
	}
	if r.Note != "no token" {
		form.Set("wstoken", token)
	}
	form.Set("wsfunction", r.Function)
	if r.Note != "xml format" {
		form.Set("moodlewsrestformat", "json")
	}
	answer, err := http.PostForm(base+"/webservice/rest/server.php", form)
	if err != nil {
		p.Fatal(err)
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != r.HTTP {
		p.Errorf("HTTP %d, recorded %d", answer.StatusCode, r.HTTP)
	}
	var want, got any
	if err := json.Unmarshal(r.Response, &want); err != nil {
		p.Fatal(err)
	}
	if text, ok := want.(string); ok {
		if text != string(body) {
			p.Errorf("got %s\nrecorded %s", body, text)
		}
		return
	}
	if err := json.Unmarshal(body, &got); err != nil {
		p.Fatalf("%v in %s", err, body)
	}
	p.same("", kindOf(r.Function), want, got)
}

// kindOf says what the ids of an answer are of.
func kindOf(function string) string {
	for _, kind := range []string{"user", "categor", "course", "grouping", "group", "cohort"} {
		if strings.Contains(function[strings.LastIndex(function, "_get_")+1:], kind) || strings.HasSuffix(function, kind+"s") {
			return strings.Replace(kind, "categor", "category", 1)
		}
	}
	return ""
}

func (p *replay) mapped(function, key, v string) string {
	m := idParam.FindStringSubmatch(key)
	kind := ""
	switch {
	case m == nil:
	case m[2] == "id":
		kind = kinds[m[1]]
	case m[2] != "":
		kind = kinds[m[2]]
	default:
		kind = kinds[m[1]]
	}
	if ours := p.ids[kind+v]; kind != "" && ours != "" {
		return ours
	}
	return v
}

// varying are values that no two sites have alike; their type must agree.
var varying = []string{"sortorder", "path", "timemodified", "timecreated", "cacherev", "gradedategraded", "iteminstance", "userprivateaccesskey",
	"profileimageurl", "profileimageurlsmall", "userpictureurl", "courseimage", "sitename", "filters", "courseformatoptions", "functions",
	"advancedfeatures", "parent", "itemid", "message"}

func (p *replay) same(at, kind string, want, got any) {
	p.Helper()
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			p.Errorf("%s: got %v, recorded an object", at, got)
			return
		}
		if a, b := slices.Sorted(maps.Keys(w)), slices.Sorted(maps.Keys(g)); !slices.Equal(a, b) {
			p.Errorf("%s: got keys %v\nrecorded %v", at, b, a)
			return
		}
		for key := range w {
			p.field(at+"."+key, key, kind, w[key], g[key])
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			p.Errorf("%s: got %v, recorded %d rows", at, got, len(w))
			return
		}
		for i := range w {
			p.same(fmt.Sprintf("%s[%d]", at, i), kind, w[i], g[i])
		}
	default:
		if want != got {
			p.Errorf("%s: got %v, recorded %v", at, got, want)
		}
	}
}

func (p *replay) field(at, key, kind string, want, got any) {
	p.Helper()
	of := kinds[key]
	if key == "id" {
		of = kind
		if strings.Contains(at, "gradeitems") || strings.Contains(at, "gradeItems") {
			of = "item"
		}
	}
	switch {
	case of != "" && key[len(key)-1] != 's':
		w, g := of+fmt.Sprint(want), fmt.Sprint(got)
		if p.ids[w] == "" {
			p.ids[w] = g
		}
		if p.ids[w] != g {
			p.Errorf("%s: got %s, but %s is %s here", at, g, w, p.ids[w])
		}
	case key == "message" && !strings.ContainsAny(fmt.Sprint(want), "0123456789"):
		p.same(at, kind, want, got)
	case slices.Contains(varying, key), key == "idnumber" && strings.Contains(at, "gradeitems"):
		if fmt.Sprintf("%T", want) != fmt.Sprintf("%T", got) {
			p.Errorf("%s: got %T, recorded %T", at, got, want)
		}
	default:
		p.same(at, kind, want, got)
	}
}
