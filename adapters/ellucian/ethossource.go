package ellucian

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lisgate/adapters"
	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
)

// queuePrefix stands before the number of the last change that was taken.
// Number 0 acknowledges nothing, and is where the queue begins [infer].
const queuePrefix = "queue:"

// Pull reads everything when there is no cursor: each resource to its end,
// with marks around each kind, then a cursor that leads to the queue. With a
// cursor it makes one call of the queue and ends; the last item has the next
// cursor.
//
// The call that asks for more also tells Ethos to throw away what came
// before. So a Pull never asks twice: the next call carries the cursor with
// which the next Pull begins, and that one is on disk. A gateway that dies
// between a call and its disk gets the same changes again. It pulls again
// soon as long as something came.
//
// The queue is not emptied by a full load. Its older changes come again
// after it, in order, and lead to the same end.
func (e *Ethos) Pull(ctx context.Context, cursor string) iter.Seq2[adapters.Item, error] {
	if cursor == "" {
		return e.load(ctx)
	}
	return e.consume(ctx, cursor)
}

// load lists the resources of each kind together.
func (e *Ethos) load(ctx context.Context) iter.Seq2[adapters.Item, error] {
	return func(yield func(adapters.Item, error) bool) {
		for i, r := range e.read {
			if i == 0 || e.read[i-1].kind != r.kind {
				if !yield(adapters.Item{Begins: r.kind}, nil) {
					return
				}
			}
			for o, err := range e.list(ctx, r.name, "") {
				if err != nil {
					yield(adapters.Item{}, err)
					return
				}
				if !yield(e.item(r, o.id, o.body, "resource "+r.name), nil) {
					return
				}
			}
			if i == len(e.read)-1 || e.read[i+1].kind != r.kind {
				if !yield(adapters.Item{Ends: r.kind}, nil) {
					return
				}
			}
		}
		yield(adapters.Item{Cursor: queuePrefix + "0"}, nil)
	}
}

// item makes a Put of an object. What cannot be read is an Err under its key,
// so that it counts as present.
func (e *Ethos) item(r resource, id string, body json.RawMessage, where string) adapters.Item {
	it := adapters.Item{Kind: r.kind, Key: lis.SourcedID(id), Where: where}
	if id == "" {
		it.Err = refused("report it to whoever keeps "+r.name+" in the SIS", "an object of %s has no id", r.name)
		return it
	}
	it.Where += " " + id
	found := new(entity)
	if err := json.Unmarshal(body, found); err != nil {
		it.Err = refused("pin another version of "+r.name+" under versions, or have the object corrected in the SIS",
			"an object of %s is not as version %s has it: %s", r.name, e.mediaType(r.name), shapeOf(err))
		return it
	}
	content, err := r.convert(e, found)
	if err != nil {
		it.Err = err
		return it
	}
	it.Act, it.Record = lis.Put, &lis.Record{ID: it.Key, Agent: "Ethos", Object: content}
	return it
}

// shapeOf says what was wrong with JSON, without a value of it.
func shapeOf(err error) string {
	var unfit *json.UnmarshalTypeError
	if errors.As(err, &unfit) {
		return fmt.Sprintf("%s cannot be a %s", orElse(unfit.Field, "it"), strings.Fields(unfit.Value + " ?")[0])
	}
	return "it is broken"
}

// A notification is one change of the queue.
type notification struct {
	ID        json.RawMessage `json:"id"` // a number, in quotes or not
	Operation string          `json:"operation"`
	Resource  struct {
		Name string `json:"name"`
		ID   string `json:"id"`
	} `json:"resource"`
	Content json.RawMessage `json:"content"`
}

func (n *notification) number() (int64, error) {
	return strconv.ParseInt(strings.Trim(string(n.ID), `"`), 10, 64)
}

// consume makes one call of the queue.
func (e *Ethos) consume(ctx context.Context, cursor string) iter.Seq2[adapters.Item, error] {
	return func(yield func(adapters.Item, error) bool) {
		last, err := strconv.ParseInt(strings.TrimPrefix(cursor, queuePrefix), 10, 64)
		if err != nil || !strings.HasPrefix(cursor, queuePrefix) {
			yield(adapters.Item{}, refused("take the cursor away, so that everything is read", "the cursor is none of Ethos"))
			return
		}
		changes, newest, err := e.queued(ctx, last)
		if err != nil {
			yield(adapters.Item{}, err)
			return
		}
		for i := range changes {
			it, err := e.changed(ctx, &changes[i])
			if err != nil {
				yield(adapters.Item{}, err)
				return
			}
			if i == len(changes)-1 {
				it.Cursor = queuePrefix + strconv.FormatInt(newest, 10)
			}
			if !yield(it, nil) {
				return
			}
		}
	}
}

