package canvas

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/peer"
)

// A sisImport is the job as Canvas shows it.
type sisImport struct {
	ID        int64     `json:"id"`
	Created   time.Time `json:"created_at"`
	State     string    `json:"workflow_state"`
	InProcess bool      `json:"batch_in_progress"`
	Message   string    `json:"error_message"`

	BatchMode  bool   `json:"batch_mode"`
	Skip       bool   `json:"skip_deletes"`
	Override   bool   `json:"override_sis_stickiness"`
	DataSet    string `json:"diffing_data_set_identifier"`
	Exceeded   bool   `json:"diffing_threshold_exceeded"`
	Warnings   pairs  `json:"processing_warnings"`
	Errors     pairs  `json:"processing_errors"`
	ErrorsFile struct {
		URL string `json:"url"`
	} `json:"errors_attachment"`
	Files []struct {
		Name    string `json:"filename"`
		Display string `json:"display_name"`
	} `json:"csv_attachments"`
	Data struct {
		Counts struct {
			Errors   int `json:"error_count"`
			Warnings int `json:"warning_count"`
		} `json:"counts"`
	} `json:"data"`
}

// pairs are a file and a message each.
type pairs [][]string

// posted is an import that was sent and whose end nobody has seen.
type posted struct {
	id    int64 // 0 when the answer was lost
	mark  string
	at    time.Time
	batch *batch
}

func (a *Adapter) imports() string {
	return "accounts/" + url.PathEscape(a.opts.Account) + "/sis_imports"
}

// carry sends a batch and waits for its end.
func (a *Adapter) carry(ctx context.Context, b *batch) (map[int]verdict, error) {
	if b.empty() {
		return nil, nil
	}
	body, err := bundle(b.rows, b.mark())
	if err != nil {
		return nil, unavailable("%w", err)
	}
	if err := a.free(ctx); err != nil {
		return nil, err
	}
	p := &posted{mark: b.mark(), at: a.opts.Now(), batch: b}
	job, err := a.post(ctx, p, body)
	if err != nil {
		return nil, err
	}
	return a.finish(ctx, p, job)
}

// finish awaits an import and reads its messages. An import whose end is not
// seen is kept for the next call.
func (a *Adapter) finish(ctx context.Context, p *posted, job *sisImport) (map[int]verdict, error) {
	a.pending = p
	if p.id = job.ID; p.id == 0 {
		return nil, unavailable("follow the import: Canvas says no id of it")
	}
	if err := a.echoes(ctx, job); err != nil {
		a.pending = nil
		return nil, err
	}
	job, err := a.await(ctx, p)
	if err != nil {
		return nil, err
	}
	a.pending = nil
	return a.verdicts(ctx, p.batch, job)
}

// post sends the zip. A break of the connection leaves open whether Canvas has
// it, so it is looked for before anybody sends it again.
func (a *Adapter) post(ctx context.Context, p *posted, body []byte) (*sisImport, error) {
	form, contentType, err := a.form(p.mark, body)
	if err != nil {
		return nil, unavailable("write the request: %w", err)
	}
	var job sisImport
	if _, err = a.call(ctx, http.MethodPost, a.address(a.imports(), nil), contentType, form, &job); err == nil {
		if job.InProcess {
			return nil, busy(throttledFor, "another import is running: %s", peer.Clip(job.Message))
		}
		return &job, nil
	}
	if errors.Is(err, errAbsent) {
		return nil, classed(adapters.Unavailable, "mend url and account of the target", "Canvas knows no such account")
	}
	var e *adapters.Error
	if errors.As(err, &e) && e.Class == adapters.Unavailable && !e.Narrow {
		a.pending = p
		found, lookErr := a.lost(ctx, p)
		if lookErr == nil && found != nil {
			return found, nil
		}
	}
	return nil, err
}

