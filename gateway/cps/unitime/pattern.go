package unitime

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A pattern is a date or time format of java.text.SimpleDateFormat, as far as
// files of UniTime use them.
type pattern struct {
	text  string
	parts []part
}

// A part is a run of one pattern letter, or literal text.
type part struct {
	letter byte // y M d H h m s a; 0 for text
	n      int
	text   string
}

// compilePattern reads a pattern. Letters outside of the allowed are refused
// by their name.
func compilePattern(text, allowed string) (*pattern, error) {
	p := &pattern{text: text}
	for i := 0; i < len(text); {
		c := text[i]
		if c == '\'' {
			end := strings.IndexByte(text[i+1:], '\'')
			if end < 0 {
				return nil, fmt.Errorf("pattern %q has a quote without end", text)
			}
			p.parts = append(p.parts, part{text: orElse(text[i+1:i+1+end], "'")})
			i += end + 2
			continue
		}
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter {
			p.parts = append(p.parts, part{text: string(c)})
			i++
			continue
		}
		n := 1
		for i+n < len(text) && text[i+n] == c {
			n++
		}
		if strings.IndexByte(allowed, c) < 0 || n > 4 || c == 'M' && n == 4 {
			return nil, fmt.Errorf("pattern %q has %q; read are %s", text, strings.Repeat(string(c), n), strings.Join(strings.Split(allowed, ""), " "))
		}
		p.parts = append(p.parts, part{letter: c, n: n})
		i += n
	}
	return p, nil
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (p *pattern) has(letter byte) bool {
	for _, x := range p.parts {
		if x.letter == letter {
			return true
		}
	}
	return false
}

var months = []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

var errPattern = errors.New("does not follow the pattern")

// parse reads the numbers of a text, by their letters.
func (p *pattern) parse(s string) (map[byte]int, error) {
	got := map[byte]int{}
	for i, x := range p.parts {
		var n int
		switch {
		case x.letter == 0:
			if !strings.HasPrefix(s, x.text) {
				return nil, errPattern
			}
			s = s[len(x.text):]
			continue
		case x.letter == 'a':
			if len(s) < 2 || !strings.EqualFold(s[:2], "AM") && !strings.EqualFold(s[:2], "PM") {
				return nil, errPattern
			}
			if s[0]|0x20 == 'p' {
				n = 1
			}
			s = s[2:]
		case x.letter == 'M' && x.n == 3:
			n = monthNamed(s)
			if n == 0 {
				return nil, errPattern
			}
			s = s[3:]
		default:
			width := p.width(i)
			digits := 0
			for digits < len(s) && digits < width && s[digits] >= '0' && s[digits] <= '9' {
				digits++
			}
			var err error
			if n, err = strconv.Atoi(s[:digits]); err != nil {
				return nil, errPattern
			}
			if x.letter == 'y' && digits <= 2 && x.n != 4 {
				n += 2000
			}
			s = s[digits:]
		}
		got[x.letter] = n
	}
	if s != "" {
		return nil, errPattern
	}
	return got, nil
}

func (x part) isNumber() bool {
	return x.letter != 0 && x.letter != 'a' && !(x.letter == 'M' && x.n == 3)
}

// exact reports whether all that is written in the pattern can be read again:
// years are whole, and numbers that follow one another have their full width.
func (p *pattern) exact() bool {
	for i, x := range p.parts {
		if x.letter == 'y' && x.n == 2 || i+1 < len(p.parts) && x.isNumber() && p.parts[i+1].isNumber() && x.n < fullWidth(x.letter) {
			return false
		}
	}
	return true
}

// width is how many digits a number may have: its own when another number
// follows at once.
func (p *pattern) width(i int) int {
	x := p.parts[i]
	if i+1 < len(p.parts) && p.parts[i+1].isNumber() {
		return x.n
	}
	return fullWidth(x.letter)
}

// fullWidth is the most digits that a number has.
func fullWidth(letter byte) int {
	if letter == 'y' {
		return 4
	}
	return 2
}

func monthNamed(s string) int {
	for i, m := range months {
		if len(s) >= 3 && strings.EqualFold(s[:3], m) {
			return i + 1
		}
	}
	return 0
}

// format writes a time.
func (p *pattern) format(t time.Time) string {
	var b strings.Builder
	for _, x := range p.parts {
		switch {
		case x.letter == 0:
			b.WriteString(x.text)
		case x.letter == 'a':
			b.WriteString(t.Format("PM"))
		case x.letter == 'M' && x.n == 3:
			b.WriteString(months[t.Month()-1])
		case x.letter == 'y' && x.n == 2:
			fmt.Fprintf(&b, "%02d", t.Year()%100)
		default:
			fmt.Fprintf(&b, "%0*d", x.n, number(t, x.letter))
		}
	}
	return b.String()
}

func number(t time.Time, letter byte) int {
	switch letter {
	case 'y':
		return t.Year()
	case 'M':
		return int(t.Month())
	case 'd':
		return t.Day()
	case 'H':
		return t.Hour()
	case 'h':
		return (t.Hour()+11)%12 + 1
	case 'm':
		return t.Minute()
	}
	return t.Second()
}