// queued returns the changes after the last that is on disk, and the highest
// number among them.
func (e *Ethos) queued(ctx context.Context, last int64) ([]notification, int64, error) {
	query := url.Values{"limit": {strconv.Itoa(e.o.Queue)}, "lastProcessedID": {strconv.FormatInt(last, 10)}}
	r, err := e.call(ctx, http.MethodGet, "/consume?"+query.Encode(), "change-notifications", "")
	if err != nil {
		return nil, 0, err
	}
	var changes []notification
	body := bytes.TrimSpace(r.Body)
	if r.Status == http.StatusNoContent && len(body) == 0 {
		return nil, last, nil
	}
	if err := json.Unmarshal(body, &changes); err != nil || changes == nil {
		return nil, 0, unavailable("read the queue: the answer is no JSON array of changes")
	}
	newest := last
	for i := range changes {
		n, err := changes[i].number()
		if err != nil {
			return nil, 0, unavailable("read the queue: change %d of the answer has no number, so that it could not be acknowledged", i+1)
		}
		newest = max(newest, n)
	}
	return changes, newest, nil
}

// changed makes an item of a change. One of a resource that is not read here
// is an empty item: it is let go, and counted.
func (e *Ethos) changed(ctx context.Context, n *notification) (adapters.Item, error) {
	number, _ := n.number() // queued has read it
	where := "queue " + strconv.FormatInt(number, 10) + " " + peer.Clip(n.Resource.Name)
	for _, r := range e.read {
		if r.name != n.Resource.Name {
			continue
		}
		switch strings.ToLower(n.Operation) {
		case "deleted":
			if n.Resource.ID == "" {
				break
			}
			return adapters.Item{Kind: r.kind, Act: lis.Drop, Key: lis.SourcedID(n.Resource.ID), Where: where}, nil
		case "created", "replaced", "updated":
			return e.replaced(ctx, r, n, where)
		}
		return adapters.Item{Kind: r.kind, Key: lis.SourcedID(n.Resource.ID), Where: where,
			Err: refused("nothing can be done with it; the next full load shows the object as it is", "a change of %s without an id, or of an unknown operation", r.name)}, nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, known := e.skipped[n.Resource.Name]; known || len(e.skipped) < 1000 {
		e.skipped[n.Resource.Name]++
	}
	return adapters.Item{Where: where}, nil
}

// replaced reads the object itself when the change does not hold it.
func (e *Ethos) replaced(ctx context.Context, r resource, n *notification, where string) (adapters.Item, error) {
	content := bytes.TrimSpace(n.Content)
	if len(content) > 2 && !bytes.Equal(content, []byte("null")) {
		return e.item(r, n.Resource.ID, n.Content, where), nil
	}
	answer, err := e.call(ctx, http.MethodGet, "/api/"+r.name+"/"+url.PathEscape(n.Resource.ID), r.name, "")
	switch {
	case answer != nil && answer.Status == http.StatusNotFound:
		return adapters.Item{Kind: r.kind, Key: lis.SourcedID(n.Resource.ID), Where: where,
			Err: refused("nothing, when it was deleted since: that change follows", "the object of a change without content is not there any more")}, nil
	case err != nil:
		return adapters.Item{}, err
	}
	return e.item(r, n.Resource.ID, answer.Body, where), nil
}

// Acknowledge hears that items are on disk. It asks nothing of Ethos: the
// cursor of the next Pull says the same. What was not taken is written to
// /errors when that is wished.
func (e *Ethos) Acknowledge(ctx context.Context, _ string, rejected []adapters.Rejection) error {
	if !e.o.ReportErrors {
		return nil
	}
	for _, r := range rejected {
		body, err := json.Marshal(map[string]any{
			"severity": "error", "responseCode": http.StatusBadRequest,
			"description": peer.Clip(r.Reason), "details": peer.Clip(r.Where), "applicationSubtype": string(r.Kind),
			"resource": map[string]string{"id": string(r.Key)}, "dateTime": e.Now().UTC().Format("2006-01-02T15:04:05Z"),
		})
		if err != nil {
			return unavailable("write an error for Ethos: %w", err)
		}
		if _, err := e.call(ctx, http.MethodPost, "/errors", "errors", string(body)); err != nil {
			return err
		}
	}
	return nil
}
