package timetable

import (
	"fmt"
	"strconv"
	"strings"
)

// strip is the height of the red strip with the word clash.
const strip = 14

// drawBusy hatches the times when a room cannot be used.
func (p *picture) drawBusy(c *canvas) {
	for _, b := range p.busy {
		x, y := p.x(b.day), p.y(int(b.start))
		width, height := p.x(b.day+1)-x, p.y(int(b.end))-y
		if b.day >= p.days || height <= 0 {
			continue
		}
		c.f(`<g><title>not available %s–%s</title><rect x="%d" y="%d" width="%d" height="%d" fill="url(#%s-busy)"/>`, b.start, b.end, x+1, y+1, width-1, height-1, c.id)
		if height >= 24 {
			c.f(`<rect x="%d" y="%d" width="78" height="16" rx="3" class="page"/>`, x+7, y+6)
			c.say(x+11, y+18, face{11, false}, "muted", "", "not available")
		}
		c.f(`</g>`)
	}
}

// drawBlock draws one block in an svg element of its own, which cuts off what
// does not fit.
func (p *picture) drawBlock(c *canvas, b *block) {
	inner := p.x(b.day+1) - p.x(b.day) - 6
	x := p.x(b.day) + 4 + b.lane*inner/b.lanes
	width := p.x(b.day) + 4 + (b.lane+1)*inner/b.lanes - x - 3
	y := p.y(int(b.start)) + 1
	height := max(p.y(int(b.end))-y-1, 4)
	c.f(`<g><title>%s</title><svg x="%d" y="%d" width="%d" height="%d">`, escaped(one(b.words(), 600)), x, y, width, height)
	text := b.background(c, width, height)
	clash, left, down, space := len(b.clashes) > 0, 11, 3, height-4
	switch {
	case clash && short(height):
		b.drawShort(c, width, height, text)
	case clash:
		left, down, space = 13, 7, space-strip-6
		fallthrough
	default:
		for _, l := range b.lines(p, width-left-6, space) {
			c.say(left+l.x, l.y+down, l.face, text+l.class, "", l.text)
		}
	}
	if clash && !short(height) {
		drawClash(c, width, height)
	}
	c.f(`</svg></g>`)
}

// short reports whether a block is too short for a strip below its text.
func short(height int) bool { return height < 2*strip+8 }

// background draws what is behind the text, and returns the class of the text.
func (b *block) background(c *canvas, width, height int) string {
	switch {
	case b.folded != nil:
		c.f(`<rect width="%d" height="%d" rx="5" class="head"/>`, width, height)
		return "text"
	case b.entry.Cancelled:
		c.f(`<rect x="1" y="1" width="%d" height="%d" rx="5" class="page dash" stroke-width="1.5" stroke-dasharray="5 4"/>`, max(width-2, 1), max(height-2, 1))
		return "muted"
	}
	n := toneOf(b.entry.Section)
	c.f(`<rect width="%d" height="%d" rx="5" class="f%d"/><rect width="5" height="%d" class="b%d"/>`, width, height, n, height, n)
	return "t" + strconv.Itoa(n)
}

// drawClash draws the hatched border, and the word below the text.
func drawClash(c *canvas, width, height int) {
	c.f(`<rect x="2.5" y="2.5" width="%d" height="%d" rx="3" fill="none" stroke="url(#%s-clash)" stroke-width="5"/>`, width-5, height-5, c.id)
	c.f(`<rect y="%d" width="%d" height="%d" class="red"/>`, height-strip, width, strip)
	c.say(width/2, height-3, face{10, true}, "onred", spaced, "CLASH")
}

const spaced = ` text-anchor="middle" letter-spacing="1"`

// drawShort draws a short clash: the label, and the word beside it.
func (b *block) drawShort(c *canvas, width, height int, text string) {
	const word = 46
	c.f(`<rect x="2" y="1.5" width="%d" height="%d" fill="none" stroke="url(#%s-clash)" stroke-width="3"/>`, max(width-4, 1), max(height-3, 1), c.id)
	c.f(`<rect x="%d" width="%d" height="%d" class="red"/>`, width-word, word, height)
	if height >= 10 {
		c.say(width-word/2, height/2+4, face{10, true}, "onred", spaced, "CLASH")
		f := face{10, true}
		c.say(8, height/2+4, f, text, "", f.fit(b.label(), width-word-10))
	}
}

// label is the first line of a block.
func (b *block) label() string {
	switch {
	case b.folded != nil:
		return fmt.Sprintf("+%d more", len(b.folded))
	case b.entry.Label == "":
		return one(b.entry.Title, 200)
	}
	return one(b.entry.Label, 200)
}

// A line is one line of text in a block.
type line struct {
	x, y  int
	face  face
	class string
	text  string
}

var (
	labelFace = face{13, true}
	textFace  = face{11, false}
)

// lines chooses what a block says in the space that it has: the label, then
// time and place, and the title with what is left.
func (b *block) lines(p *picture, width, space int) []line {
	label := labelFace
	if label.width(b.label()) > float64(width) {
		label.size = 11
	}
	first := line{face: label, text: label.fit(b.label(), width)}
	if b.folded != nil {
		return stack([]line{first}, space)
	}
	if b.entry.Cancelled {
		first.class = " x"
	}
	list := []line{first}
	room := (space - 16) / 14 // lines below the label
	facts := b.facts(p, width)
	if room < 1 { // the time goes beside the label
		x := int(label.width(first.text)) + 8
		return append(stack(list, space), line{x: x, y: 13, face: textFace, text: textFace.fit(facts[0], width-x)})
	}
	facts = facts[:min(len(facts), room)]
	if b.entry.Label != "" {
		for _, s := range textFace.wrap(one(b.entry.Title, 300), width, min(room-len(facts), 3)) {
			list = append(list, line{face: textFace, class: first.class, text: s})
		}
	}
	for _, s := range facts {
		list = append(list, line{face: textFace, text: s})
	}
	return stack(list, space)
}

// facts are when, where and by whom: on one line each, or together where that
// fits.
func (b *block) facts(p *picture, width int) []string {
	e := b.entry
	when := fmt.Sprintf("%s–%s", b.start, b.end)
	if e.Meeting.TimeZone != "" && p.Zone != "" && e.Meeting.TimeZone != p.Zone {
		when += " " + one(e.Meeting.TimeZone, 40)
	}
	parts := []string{when}
	if e.Cancelled {
		parts = []string{"cancelled", when}
	}
	if p.Of != OfRoom {
		parts = append(parts, one(e.Place, 200))
	}
	if p.Of != OfPerson {
		parts = append(parts, one(e.teachers(), 200))
	}
	var lines []string
	for _, s := range parts {
		last := len(lines) - 1
		switch {
		case strings.TrimSpace(s) == "":
		case last >= 0 && textFace.width(lines[last]+" · "+s) <= float64(width):
			lines[last] += " · " + s
		default:
			lines = append(lines, textFace.fit(s, width))
		}
	}
	return lines
}

// stack places lines below each other as far as there is space.
func stack(list []line, space int) []line {
	y := 0
	for i := range list {
		step := 14
		if i == 0 {
			step = 13
		}
		if y+step > space+4 {
			return list[:i]
		}
		y += step
		list[i].y = y
	}
	return list
}
