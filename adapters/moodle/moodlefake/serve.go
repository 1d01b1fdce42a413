package moodlefake

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"time"
)

// maxBody is PHP's post_max_size.
const maxBody = 8 << 20

// A call is one request to a function.
type call struct {
	function string
	*node
}

// A function is one of the web services.
type function struct {
	shape  *shape
	writes bool
	run    func(*call) (any, *exception)
}

// outside are functions that exist and are in no service of ours.
var outside = []string{"core_message_send_instant_messages", "core_course_duplicate_course"}

// ServeHTTP answers a call of the REST protocol.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	sw, released := s.state()
	switch {
	case sw.Hang:
		select {
		case <-r.Context().Done():
		case <-released:
		}
		panic(http.ErrAbortHandler)
	case sw.Down:
		page(w, http.StatusServiceUnavailable, "This site is currently undergoing maintenance")
		return
	case sw.Empty500:
		w.WriteHeader(http.StatusInternalServerError)
		return
	case s.o.Host != "" && r.Host != s.o.Host:
		w.Header().Set("Location", "http://"+s.o.Host+r.URL.Path)
		page(w, http.StatusSeeOther, "This page should automatically redirect")
		return
	case r.URL.Path != "/webservice/rest/server.php":
		page(w, http.StatusNotFound, "Sorry, the requested page could not be found")
		return
	}
	limit := s.o.MaxInputVars
	if sw.MaxInputVars != 0 {
		limit = sw.MaxInputVars
	}
	s.answer(w, r, parseForm(string(body), limit), sw)
}

func (s *Site) state() (Switches, <-chan struct{}) {
	s.switching.Lock()
	defer s.switching.Unlock()
	return s.switches, s.released
}

func page(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<!DOCTYPE html>\n<html><body><p>"+text+"</p></body></html>\n")
}

func (s *Site) answer(w http.ResponseWriter, r *http.Request, form *node, sw Switches) {
	format := form.str("moodlewsrestformat")
	f, ex := s.find(form)
	var result any
	if ex == nil {
		if f.writes {
			s.throttle(r, sw.RowsPerSecond, form)
		}
		if ex = s.stumble(f, sw.ErrorEvery); ex == nil {
			result, ex = s.run(f, form)
		}
		if f.writes && sw.LoseAnswers {
			panic(http.ErrAbortHandler)
		}
	}
	if ex != nil {
		said := *ex
		if !s.o.Debug {
			said.Debug = ""
		}
		result = &said
	}
	if format != "json" {
		w.Header().Set("Content-Type", "application/xml; charset=utf-8")
		writeXML(w, result)
		return
	}
	text, err := json.Marshal(result)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text)
}

// find returns the function that is called, and takes what is not its own out
// of the form.
func (s *Site) find(form *node) (*function, *exception) {
	token, name := form.str("wstoken"), form.str("wsfunction")
	if token == "" || s.o.Token != "" && token != s.o.Token {
		return nil, moodle("invalidtoken", "Invalid token - token not found")
	}
	f := s.functions[name]
	switch {
	case slices.Contains(outside, name) || slices.Contains(s.o.Without, name):
		return nil, &exception{"webservice_access_exception", "accessexception", "Access control exception", ""}
	case f == nil:
		return nil, noRecord("external_functions")
	}
	return f, nil
}

func (s *Site) run(f *function, form *node) (any, *exception) {
	c := &call{function: form.str("wsfunction"), node: &node{kids: map[string]*node{}}}
	for _, key := range form.keys {
		if key != "wstoken" && key != "wsfunction" && key != "moodlewsrestformat" {
			c.keys = append(c.keys, key)
			c.kids[key] = form.kids[key]
		}
	}
	if ex := f.shape.check(c.node); ex != nil {
		return nil, ex
	}
	if f.writes {
		s.mu.Lock()
		defer s.mu.Unlock()
	} else {
		s.mu.RLock()
		defer s.mu.RUnlock()
	}
	result, ex := f.run(c)
	if ex != nil {
		return nil, ex
	}
	text, err := json.Marshal(result) // before others may change it
	if err != nil {
		return nil, moodle("codingerror", "%v", err)
	}
	return json.RawMessage(text), nil
}

// stumble fails each nth writing call before anything is done. [K: the code]
func (s *Site) stumble(f *function, every int) *exception {
	if !f.writes || every == 0 {
		return nil
	}
	s.switching.Lock()
	defer s.switching.Unlock()
	if s.writes++; s.writes%every != 0 {
		return nil
	}
	return &exception{"dml_write_exception", "dmlwriteexception", "Error writing to database", ""}
}

// throttle lets a call wait until its rows have had their turn.
func (s *Site) throttle(r *http.Request, perSecond float64, form *node) {
	if perSecond <= 0 {
		return
	}
	rows := 1
	for _, key := range form.keys {
		rows = max(rows, len(form.kids[key].keys))
	}
	s.switching.Lock()
	now := time.Now()
	if s.free.Before(now) {
		s.free = now
	}
	s.free = s.free.Add(time.Duration(float64(rows) / perSecond * float64(time.Second)))
	wait := s.free.Sub(now)
	s.switching.Unlock()
	select {
	case <-time.After(wait):
	case <-r.Context().Done():
	}
}
