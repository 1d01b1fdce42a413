package timetable

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"lisgate/gateway/lis"
)

// The measures of a picture, in pixels.
const (
	margin   = 24
	axis     = 52  // width of the hours
	top      = 132 // of the grid
	hour     = 62
	dayWidth = 196 // of a day without clashes
	laneMin  = 132
	heads    = 40 // height of the names of the days
)

// A canvas writes SVG. The first error stays.
type canvas struct {
	w   *bufio.Writer
	err error
	id  string
}

func (c *canvas) f(format string, args ...any) {
	if c.err == nil {
		_, c.err = fmt.Fprintf(c.w, format+"\n", args...)
	}
}

// say writes one line of text.
func (c *canvas) say(x, y int, f face, class, attributes, s string) {
	if s == "" {
		return
	}
	if f.bold {
		class += " o"
	}
	c.f(`<text x="%d" y="%d" font-size="%d" class="%s"%s>%s</text>`, x, y, f.size, class, attributes, escaped(s))
}

func (p *picture) draw(w io.Writer) error {
	sum := sha256.Sum256([]byte(p.Title + "\x00" + p.Monday.String()))
	c := &canvas{w: bufio.NewWriter(w), id: "week-" + hex.EncodeToString(sum[:4])}
	bottom := top + (p.to-p.from)*hour
	notes := p.notes()
	width, height := p.x(p.days)+margin, bottom+notes.height(p.x(p.days)-margin)+margin
	p.open(c, width, height)
	p.heading(c, width)
	p.grid(c, bottom)
	p.drawBusy(c)
	for _, b := range p.blocks {
		p.drawBlock(c, b)
	}
	if len(p.blocks) == 0 {
		p.drawEmpty(c, bottom)
	}
	notes.draw(c, bottom, p.x(p.days)-margin)
	c.f("</svg>")
	if c.err != nil {
		return c.err
	}
	return c.w.Flush()
}

// x returns where a day begins.
func (p *picture) x(day int) int {
	x := margin + axis
	for i := range day {
		x += max(dayWidth, p.lanes[i]*laneMin)
	}
	return x
}

// y returns where a time of day is.
func (p *picture) y(minutes int) int {
	return top + min(max(minutes-60*p.from, 0), 60*(p.to-p.from))*hour/60
}

func (p *picture) open(c *canvas, width, height int) {
	c.f(`<svg xmlns="http://www.w3.org/2000/svg" id="%s" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="%s-title" aria-describedby="%s-desc" lang="en">`,
		c.id, width, height, width, height, c.id, c.id)
	c.f(`<title id="%s-title">%s</title>`, c.id, escaped(one(p.title()+", "+p.span(), 300)))
	c.f(`<desc id="%s-desc">%s</desc>`, c.id, escaped(p.description()))
	c.f("<style>\n%s\n</style>", style(c.id))
	c.f(`<defs>`)
	c.f(`<pattern id="%s-clash" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="8" height="8" class="page"/><rect width="5" height="8" class="red"/></pattern>`, c.id)
	c.f(`<pattern id="%s-busy" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" class="hatched"/><path d="M0 0V7" stroke-width="2.5" class="hatch"/></pattern>`, c.id)
	c.f(`</defs>`)
	c.f(`<rect width="%d" height="%d" class="page"/>`, width, height)
}

func (p *picture) title() string {
	if p.Title == "" {
		return "Timetable"
	}
	return p.Title
}

// span says which week it is.
func (p *picture) span() string {
	first, last := p.Monday.Time(), (p.Monday + 6).Time()
	layout := "2 January 2006"
	switch {
	case first.Year() != last.Year():
	case first.Month() != last.Month():
		layout = "2 January"
	default:
		layout = "2"
	}
	return first.Format(layout) + " – " + last.Format("2 January 2006")
}

// description says the whole week in words.
func (p *picture) description() string {
	if len(p.blocks) == 0 {
		return "Nothing takes place this week."
	}
	var b strings.Builder
	for _, k := range p.blocks[:min(len(p.blocks), 200)] {
		fmt.Fprintf(&b, "%s %s. ", (time.Weekday(k.day+1) % 7).String(), one(k.words(), 300))
	}
	return strings.TrimSpace(b.String())
}

func (p *picture) heading(c *canvas, width int) {
	big, small, medium := face{24, true}, face{14, false}, face{14, true}
	_, number := p.Monday.Time().ISOWeek()
	right := ` text-anchor="end"`
	c.say(margin, 46, big, "text", "", big.fit(one(p.title(), 300), width-2*margin-260))
	c.say(margin, 70, small, "muted", "", small.fit(one(p.Subtitle, 300), width-2*margin-260))
	c.say(width-margin, 46, medium, "text", right, p.span())
	week := fmt.Sprintf("Week %d", number)
	if p.Zone != "" {
		week += " · times of " + one(p.Zone, 40)
	}
	c.say(width-margin, 70, face{12, false}, "muted", right, week)
}

// grid draws the hours as rows and the days as columns.
func (p *picture) grid(c *canvas, bottom int) {
	right := p.x(p.days)
	c.f(`<rect x="%d" y="%d" width="%d" height="%d" rx="6" class="head"/>`, margin, top-heads, right-margin, heads-6)
	for h := p.from; h <= p.to; h++ {
		y := p.y(60 * h)
		c.f(`<path d="M%d %dH%d" class="line"/>`, margin+axis-6, y, right)
		c.say(margin+axis-12, y+4, face{12, false}, "muted", ` text-anchor="end"`, fmt.Sprintf("%02d:00", h))
		if h < p.to {
			c.f(`<path d="M%d %dH%d" class="half"/>`, margin+axis, y+hour/2, right)
		}
	}
	for day := range p.days + 1 {
		c.f(`<path d="M%d %dV%d" class="line"/>`, p.x(day), top, bottom)
		if day < p.days {
			date := (p.Monday + lis.Date(day)).Time()
			c.say(p.x(day)+10, top-heads+22, face{13, true}, "text", "", date.Format("Monday"))
			c.say(p.x(day+1)-10, top-heads+22, face{13, false}, "muted", ` text-anchor="end"`, date.Format("2 Jan"))
		}
	}
}

func (p *picture) drawEmpty(c *canvas, bottom int) {
	x, y := (p.x(0)+p.x(p.days))/2, (top+bottom)/2
	c.f(`<rect x="%d" y="%d" width="360" height="76" rx="10" class="head"/>`, x-180, y-44)
	c.say(x, y, face{17, true}, "text", ` text-anchor="middle"`, "Nothing takes place this week")
}
