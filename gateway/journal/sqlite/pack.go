package sqlite

import (
	"bytes"
	"fmt"

	"github.com/klauspost/compress/s2"
)

// rawUpTo is the length up to which a body is kept as it is: packing would
// gain nothing.
const rawUpTo = 160

// packed is the first byte of a body that was packed, and of no JSON or XML.
const packed = 0x01

// pack returns what is kept of a body: a quarter of it. The writer is held up
// by the pages it has to write and sync, and packing one away costs less than
// writing it. S2 takes a ninth of the time of zstd for a fourth more bytes,
// which is the better bargain here.
func pack(body []byte) []byte {
	if len(body) <= rawUpTo && (len(body) == 0 || body[0] != packed) {
		return body
	}
	kept := make([]byte, 1+s2.MaxEncodedLen(len(body)))
	kept[0] = packed
	return kept[:1+len(s2.Encode(kept[1:], body))]
}

// unpack returns a copy of the body that was kept; of no body, nil.
func unpack(kept []byte) ([]byte, error) {
	if len(kept) == 0 || kept[0] != packed {
		return bytes.Clone(kept), nil
	}
	body, err := s2.Decode(nil, kept[1:])
	if err != nil {
		return nil, fmt.Errorf("unpack body: %w", err)
	}
	return body, nil
}
