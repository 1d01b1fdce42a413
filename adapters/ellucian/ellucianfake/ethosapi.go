package ellucianfake

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	mediaPrefix = "application/vnd.hedtech.integration.v"
	submissions = "student-unverified-grades-submissions"
)

func (f *Ethos) api(w http.ResponseWriter, r *http.Request, path string) {
	name, id, single := strings.Cut(path, "/")
	if !f.serves(name, r.Header.Get("Accept")) {
		complain(w, http.StatusNotAcceptable, "The requested version is not supported")
		return
	}
	if f.Restricted != "" {
		w.Header().Set("x-content-restricted", f.Restricted)
	}
	switch {
	case name == submissions && r.Method == http.MethodPost:
		f.submit(w, r)
	case r.Method != http.MethodGet:
		complain(w, http.StatusMethodNotAllowed, "Only GET")
	case single:
		f.one(w, name, id)
	default:
		f.list(w, r, name)
	}
}

// serves reports whether the version of a media type is there: any, unless
// Versions says which.
func (f *Ethos) serves(name, accept string) bool {
	if !strings.HasPrefix(accept, mediaPrefix) || !strings.HasSuffix(accept, "+json") {
		return false
	}
	only := f.Versions[name]
	return only == "" || accept == mediaPrefix+only+"+json"
}

func (f *Ethos) one(w http.ResponseWriter, name, id string) {
	for _, o := range f.objects[name] {
		if o["id"] == id {
			reply(w, http.StatusOK, o)
			return
		}
	}
	complain(w, http.StatusNotFound, "No object with this GUID")
}

func (f *Ethos) list(w http.ResponseWriter, r *http.Request, name string) {
	query := r.URL.Query()
	found, ok := matching(f.objects[name], query.Get("criteria"))
	offset, err1 := strconv.Atoi(query.Get("offset"))
	limit, err2 := strconv.Atoi(query.Get("limit"))
	if !ok || err1 != nil || err2 != nil || offset < 0 || limit < 1 {
		complain(w, http.StatusBadRequest, "bad criteria, offset or limit")
		return
	}
	most := f.MaxPage
	if most == 0 {
		most = 500
	}
	total := len(found)
	if f.Total != nil {
		total = f.Total(name, total)
	}
	w.Header().Set("x-total-count", strconv.Itoa(total))
	w.Header().Set("x-max-page-size", strconv.Itoa(most))
	w.Header().Set("x-media-type", r.Header.Get("Accept"))
	from := min(offset, len(found))
	reply(w, http.StatusOK, append([]map[string]any{}, found[from:min(from+min(limit, most), len(found))]...))
}

// matching returns the objects that hold all that criteria say.
func matching(objects []map[string]any, criteria string) ([]map[string]any, bool) {
	if criteria == "" {
		return objects, true
	}
	var want map[string]any
	if json.Unmarshal([]byte(criteria), &want) != nil {
		return nil, false
	}
	var found []map[string]any
	for _, o := range objects {
		if within(want, o) {
			found = append(found, o)
		}
	}
	return found, true
}

func within(want, have any) bool {
	w, ok := want.(map[string]any)
	if !ok {
		return want == have
	}
	h, ok := have.(map[string]any)
	for k, v := range w {
		if !ok || !within(v, h[k]) {
			return false
		}
	}
	return true
}

// submit takes a grade for a registration that is there, with a grade that is
// known.
func (f *Ethos) submit(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, mostBody)).Decode(&body) != nil {
		complain(w, http.StatusBadRequest, "no JSON")
		return
	}
	registration := idIn(body, "sectionRegistration")
	switch {
	case !f.has("section-registrations", registration):
		complain(w, http.StatusBadRequest, "Invalid section registration")
		return
	case !f.has("grade-definitions", idIn(body, "grade", "grade")):
		complain(w, http.StatusBadRequest, "Invalid grade for the section")
		return
	}
	if f.Refuse != nil {
		if text := f.Refuse(body); text != "" {
			complain(w, http.StatusBadRequest, text)
			return
		}
	}
	if f.submitted == nil {
		f.submitted = map[string]map[string]any{}
	}
	made, _ := json.Marshal(body) // it came as JSON
	if before, _ := json.Marshal(f.submitted[registration]); string(before) != string(made) {
		f.effects++
	}
	f.submitted[registration] = body
	answer := maps.Clone(body)
	answer["id"] = registration // one unverified grade per registration here
	reply(w, http.StatusCreated, answer)
}

func (f *Ethos) has(name, id string) bool {
	return slices.ContainsFunc(f.objects[name], func(o map[string]any) bool { return o["id"] == id })
}

// idIn follows names to an id.
func idIn(body map[string]any, names ...string) string {
	for _, name := range names {
		body, _ = body[name].(map[string]any)
	}
	id, _ := body["id"].(string)
	return id
}
