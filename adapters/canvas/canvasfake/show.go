package canvasfake

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

type object = map[string]any

// shownPairs is how many messages stand in the import itself; all are in the
// errors file [infer].
const shownPairs = 25

// showImport answers GET .../sis_imports/:id, which is a poll.
func (a *Account) showImport(w http.ResponseWriter, r *http.Request) {
	if !a.allowed(w, r) {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	i, err := a.importNamed(r.PathValue("id"))
	if err != nil {
		notFound(w, r)
		return
	}
	i.polls++
	a.advance()
	answer(w, http.StatusOK, a.importJSON(i, a.workflow(i), r.Host))
}

// abort answers PUT .../abort: an import that has not ended does no more.
func (a *Account) abort(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.advance()
	i, err := a.importNamed(r.PathValue("id"))
	if err != nil {
		notFound(w, r)
		return
	}
	if i.state == "" || i.state == "initializing" {
		i.state, i.ended = "aborted", a.opts.Now()
	}
	answer(w, http.StatusOK, a.importJSON(i, i.state, r.Host))
}

// importing answers what runs just now.
func (a *Account) importing(w http.ResponseWriter, r *http.Request) {
	a.importList(w, r, func(i *sisImport) bool { return a.workflow(i) == "importing" })
}

// listImports answers the list, the newest first.
func (a *Account) listImports(w http.ResponseWriter, r *http.Request) {
	since, _ := time.Parse(time.RFC3339Nano, r.URL.Query().Get("created_since"))
	states := r.URL.Query()["workflow_state[]"]
	a.importList(w, r, func(i *sisImport) bool {
		return i.created.After(since) && (len(states) == 0 || slices.Contains(states, a.workflow(i)))
	})
}

func (a *Account) importList(w http.ResponseWriter, r *http.Request, keep func(*sisImport) bool) {
	if !a.allowed(w, r) {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, i := range a.imports {
		if i.state == "" {
			i.polls++
		}
	}
	a.advance()
	found := []any{}
	for _, i := range slices.Backward(a.imports) {
		if keep(i) {
			found = append(found, a.importJSON(i, a.workflow(i), r.Host))
		}
	}
	from, to := a.page(w, r, len(found))
	answer(w, http.StatusOK, object{"sis_imports": found[from:to]})
}

// importJSON is the SisImport object.
func (a *Account) importJSON(i *sisImport, state, host string) object {
	p := i.params
	o := object{
		"id": i.id, "created_at": stamp(i.created), "started_at": stamp(i.began), "ended_at": stamp(i.ended),
		"updated_at": stamp(a.opts.Now()), "progress": progress(state), "workflow_state": state,
		"data":       object{"import_type": "instructure_csv", "supplied_batches": i.supplied, "counts": a.counts(i)},
		"statistics": object{"total_state_changes": total(i.changed)},
		"batch_mode": flag(p, "batch_mode"), "batch_mode_term_id": text(p, "batch_mode_term_id"),
		"multi_term_batch_mode": flag(p, "multi_term_batch_mode"), "skip_deletes": flag(p, "skip_deletes"),
		"override_sis_stickiness": flag(p, "override_sis_stickiness"), "add_sis_stickiness": flag(p, "add_sis_stickiness"),
		"clear_sis_stickiness": flag(p, "clear_sis_stickiness"), "update_sis_id_if_login_claimed": flag(p, "update_sis_id_if_login_claimed"),
		"diffing_data_set_identifier": text(p, "diffing_data_set_identifier"), "diffing_remaster": flag(p, "diffing_remaster_data_set"),
		"diffing_drop_status": text(p, "diffing_drop_status"), "change_threshold": number(p, "change_threshold"),
		"diffing_threshold_exceeded": i.exceeded, "csv_attachments": a.attachments(i, state),
	}
	if i.diffedTo != 0 {
		o["diffed_against_import_id"] = i.diffedTo
	}
	if !i.ended.IsZero() && len(i.messages) > 0 {
		a.addMessages(o, i, state, host)
	}
	return o
}

func (a *Account) addMessages(o object, i *sisImport, state, host string) {
	pairs := [][]string{}
	for _, m := range i.messages[:min(len(i.messages), shownPairs)] {
		pairs = append(pairs, []string{m.file, m.text})
	}
	name := "processing_warnings"
	if state == "failed_with_messages" {
		name = "processing_errors"
	}
	o[name] = pairs
	if !a.behaviour.NoErrorsFile {
		o["errors_attachment"] = object{
			"id": i.id, "filename": "sis_import.csv", "display_name": "sis_errors_attachment.csv",
			"url": fmt.Sprintf("http://%s/files/%d/download?download_frd=1&verifier=v%d", host, i.id, i.id),
		}
	}
}

// attachments are the CSV files, which are known once the import has begun.
func (a *Account) attachments(i *sisImport, state string) []object {
	list := []object{}
	if state == "initializing" {
		return list
	}
	for _, f := range i.files {
		list = append(list, object{"filename": f.name, "display_name": f.name, "content-type": "text/csv", "size": len(f.data)})
	}
	return list
}

// download answers the file of all messages.
func (a *Account) download(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	i, err := a.importNamed(r.PathValue("id"))
	if err != nil {
		notFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/csv")
	out := csv.NewWriter(w)
	_ = out.Write([]string{"sis_import_id", "file", "message", "row"})
	for _, m := range i.messages {
		row := ""
		if m.row > 0 && !a.behaviour.NoRowNumbers {
			row = strconv.Itoa(m.row)
		}
		_ = out.Write([]string{strconv.FormatInt(i.id, 10), m.file, m.text, row})
	}
	out.Flush()
}

func (a *Account) counts(i *sisImport) object {
	counts := object{"error_count": 0, "warning_count": len(i.messages)}
	for _, kind := range kindOrder {
		counts[kind+"s"] = i.counts[kind]
	}
	return counts
}

func progress(state string) int {
	switch {
	case state == "importing":
		return 50
	case strings.HasPrefix(state, "imported"):
		return 100
	}
	return 0
}

func total(m map[string]int) int {
	n := 0
	for _, v := range m {
		n += v
	}
	return n
}

func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func flag(p map[string]string, name string) any {
	if isTrue(p[name]) {
		return true
	}
	return nil
}

func text(p map[string]string, name string) any {
	if p[name] == "" {
		return nil
	}
	return p[name]
}

func number(p map[string]string, name string) any {
	n, err := strconv.Atoi(p[name])
	if err != nil {
		return nil
	}
	return n
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func notFound(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusNotFound, object{"errors": []object{{"message": "The specified resource does not exist."}}})
}
