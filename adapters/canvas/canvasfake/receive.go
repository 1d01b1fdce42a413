package canvasfake

import (
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// start takes an import: POST .../sis_imports.
func (a *Account) start(w http.ResponseWriter, r *http.Request) {
	if !a.allowed(w, r) {
		return
	}
	files, params, problem := received(r)
	if problem != "" {
		answer(w, http.StatusBadRequest, object{"error": problem})
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.advance()
	if a.behaviour.RefuseOverlap && a.running() > 0 {
		answer(w, http.StatusOK, object{"error": true, "error_message": "An SIS import is already in process.", "batch_in_progress": true})
		return
	}
	if a.behaviour.IgnoreParams {
		params = map[string]string{}
	}
	if problem := a.badParams(params); problem != "" {
		answer(w, http.StatusBadRequest, object{"message": problem})
		return
	}
	i := a.take(files, params)
	if a.behaviour.LoseAnswers > 0 {
		a.behaviour.LoseAnswers--
		panic(http.ErrAbortHandler) // the connection breaks
	}
	answer(w, http.StatusOK, a.importJSON(i, "created", r.Host))
}

// allowed is what is asked first of an import: a root account for which
// imports are enabled.
func (a *Account) allowed(w http.ResponseWriter, r *http.Request) bool {
	a.mu.Lock()
	b := a.behaviour
	a.mu.Unlock()
	switch {
	case r.PathValue("account") != "1" && r.PathValue("account") != "self", b.NotRoot:
		answer(w, http.StatusBadRequest, object{"errors": []string{"SIS imports can only be executed on root accounts"}})
	case b.NotEnabled:
		answer(w, http.StatusForbidden, object{"errors": []string{"SIS imports are not enabled for this account"}})
	default:
		return true
	}
	return false
}

// received reads the attachment of a form, or a raw body by its extension.
func received(r *http.Request) ([]file, map[string]string, string) {
	params := map[string]string{}
	for name, values := range r.URL.Query() {
		params[name] = values[0]
	}
	kind, media, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		return fromForm(r, params)
	}
	if charset := media["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, nil, "Invalid content type, UTF-8 required"
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return nil, nil, "unreadable body"
	}
	extension := params["extension"]
	if extension == "" {
		extension = map[string]string{"text/csv": "csv", "text/plain": "csv"}[kind]
	}
	files, problem := unpack("sis_import."+extension, body)
	return files, params, problem
}

func fromForm(r *http.Request, params map[string]string) ([]file, map[string]string, string) {
	if err := r.ParseMultipartForm(32 << 20); err != nil {
		return nil, nil, "unreadable form"
	}
	for name, values := range r.MultipartForm.Value {
		params[name] = values[0]
	}
	heads := r.MultipartForm.File["attachment"]
	if len(heads) == 0 {
		return nil, nil, "Missing attachment"
	}
	f, err := heads[0].Open()
	if err != nil {
		return nil, nil, "unreadable attachment"
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, maxBody))
	if err != nil {
		return nil, nil, "unreadable attachment"
	}
	files, problem := unpack(heads[0].Filename, body)
	return files, params, problem
}

// badParams says which parameter is not taken.
func (a *Account) badParams(p map[string]string) string {
	if isTrue(p["batch_mode"]) && a.termNamed(p["batch_mode_term_id"]) == nil {
		return "Batch mode specified, but the given batch_mode_term_id cannot be found."
	}
	if status := p["diffing_drop_status"]; status != "" && !slices.Contains([]string{"deleted", "completed", "inactive"}, status) {
		return "Invalid diffing_drop_status"
	}
	return ""
}

func (a *Account) termNamed(id string) *Object {
	if sis, ok := strings.CutPrefix(id, "sis_term_id:"); ok {
		return a.tables["term"].sis[sis]
	}
	n, _ := strconv.ParseInt(id, 10, 64)
	return a.tables["term"].ids[n]
}

func isTrue(s string) bool { return s == "1" || s == "true" }
