package soap

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"lisgate/gateway/lis"
)

const named = "Zoë Núñez" // within Latin-1

// declared is a message about a person, with an XML declaration.
func declared(encoding string) string {
	message := soap11(person("p-1", named))
	return strings.Replace(message, `encoding="UTF-8"`, `encoding="`+encoding+`"`, 1)
}

func latin1(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
	}
	return b.String()
}

func utf16of(s string, order binary.AppendByteOrder, bom bool) string {
	var b []byte
	if bom {
		b = order.AppendUint16(b, 0xFEFF)
	}
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

func TestCharsets(t *testing.T) {
	little, big := binary.LittleEndian, binary.BigEndian
	for name, c := range map[string]struct{ contentType, message string }{
		"utf-8":                     {"text/xml; charset=utf-8", declared("UTF-8")},
		"utf-8 by nobody":           {"text/xml", declared("UTF-8")},
		"utf-8 with a mark":         {"text/xml", "\ufeff" + declared("utf-8")},
		"latin-1 by header":         {"text/xml; charset=ISO-8859-1", latin1(declared("ISO-8859-1"))},
		"latin-1 by document":       {"text/xml", latin1(declared("iso-8859-1"))},
		"latin-1, document differs": {"text/xml; charset=iso-8859-1", latin1(declared("UTF-8"))},
		"utf-16 little":             {"text/xml; charset=utf-16", utf16of(declared("UTF-16"), little, true)},
		"utf-16 big":                {"text/xml; charset=utf-16", utf16of(declared("UTF-16"), big, true)},
		"utf-16 by mark":            {"text/xml", utf16of(declared("utf-16"), little, true)},
		"utf-16le":                  {"text/xml; charset=utf-16le", utf16of(declared("UTF-16"), little, false)},
		"utf-16be":                  {"text/xml; charset=utf-16be", utf16of(declared("UTF-16"), big, false)},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.post("/lis/pms", c.message, "Content-Type", c.contentType).want(t, "success fullsuccess")
			if a := h.post("/lis/pms", soap11(readPerson("p-1"))); !strings.Contains(a.text, named) {
				t.Errorf("the name was lost:\n%s", a.text)
			}
		})
	}
}

// Beyond the first plane.
func TestUTF16Pairs(t *testing.T) {
	h := newHouse(t)
	message := replaced(declared("UTF-16"), named, "Ada 𝔸")
	h.post("/lis/pms", utf16of(message, binary.BigEndian, true), "Content-Type", "text/xml; charset=utf-16").want(t, "success fullsuccess")
	if a := h.post("/lis/pms", soap11(readPerson("p-1"))); !strings.Contains(a.text, "Ada 𝔸") {
		t.Errorf("the name was lost:\n%s", a.text)
	}
}

func TestWrongCharsets(t *testing.T) {
	lone := utf16of(declared("UTF-16"), binary.BigEndian, true) + "\xd8\x00"
	for name, c := range map[string]struct {
		contentType, message string
		status               int
		words                string
	}{
		"latin-1 as utf-8":       {"text/xml; charset=utf-8", latin1(declared("UTF-8")), 500, "not UTF-8"},
		"the document disagrees": {"text/xml; charset=utf-8", declared("ISO-8859-1"), 500, "encoding ISO-8859-1"},
		"not utf-16 at all":      {"text/xml", declared("UTF-16"), 500, "encoding UTF-16; send the message in UTF-8"},
		"odd":                    {"text/xml; charset=utf-16", "\xfe\xff\x00", 400, "not the UTF-16"},
		"half a pair":            {"text/xml; charset=utf-16", lone, 400, "not the UTF-16"},
		"half a pair inside":     {"text/xml; charset=utf-16", lone + "\x00 ", 400, "not the UTF-16"},
		"unknown":                {"text/xml; charset=ebcdic", declared("EBCDIC"), 415, "ebcdic"},
		"unknown by document":    {"text/xml", declared("windows-1252"), 415, "windows-1252"},
		"utf-7":                  {"text/xml", declared("UTF-7"), 415, "utf-7"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.post("/lis/pms", c.message, "Content-Type", c.contentType).wantFault(t, c.status, "Client", c.words)
			if h.stored(lis.KindPerson, "p-1") {
				t.Error("it was stored")
			}
		})
	}
}
