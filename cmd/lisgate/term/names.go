package term

import (
	"math/rand/v2"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A name is a word as it is written, and in Latin letters.
type name struct{ written, latin string }

// A fullName is what somebody is called.
type fullName struct {
	language              string
	style                 style
	woman                 bool
	given, middle, family name
}

// fullName makes up a name.
func newName(r *rand.Rand) fullName {
	c := pick(r, namings)
	n := fullName{language: c.language, style: c.style, woman: r.IntN(2) == 0}
	given, end := c.men, c.manEnd
	if n.woman {
		given, end = c.women, c.womanEnd
	}
	n.given = pick(r, given)
	if c.style == oneName {
		return n
	}
	n.family = pick(r, c.families).and(end)
	switch c.style {
	case twoFamilies:
		second := pick(r, c.families).and(end)
		n.family = name{n.family.written + " " + second.written, n.family.latin + " " + second.latin}
	case givenMiddle:
		n.middle = pick(r, given)
	}
	return n
}

// formatted writes the name in the order that is usual where it comes from.
func (n *fullName) formatted() string {
	switch {
	case n.style == oneName:
		return n.given.written
	case n.style == familyFirst:
		return n.family.written + " " + n.given.written
	case n.style == familyJoined:
		return n.family.written + n.given.written
	case n.middle.written != "":
		return n.given.written + " " + n.middle.written + " " + n.family.written
	}
	return n.given.written + " " + n.family.written
}

// login writes the name for an address: ASCII letters and a dot.
func (n *fullName) login() string {
	given, family := asciiLower(n.given.latin), asciiLower(n.family.latin)
	if family == "" {
		return given
	}
	return given + "." + family
}

func (a name) and(end name) name { return name{a.written + end.written, a.latin + end.latin} }

// A naming is a culture with its lists taken apart.
type naming struct {
	language             string
	style                style
	men, women, families []name
	manEnd, womanEnd     name
}

var namings = func() []naming {
	list := make([]naming, len(cultures))
	for i, c := range cultures {
		list[i] = naming{c.language, c.style, split(c.men), split(c.women), split(c.families), one(c.manEnd), one(c.womanEnd)}
	}
	return list
}()

func split(list string) []name {
	var names []name
	for _, word := range strings.Fields(list) {
		names = append(names, one(word))
	}
	return names
}

func one(word string) name {
	written, latin, other := strings.Cut(strings.ReplaceAll(word, "_", " "), "|")
	if !other {
		latin = written
	}
	return name{written, latin}
}

// letters are those that do not come apart into a plain letter and a mark.
var letters = strings.NewReplacer("ß", "ss", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "æ", "ae", "ı", "i")

// asciiLower leaves what can stand in an e-mail address.
func asciiLower(s string) string {
	s = letters.Replace(strings.ToLower(norm.NFD.String(s)))
	return strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-') {
			return r
		}
		return -1
	}, s)
}