// form is the multipart body.
func (a *Adapter) form(mark string, body []byte) ([]byte, string, error) {
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for _, field := range a.params() {
		if err := w.WriteField(field[0], field[1]); err != nil {
			return nil, "", err
		}
	}
	head := textproto.MIMEHeader{}
	head.Set("Content-Disposition", fmt.Sprintf(`form-data; name="attachment"; filename="%s.zip"`, mark))
	head.Set("Content-Type", "application/zip")
	part, err := w.CreatePart(head)
	if err != nil {
		return nil, "", err
	}
	if _, err := part.Write(body); err != nil {
		return nil, "", err
	}
	err = w.Close()
	return out.Bytes(), w.FormDataContentType(), err
}

// params are the parameters of every import.
func (a *Adapter) params() [][2]string {
	p := [][2]string{{"import_type", "instructure_csv"}, {"extension", "zip"}}
	if a.opts.OverrideStickiness {
		p = append(p, [2]string{"override_sis_stickiness", "true"})
	}
	if a.opts.ClaimLogins {
		p = append(p, [2]string{"update_sis_id_if_login_claimed", "true"})
	}
	if d := a.opts.Diffing; d != nil {
		p = append(p, [2]string{"diffing_data_set_identifier", d.Identifier}, [2]string{"diffing_remaster_data_set", "true"})
	}
	return p
}

// echoes compares the job with what was asked: Canvas passes over a parameter
// that it does not take without a word. A job that is another one is stopped.
func (a *Adapter) echoes(ctx context.Context, job *sisImport) error {
	set := ""
	if a.opts.Diffing != nil {
		set = a.opts.Diffing.Identifier
	}
	asked := fmt.Sprintf("batch_mode=false skip_deletes=false override_sis_stickiness=%t diffing_data_set_identifier=%q", a.opts.OverrideStickiness, set)
	runs := fmt.Sprintf("batch_mode=%t skip_deletes=%t override_sis_stickiness=%t diffing_data_set_identifier=%q", job.BatchMode, job.Skip, job.Override, job.DataSet)
	if asked == runs {
		return nil
	}
	_ = a.abort(ctx, job.ID)
	return &adapters.Error{
		Class: adapters.Refused, Answer: runs, Err: fmt.Errorf("Canvas runs another import than was asked for: asked %s, runs %s", asked, runs),
		Hint: "this Canvas does not take the parameter; take it out of the target's options, then send the changes again",
	}
}

func (a *Adapter) abort(ctx context.Context, id int64) error {
	var job sisImport
	_, err := a.call(ctx, http.MethodPut, a.address(a.imports()+"/"+decimal(id)+"/abort", nil), "", nil, &job)
	return err
}

// await polls an import to its end.
func (a *Adapter) await(ctx context.Context, p *posted) (*sisImport, error) {
	for pause := a.opts.Poll; ; pause = min(pause*3/2, 10*a.opts.Poll) {
		if err := a.opts.Sleep(ctx, pause); err != nil {
			return nil, unavailable("wait for the import %d: %w", p.id, err)
		}
		var job sisImport
		if err := a.get(ctx, a.imports()+"/"+decimal(p.id), nil, &job); errors.Is(err, errAbsent) {
			a.pending = nil
			return nil, unavailable("wait for the import %d: Canvas does not know it any more", p.id)
		} else if err != nil {
			return nil, err
		}
		if jobStates[job.State].ended {
			return &job, nil
		}
		if job.State == "initializing" && a.opts.Now().Sub(p.at) > a.opts.StuckAfter {
			return nil, a.stuck(ctx, p)
		}
	}
}

// stuck stops an import that does not begin: Canvas skips it for good.
func (a *Adapter) stuck(ctx context.Context, p *posted) error {
	if err := a.abort(ctx, p.id); err != nil {
		return unavailable("stop the import %d, which does not begin: %w", p.id, err)
	}
	a.pending = nil
	return classed(adapters.Unavailable, "it will be sent again; if this comes back, ask the support of Canvas",
		"the import %d was initializing for more than %s and has been stopped", p.id, a.opts.StuckAfter)
}
