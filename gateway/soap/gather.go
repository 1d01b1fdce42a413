package soap

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"lisgate/gateway/wire"
)

// pieceSize is how much of a message is read at a time. Nothing more is set
// aside before it is there: an announced length proves nothing.
const pieceSize = 32 << 10

var pieces = sync.Pool{New: func() any { return new([pieceSize]byte) }}

// A gatherer reads a long message in pieces and looks at each as it comes, so
// that one that is far over a limit is refused before all of it is there.
type gatherer struct {
	door *Door
	from *content
	held []*[pieceSize]byte
	size int64
	tags int // how many < there were
	run  int // bytes since the last one
}

func (g *gatherer) read() ([]byte, error) {
	for {
		piece := pieces.Get().(*[pieceSize]byte)
		g.held = append(g.held, piece)
		n, err := fill(g.from, piece[:])
		if over := g.look(piece[:n]); over != nil {
			return nil, over
		}
		switch {
		case errors.Is(err, io.EOF):
			return g.join(), nil
		case err != nil:
			return nil, unreadable(err)
		}
	}
}

// look holds a piece against the limits that can be seen from afar: an
// element has two tags, and what is between two tags is text. Comments and the
// like count too.
func (g *gatherer) look(piece []byte) error {
	g.size += int64(len(piece))
	g.tags += bytes.Count(piece, []byte("<"))
	elements := cmp.Or(g.door.Limits.Elements, wire.DefaultLimits.Elements)
	text := cmp.Or(g.door.Limits.TextBytes, wire.DefaultLimits.TextBytes)
	switch {
	case g.size > g.door.MessageBytes:
		return g.door.tooLarge()
	case g.from.bomb(g.size):
		return &transportError{http.StatusRequestEntityTooLarge,
			fmt.Sprintf("the gzip in the body unpacks to more than %d times its size; send such a message without gzip", gzipRatio)}
	case g.tags > 2*elements:
		return &wire.LimitError{Limit: "elements", Max: elements}
	case g.measure(piece) > text+pieceSize:
		return &wire.LimitError{Limit: "text_bytes", Max: text}
	}
	return nil
}

func (g *gatherer) measure(piece []byte) int {
	g.run += len(piece)
	if last := bytes.LastIndexByte(piece, '<'); last >= 0 {
		g.run = len(piece) - last
	}
	return g.run
}

func (g *gatherer) join() []byte {
	body := make([]byte, 0, g.size)
	for _, piece := range g.held {
		body = append(body, piece[:min(g.size-int64(len(body)), pieceSize)]...)
	}
	return body
}

func (g *gatherer) release() {
	for _, piece := range g.held {
		pieces.Put(piece)
	}
	g.held = nil
}
