package wire_test

import (
	"strings"
	"testing"
	"testing/quick"
	"unicode/utf8"

	"lisgate/gateway/wire"
)

func TestWriterText(t *testing.T) {
	for in, want := range map[string]string{
		"plain text":               "plain text",
		"a<b>&\"c'":                "a&lt;b&gt;&amp;&quot;c'",
		"\t\n\r":                   "\t\n&#xD;",
		"\x00\x1f\x7f":             "\ufffd\ufffd\x7f",
		"é日\U0001F600":             "é日\U0001F600",
		"é<\r\x01é":                "é&lt;&#xD;\ufffdé",
		"\ufffd\ufffe\uffff\ufffc": "\ufffd\ufffd\ufffd\ufffc",
		"caf\xe9 <":                "caf\ufffd &lt;",
		"\xed\xa0\x80":             "\ufffd",
		"\xf5x\xff":                "\ufffdx\ufffd",
		"x\xc3":                    "x\ufffd",
	} {
		var w wire.Writer
		w.Text(in)
		if got := string(w.Buf); got != want {
			t.Errorf("%q is written %q, want %q", in, got, want)
		}
	}
}

// Whatever text is written comes back, but for what XML cannot hold.
func TestWriterTextComesBack(t *testing.T) {
	err := quick.Check(func(text string, raw []byte) bool {
		text += string(raw) + text
		var w wire.Writer
		w.OpenIn("a", text)
		w.Leaf("b", text)
		w.Close("a")
		d := wire.NewDecoder(string(w.Buf), wire.Limits{}, 0)
		d.Root()
		d.Child()
		got := d.Text()
		return !d.Child() && d.End() && got == allowed(text)
	}, nil)
	if err != nil {
		t.Error(err)
	}
}

// allowed puts U+FFFD in the place of what XML does not allow.
func allowed(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

func TestWriterElements(t *testing.T) {
	var w wire.Writer
	w.OpenIn("a", "urn:x&y")
	w.Boolean("b", true)
	w.Integer("c", -7)
	w.Leaf("d", "<")
	w.Close("a")
	if got, want := string(w.Buf), `<a xmlns="urn:x&amp;y"><b>true</b><c>-7</c><d>&lt;</d></a>`; got != want {
		t.Errorf("written is %s, want %s", got, want)
	}
}
