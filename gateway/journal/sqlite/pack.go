package sqlite

import (
	"bytes"
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// rawUpTo is the length up to which a body is kept as it is: packing would
// gain nothing.
const rawUpTo = 160

// frame is how everything that zstd made begins, and how no JSON or XML does.
var frame = []byte{0x28, 0xb5, 0x2f, 0xfd}

// A packer makes bodies small before they are written, to a third or less.
// The writer is held up by the pages it has to write and sync, and packing
// one page away costs less than writing it. Many goroutines can share one,
// and it holds nothing that would have to be closed.
type packer struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

func newPacker() *packer {
	p := &packer{} // the options below never fail
	p.enc, _ = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false))
	p.dec, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(1<<30))
	return p
}

// pack returns what is kept of a body.
func (p *packer) pack(body []byte) []byte {
	if len(body) <= rawUpTo && !bytes.HasPrefix(body, frame) {
		return body
	}
	return p.enc.EncodeAll(body, make([]byte, 0, len(body)/2))
}

// unpack returns a copy of the body that was kept; of no body, nil.
func (p *packer) unpack(kept []byte) ([]byte, error) {
	if !bytes.HasPrefix(kept, frame) {
		return bytes.Clone(kept), nil
	}
	body, err := p.dec.DecodeAll(kept, nil)
	if err != nil {
		return nil, fmt.Errorf("unpack body: %w", err)
	}
	return body, nil
}
