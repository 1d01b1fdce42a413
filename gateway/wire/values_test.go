package wire_test

import (
	"fmt"
	"strconv"
	"testing"

	"lisgate/gateway/wire"
)

// Each kind of value: what it reads as in strict, and what under its rule.
// "!" stands for a refusal.
func TestValues(t *testing.T) {
	kinds := map[string]func(*wire.Decoder) string{
		"dateTime": (*wire.Decoder).DateTime,
		"date":     (*wire.Decoder).Date,
		"decimal":  (*wire.Decoder).Decimal,
		"token":    (*wire.Decoder).Token,
		"text":     (*wire.Decoder).Text,
		"enum":     func(d *wire.Decoder) string { return d.Enum([]string{"Active", "Inactive"}) },
		"integer": func(d *wire.Decoder) string {
			if n := d.Integer(); n != nil {
				return strconv.FormatInt(*n, 10)
			}
			return ""
		},
		"boolean": func(d *wire.Decoder) string {
			if b := d.Boolean(); b != nil {
				return strconv.FormatBool(*b)
			}
			return ""
		},
	}
	for _, c := range []struct{ kind, text, strict, loose string }{
		{"dateTime", "2026-09-01T08:00:00", "2026-09-01T08:00:00", ""},
		{"dateTime", "2026-09-01T08:00:00Z", "2026-09-01T08:00:00Z", ""},
		{"dateTime", " 2026-09-01T08:00:00.123456-13:59\n", "2026-09-01T08:00:00.123456-13:59", ""},
		{"dateTime", "2024-02-29T23:59:59+14:00", "2024-02-29T23:59:59+14:00", ""},
		{"dateTime", "2023-02-29T00:00:00", "!", "!"},
		{"dateTime", "2026-09-31T00:00:00", "!", "!"},
		{"dateTime", "2026-13-01T00:00:00", "!", "!"},
		{"dateTime", "0000-01-01T00:00:00", "!", "!"},
		{"dateTime", "2026-09-01T24:00:00", "!", "!"},
		{"dateTime", "2026-09-01T08:60:00", "!", "!"},
		{"dateTime", "2026-09-01T08:00:60", "!", "!"},
		{"dateTime", "2026-09-01T08:00:00.", "!", "!"},
		{"dateTime", "2026-09-01T08:00:00,5", "!", "!"},
		{"dateTime", "2026-09-01T08:00:00+14:01", "!", "!"},
		{"dateTime", "2026-09-01T08:00:00+07", "!", "2026-09-01T08:00:00+07:00"},
		{"dateTime", "2026-09-01T08:00:00+0700", "!", "2026-09-01T08:00:00+07:00"},
		{"dateTime", "2026-09-01T08:00:00.123456+0700", "!", "2026-09-01T08:00:00.123456+07:00"},
		{"dateTime", "2026-09-01T08:00:00-0000", "!", "2026-09-01T08:00:00Z"},
		{"dateTime", "2026-09-01 08:00:00", "!", "2026-09-01T08:00:00"},
		{"dateTime", "2026-09-01 08:00:00.250", "!", "2026-09-01T08:00:00.250"},
		{"dateTime", "2026-09-01 08:00:00+02:00", "!", "2026-09-01T08:00:00+02:00"},
		{"dateTime", "2026-09-01 08:00:00+0200", "!", "2026-09-01T08:00:00+02:00"},
		{"dateTime", "2026-09-01T08:00", "!", "2026-09-01T08:00:00"},
		{"dateTime", "2026-09-01T08:00Z", "!", "2026-09-01T08:00:00Z"},
		{"dateTime", "2026-09-01", "!", "2026-09-01T00:00:00"},
		{"dateTime", "2026-09-01+02:00", "!", "2026-09-01T00:00:00+02:00"},
		{"dateTime", "", "!", ""},
		{"dateTime", "tomorrow", "!", "!"},
		{"dateTime", "01.09.2026", "!", "!"},
		{"date", "2026-09-01", "2026-09-01", ""},
		{"date", "2026-09-01+02:00", "2026-09-01+02:00", ""},
		{"date", "2026-9-1", "!", "!"},
		{"date", "2026-02-30", "!", "!"},
		{"date", "2026-09-01T08:00:00Z", "!", "2026-09-01"},
		{"date", "2026-09-01 08:00:00", "!", "2026-09-01"},
		{"date", "2026-09-01 or so", "!", "!"},
		{"date", "", "!", ""},
		{"decimal", "1.50", "1.50", ""},
		{"decimal", "+.5", "+.5", ""},
		{"decimal", "-7.", "-7.", ""},
		{"decimal", " 1 ", "1", ""},
		{"decimal", "+-1", "!", "!"},
		{"decimal", "1.2.3", "!", "!"},
		{"decimal", ".", "!", "!"},
		{"decimal", "1e3", "!", "!"},
		{"decimal", "-", "!", "!"},
		{"decimal", "", "!", ""},
		{"integer", "+7", "7", ""},
		{"integer", "-9223372036854775808", "-9223372036854775808", ""},
		{"integer", "9223372036854775808", "!", "!"},
		{"integer", "12.00", "!", "12"},
		{"integer", "12.5", "!", "!"},
		{"integer", "", "!", ""},
		{"integer", "1_0", "!", "!"},
		{"integer", "x", "!", "!"},
		{"boolean", "true", "true", ""},
		{"boolean", " 1 ", "true", ""},
		{"boolean", "0", "false", ""},
		{"boolean", "false", "false", ""},
		{"boolean", "TRUE", "!", "!"},
		{"boolean", "", "!", ""},
		{"token", "a b", "a b", ""},
		{"token", "\u00a0a", "\u00a0a", ""},
		{"token", "\n a\t", "!", "a"},
		{"enum", "Active", "Active", ""},
		{"enum", " Active", "!", "Active"},
		{"enum", "active", "!", "active"},
		{"enum", "", "!", ""},
		{"text", " a ", " a ", ""},
		{"text", "a&#xD;&#10;b", "a\r\nb", ""},
		{"text", "a\r\nb\rc", "a\nb\nc", ""},
		{"text", "a<!-- b -->c<?d?><![CDATA[\r\n<e>]]>", "ac\n<e>", ""},
	} {
		value := func(rules wire.Rule) string {
			d := wire.NewDecoder("<a>"+c.text+"</a>", wire.Limits{}, rules)
			d.Root()
			v := kinds[c.kind](d)
			if !d.End() {
				return "!"
			}
			if (len(d.Deviations()) > 0) != (rules != 0 && c.strict == "!") {
				return fmt.Sprint("deviations ", d.Deviations())
			}
			return v
		}
		if got := value(0); got != c.strict {
			t.Errorf("%s %q is %q, want %q", c.kind, c.text, got, c.strict)
		}
		if c.strict != "!" {
			c.loose = c.strict
		}
		if got := value(wire.Everything); got != c.loose {
			t.Errorf("%s %q, loosely, is %q, want %q", c.kind, c.text, got, c.loose)
		}
	}
}

