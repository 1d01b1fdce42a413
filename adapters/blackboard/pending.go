package blackboard

import (
	"crypto/sha256"
	"sync"
)

// pendings are the data sets whose end nobody waited for: the time of the
// call ran out while Learn was at work. When the same file is to be sent
// again, its data set is followed on, and Learn is not given the work twice.
type pendings struct {
	mu   sync.Mutex
	sets []pending
}

type pending struct {
	sum  [sha256.Size]byte
	code string
	keys map[string]bool
}

// mostPending bounds them; the oldest go, and are sent again.
const mostPending = 64

func sumOf(object, mode, content string) [sha256.Size]byte {
	return sha256.Sum256([]byte(object + "\x00" + mode + "\x00" + content))
}

// take returns the code of a file that was sent before, and forgets it. Data
// sets that share a key with another file are forgotten: what they wrote may
// be overwritten by it.
func (p *pendings) take(object, mode, content string, keys map[string]bool) (code string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	sum := sumOf(object, mode, content)
	var left []pending
	for _, set := range p.sets {
		switch {
		case set.sum == sum:
			code = set.code
		case !share(set.keys, keys):
			left = append(left, set)
		}
	}
	p.sets = left
	return code
}

func share(a, b map[string]bool) bool {
	for key := range b {
		if a[key] {
			return true
		}
	}
	return false
}

func (p *pendings) add(object, mode, content, code string, keys map[string]bool) {
	named := make(map[string]bool, len(keys))
	for key := range keys {
		named[key] = true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sets = append(p.sets, pending{sumOf(object, mode, content), code, named})
	if len(p.sets) > mostPending {
		p.sets = p.sets[1:]
	}
}
