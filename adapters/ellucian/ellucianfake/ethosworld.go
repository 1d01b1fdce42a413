package ellucianfake

import (
	"encoding/json"
	"slices"
	"strconv"
)

// Put keeps an object of a resource, given as JSON with its id, and tells
// nobody: it is how the world was before anyone listened.
func (f *Ethos) Put(resource, object string) {
	var o map[string]any
	if err := json.Unmarshal([]byte(object), &o); err != nil {
		panic("ellucianfake: " + err.Error())
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keep(resource, o)
}

func (f *Ethos) keep(resource string, o map[string]any) {
	if f.objects == nil {
		f.objects = map[string][]map[string]any{}
	}
	f.drop(resource, o["id"])
	f.objects[resource] = append(f.objects[resource], o)
}

func (f *Ethos) drop(resource string, id any) {
	f.objects[resource] = slices.DeleteFunc(f.objects[resource], func(had map[string]any) bool { return id != nil && had["id"] == id })
}

// Change does what somebody does in the SIS: it keeps the object, or deletes
// it, and puts the change into the queue. operation is created, replaced or
// deleted. Without content the change says only which object it was.
func (f *Ethos) Change(operation, resource, object string, content bool) {
	var o map[string]any
	if err := json.Unmarshal([]byte(object), &o); err != nil {
		panic("ellucianfake: " + err.Error())
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if operation == "deleted" {
		f.drop(resource, o["id"])
		o = map[string]any{"id": o["id"]}
	} else {
		f.keep(resource, o)
	}
	f.number++
	n := map[string]any{
		"id": strconv.FormatInt(f.number, 10), "operation": operation,
		"resource":    map[string]any{"name": resource, "id": o["id"]},
		"contentType": "resource-representation",
	}
	if content {
		n["content"] = o
	}
	f.queue = append(f.queue, n)
}

// Queued counts the changes that wait.
func (f *Ethos) Queued() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.queue)
}

// Tokens counts the tokens that were given out.
func (f *Ethos) Tokens() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.issued
}

// ForgetTokens lets every token end now.
func (f *Ethos) ForgetTokens() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tokens = nil
}

// Submitted returns the newest grade of a registration as JSON, "" for none.
func (f *Ethos) Submitted(registration string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.submitted[registration] == nil {
		return ""
	}
	body, _ := json.Marshal(f.submitted[registration]) // it came as JSON
	return string(body)
}

// Effects counts the grades that were set or altered.
func (f *Ethos) Effects() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.effects
}

// Reported returns what was written to /errors.
func (f *Ethos) Reported() []map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.reported)
}