// White space in attributes becomes blanks, a line end one of them;
// references do not.
func TestAttributeValues(t *testing.T) {
	d := wire.NewDecoder("<a xmlns:x='u' b='1\r\n2\t3\r4\n5' x:c=\"&#xD;&#10;&quot;'\"/>", wire.Limits{}, 0)
	if !d.Root() {
		t.Fatal(d.Err())
	}
	got := fmt.Sprintf("%q", d.Attrs())
	if want := `[{"" "b" "1 2 3 4 5"} {"u" "c" "\r\n\"'"}]`; got != want {
		t.Errorf("attributes are %s, want %s", got, want)
	}
}

// A decoder tells where it is: the signature of a message is checked over
// the bytes of an element.
func TestPlaces(t *testing.T) {
	const document = "\ufeff<a xmlns='u'>\n <b c='1'>x</b><d/></a>"
	d := wire.NewDecoder(document, wire.Limits{}, 0)
	d.Root()
	d.Child()
	from := d.TagStart()
	if d.Local() != "b" || d.Space() != "u" || d.Depth() != 2 {
		t.Errorf("at %s in %s, depth %d", d.Local(), d.Space(), d.Depth())
	}
	d.Skip()
	if got := d.Slice(from, d.Pos()); got != "<b c='1'>x</b>" {
		t.Errorf("the element is %q", got)
	}
	if !d.Child() || d.Local() != "d" || d.Space() != "u" || d.Child() || d.Child() || d.Child() {
		t.Errorf("at %s in %s: %v", d.Local(), d.Space(), d.Err())
	}
	if d.Text() != "" || !d.End() || d.Err() != nil {
		t.Error(d.Err())
	}
}

// What ends too early is an error of End.
func TestEndInside(t *testing.T) {
	d := wire.NewDecoder("<a><b/></a>", wire.Limits{}, 0)
	if d.Root(); d.End() {
		t.Error("the root element is open, and End does not mind")
	}
}
