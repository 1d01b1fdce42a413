package timetable

import (
	"fmt"
	"hash/fnv"
	"strings"

	"lisgate/gateway/lis"
)

// A tone is the colours of a section's blocks: behind the text, of the text,
// and of the bar at the left.
type tone struct{ fill, text, bar string }

// tones are the colours by light and by dark. Text on its fill has a contrast
// of at least 4.5:1 (WCAG 2.2, 1.4.3); none is red or grey, which mean clash
// and not available.
var tones = [...]struct{ light, dark tone }{
	{tone{"#dbeafe", "#1e3a8a", "#2563eb"}, tone{"#1c355e", "#dbeafe", "#60a5fa"}}, // blue
	{tone{"#d1fae5", "#064e3b", "#059669"}, tone{"#0f4436", "#d1fae5", "#34d399"}}, // emerald
	{tone{"#fef3c7", "#78350f", "#d97706"}, tone{"#57340d", "#fef3c7", "#fbbf24"}}, // amber
	{tone{"#ede9fe", "#4c1d95", "#7c3aed"}, tone{"#3b2470", "#ede9fe", "#a78bfa"}}, // violet
	{tone{"#fce7f3", "#831843", "#db2777"}, tone{"#5f1738", "#fce7f3", "#f472b6"}}, // pink
	{tone{"#cffafe", "#164e63", "#0891b2"}, tone{"#134556", "#cffafe", "#22d3ee"}}, // cyan
	{tone{"#ecfccb", "#365314", "#65a30d"}, tone{"#33470f", "#ecfccb", "#a3e635"}}, // lime
	{tone{"#ffedd5", "#7c2d12", "#ea580c"}, tone{"#632a10", "#ffedd5", "#fb923c"}}, // orange
	{tone{"#e0e7ff", "#312e81", "#4f46e5"}, tone{"#2d2f72", "#e0e7ff", "#818cf8"}}, // indigo
	{tone{"#fae8ff", "#701a75", "#c026d3"}, tone{"#561a5b", "#fae8ff", "#e879f9"}}, // fuchsia
	{tone{"#ccfbf1", "#134e4a", "#0d9488"}, tone{"#12443f", "#ccfbf1", "#2dd4bf"}}, // teal
}

// A ground is the colours of all else.
type ground struct{ page, head, text, muted, line, half, hatch, hatched, clash string }

var (
	light = ground{"#ffffff", "#f4f6fa", "#16202e", "#566173", "#d5dbe5", "#edf0f5", "#b9c1cd", "#eef0f4", "#b91c1c"}
	dark  = ground{"#10151f", "#1a2230", "#eef2f8", "#a3afc0", "#313c4e", "#1e2736", "#4a566a", "#1b2331", "#dc2626"}
)

// onClash is the colour of text on the red of a clash.
const onClash = "#ffffff"

// toneOf returns the number of a section's tone, always the same.
func toneOf(section lis.SourcedID) int {
	h := fnv.New32a()
	h.Write([]byte(section))
	return int(h.Sum32() % uint32(len(tones)))
}

// style writes the style sheet of the picture with an id. Each rule names it,
// so that two pictures in one page do not colour each other.
func style(id string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "#%s{font-family:Inter,'Segoe UI',Roboto,'Helvetica Neue',Helvetica,Arial,sans-serif;font-size:11px;max-width:100%%;height:auto}\n", id)
	fmt.Fprintf(&b, "#%s .o{font-weight:700}#%s .x{text-decoration:line-through}\n", id, id)
	rules(&b, id, light, func(i int) tone { return tones[i].light })
	b.WriteString("@media (prefers-color-scheme:dark){\n")
	rules(&b, id, dark, func(i int) tone { return tones[i].dark })
	b.WriteString("}")
	return b.String()
}

func rules(b *strings.Builder, id string, g ground, toned func(int) tone) {
	rule := func(class, property, colour string) { fmt.Fprintf(b, "#%s .%s{%s:%s}", id, class, property, colour) }
	rule("page", "fill", g.page)
	rule("head", "fill", g.head)
	rule("text", "fill", g.text)
	rule("muted", "fill", g.muted)
	rule("line", "stroke", g.line)
	rule("half", "stroke", g.half)
	rule("hatch", "stroke", g.hatch)
	rule("hatched", "fill", g.hatched)
	rule("dash", "stroke", g.muted)
	rule("red", "fill", g.clash)
	rule("reds", "stroke", g.clash)
	rule("onred", "fill", onClash)
	b.WriteByte('\n')
	for i := range tones {
		t := toned(i)
		rule(fmt.Sprint("f", i), "fill", t.fill)
		rule(fmt.Sprint("t", i), "fill", t.text)
		rule(fmt.Sprint("b", i), "fill", t.bar)
		b.WriteByte('\n')
	}
}
