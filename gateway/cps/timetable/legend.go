package timetable

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// The measures of what is below the grid.
const (
	noteTop   = 26
	noteLine  = 22
	noteWidth = 280
	maxNoted  = 30 // sections in the legend, and arranged ones
)

// notes are what stands below the grid: what has no time, and the legend.
type notes struct {
	arranged []string
	signs    []string // clash, cancelled, busy
	sections []*Entry
	more     int
}

func (p *picture) notes() notes {
	var n notes
	clash, cancelled := false, false
	seen := map[lis.SourcedID]bool{}
	for _, b := range p.blocks {
		clash = clash || len(b.clashes) > 0
		for _, k := range slices.Concat(b.folded, []*block{b}) {
			if e := k.entry; e != nil {
				cancelled = cancelled || e.Cancelled
				if !seen[e.Section] {
					seen[e.Section] = true
					n.sections = append(n.sections, e)
				}
			}
		}
	}
	slices.SortFunc(n.sections, func(a, b *Entry) int {
		return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Section, b.Section))
	})
	n.more = max(len(n.sections)-maxNoted, 0)
	n.sections = n.sections[:len(n.sections)-n.more]
	n.addSign("clash", clash)
	n.addSign("cancelled", cancelled)
	n.addSign("busy", len(p.busy) > 0)
	n.listArranged(p)
	return n
}

func (n *notes) addSign(sign string, used bool) {
	if used {
		n.signs = append(n.signs, sign)
	}
}

func (n *notes) listArranged(p *picture) {
	for i, e := range p.arranged {
		if i == maxNoted {
			n.arranged = append(n.arranged, fmt.Sprintf("and %d more", len(p.arranged)-i))
			return
		}
		s := []string{e.name()}
		for _, part := range []string{e.Place, e.teachers()} {
			if part != "" {
				s = append(s, part)
			}
		}
		n.arranged = append(n.arranged, one(strings.Join(s, " · "), 300))
	}
}

// columns returns how many items of the legend stand side by side.
func columns(width int) int { return max(width/noteWidth, 1) }

func (n *notes) height(width int) int {
	height := 0
	if len(n.arranged) > 0 {
		height += noteTop + noteLine*(len(n.arranged)+1)
	}
	items := len(n.signs) + len(n.sections) + min(n.more, 1)
	if items > 0 {
		height += noteTop + noteLine*((items+columns(width)-1)/columns(width))
	}
	return height
}

func (n *notes) draw(c *canvas, y, width int) {
	if len(n.arranged) > 0 {
		y += noteTop + 14
		c.say(margin, y, face{13, true}, "text", "", "Without a fixed time")
		for _, s := range n.arranged {
			y += noteLine
			c.say(margin, y, face{12, false}, "text", "", face{12, false}.fit(s, width))
		}
		y += 8
	}
	y += noteTop
	item := 0
	place := func() (int, int) {
		x := margin + item%columns(width)*(width/columns(width))
		item++
		return x, y + (item-1)/columns(width)*noteLine
	}
	for _, sign := range n.signs {
		x, y := place()
		drawSign(c, sign, x, y)
	}
	for _, e := range n.sections {
		x, y := place()
		drawNoted(c, e, x, y, width/columns(width))
	}
	if n.more > 0 {
		x, y := place()
		c.say(x, y+12, face{12, false}, "muted", "", fmt.Sprintf("and %d more sections", n.more))
	}
}

func drawSign(c *canvas, sign string, x, y int) {
	switch sign {
	case "clash":
		c.f(`<rect x="%d" y="%d" width="19" height="11" fill="none" stroke="url(#%s-clash)" stroke-width="4"/>`, x+2, y+2, c.id)
		c.say(x+32, y+12, face{12, false}, "text", "", "clash: cannot both be")
	case "cancelled":
		c.f(`<rect x="%d" y="%d" width="22" height="14" rx="3" class="page dash" stroke-width="1.5" stroke-dasharray="4 3"/>`, x+1, y)
		c.say(x+32, y+12, face{12, false}, "text", "", "cancelled")
	default:
		c.f(`<rect x="%d" y="%d" width="24" height="15" rx="3" fill="url(#%s-busy)"/>`, x, y, c.id)
		c.say(x+32, y+12, face{12, false}, "text", "", "room not available")
	}
}

func drawNoted(c *canvas, e *Entry, x, y, width int) {
	n, bold, normal := toneOf(e.Section), face{12, true}, face{12, false}
	c.f(`<rect x="%d" y="%d" width="24" height="15" rx="3" class="f%d"/><rect x="%d" y="%d" width="5" height="15" class="b%d"/>`, x, y, n, x, y, n)
	label, title := one(e.Label, 200), one(e.Title, 300)
	if label == "" {
		label, title = title, ""
	}
	label = bold.fit(label, width-50)
	left := width - 50 - int(bold.width(label)) - 6
	if left < 30 || title == label {
		title = ""
	}
	c.f(`<text x="%d" y="%d" font-size="12"><tspan class="text o">%s</tspan> <tspan class="muted">%s</tspan></text>`,
		x+32, y+12, escaped(label), escaped(normal.fit(title, left)))
}
