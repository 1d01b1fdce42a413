package itc2019

import (
	"bufio"
	"fmt"
	"io"
)

// An input gives the decoder its bytes one by one, and counts them: a token
// (a tag, a comment, a DOCTYPE, a run of text) is held whole, so it has a
// limit, and so has the file.
type input struct {
	in     *bufio.Reader
	limits Limits
	read   int64
	token  int // bytes since the last token began
}

func newInput(r io.Reader, limits Limits) *input {
	in := bufio.NewReaderSize(r, 64<<10)
	if mark, _ := in.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3)
	}
	return &input{in: in, limits: limits}
}

// ReadByte returns the next byte.
func (i *input) ReadByte() (byte, error) {
	b, err := i.in.ReadByte()
	if err != nil {
		return 0, err
	}
	i.read++
	i.token++
	switch {
	case i.read > i.limits.Bytes:
		return 0, &limitError{fmt.Sprintf("the file is longer than %d bytes (Limits.Bytes); split it, or raise the limit", i.limits.Bytes)}
	case i.token > i.limits.Token:
		return 0, &limitError{fmt.Sprintf("a tag, comment or run of text is longer than %d bytes (Limits.Token); shorten it, or raise the limit", i.limits.Token)}
	}
	return b, nil
}

// Read is not used: the decoder takes single bytes where it can.
func (i *input) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := i.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

// A limitError is a limit that the file does not keep, told as it is.
type limitError struct{ text string }

func (e *limitError) Error() string { return e.text }
