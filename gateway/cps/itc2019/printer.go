package itc2019

import (
	"bufio"
	"encoding/xml"
	"io"
	"strings"
)

// A printer writes a file, an element a line. It keeps the first error.
type printer struct {
	w     *bufio.Writer
	depth int
	open  bool // the last start tag wants its end
}

// newPrinter begins a file whose root is name.
func newPrinter(w io.Writer, name string) *printer {
	p := &printer{w: bufio.NewWriterSize(w, 64<<10)}
	p.text(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	p.text("<!DOCTYPE " + name + ` PUBLIC "-//ITC 2019//DTD Problem Format/EN" "http://www.itc2019.org/competition-format.dtd">` + "\n")
	return p
}

// start writes a start tag; an attribute without a value is left out.
func (p *printer) start(name string, attrs ...string) {
	p.closeTag("\n")
	p.text(strings.Repeat("  ", p.depth) + "<" + name)
	for i := 0; i+1 < len(attrs); i += 2 {
		if attrs[i+1] != "" {
			p.text(" " + attrs[i] + `="`)
			_ = xml.EscapeText(p.w, []byte(attrs[i+1]))
			p.text(`"`)
		}
	}
	p.open = true
	p.depth++
}

// end ends the element, shortly when it has nothing in it.
func (p *printer) end(name string) {
	p.depth--
	if p.open {
		p.open = false
		p.text("/>\n")
		return
	}
	p.text(strings.Repeat("  ", p.depth) + "</" + name + ">\n")
}

func (p *printer) leaf(name string, attrs ...string) {
	p.start(name, attrs...)
	p.end(name)
}

func (p *printer) closeTag(after string) {
	if p.open {
		p.open = false
		p.text(">" + after)
	}
}

func (p *printer) text(s string) { _, _ = p.w.WriteString(s) }

// broken returns the first error of the writer beneath, so that nobody reads
// on for a writer that is gone.
func (p *printer) broken() error { _, err := p.w.Write(nil); return err }

func (p *printer) flush() error { return p.w.Flush() }
