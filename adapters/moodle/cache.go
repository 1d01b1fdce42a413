package moodle

import "sync"

// A cache keeps what was found a while ago, at most so much: when one half is
// full, the older half is forgotten. It is for use by many goroutines.
type cache[V any] struct {
	mu         sync.Mutex
	half       int
	young, old map[string]V
}

func newCache[V any](size int) *cache[V] {
	return &cache[V]{half: size / 2, young: map[string]V{}}
}

func (c *cache[V]) get(key string) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.young[key]
	if !ok {
		if v, ok = c.old[key]; ok {
			c.keep(key, v)
		}
	}
	return v, ok
}

func (c *cache[V]) put(key string, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(key, v)
}

func (c *cache[V]) keep(key string, v V) {
	if len(c.young) >= c.half {
		c.old, c.young = c.young, make(map[string]V, c.half/4)
	}
	c.young[key] = v
}

func (c *cache[V]) drop(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.young, key)
	delete(c.old, key)
}

func (c *cache[V]) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.young, c.old = map[string]V{}, nil
}
