package planner

import (
	"fmt"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// A moment is a time at which a section may meet.
type moment struct {
	pattern
	penalty int
}

// moments returns the times at which a section may meet: those that its
// request names, or else those of the grid below that fit it. None is for a
// section that is arranged: it has no meetings and wants no time.
func (c calendar) moments(q *lis.Request) []moment {
	var all []moment
	times := q.Times
	if len(times) == 0 {
		times = gridTimes(q)
	}
	for _, t := range times {
		end := t.Start + lis.Clock(t.Length)
		if t.Start < 0 || t.Length <= 0 || end > 24*60 || tooEarly(q, t.Start) || tooLate(q, end) {
			continue
		}
		p := c.pattern(c.dates(q, t), t.Start, end)
		if p.days() != 0 {
			all = append(all, moment{p, t.Preference})
		}
	}
	return all
}

func isArranged(q *lis.Request) bool { return len(q.Times) == 0 && q.NumberOfMeetings == 0 && q.NoRoom }

// dates are those of the time, or of the request's date pattern.
func (c calendar) dates(q *lis.Request, t lis.TimePreference) span {
	s := span{days: t.Days, weeks: t.Weeks, from: t.StartDate}
	if t.Weeks == "" && t.StartDate == 0 {
		s.weeks = c.named(q.DatePattern)
	}
	return s
}

// datePatterns are names of date patterns [ours; of UniTime's examples]. One
// that is not here is the whole term.
var datePatterns = map[string]func(week, weeks int) bool{
	"first half":  func(week, weeks int) bool { return week < weeks/2 },
	"second half": func(week, weeks int) bool { return week >= weeks/2 },
	"even weeks":  func(week, _ int) bool { return week%2 == 1 },
	"odd weeks":   func(week, _ int) bool { return week%2 == 0 },
}

func (c calendar) named(datePattern string) lis.Weeks {
	has := datePatterns[strings.ToLower(strings.TrimSpace(datePattern))]
	if has == nil {
		return ""
	}
	var weeks uint64
	for i := range c.weeks {
		if has(i, c.weeks) {
			weeks |= 1 << i
		}
	}
	return c.mask(weeks)
}

// The grid for sections that name no times [ours].
const (
	gridFirst  lis.Clock = 8 * 60
	gridLast   lis.Clock = 18 * 60 // by then all is over
	gridStep   lis.Clock = 30
	gridLength           = 50 // of a meeting when nothing is said
)

// gridDays are the days for so many meetings a week.
var gridDays = map[int][]string{
	1: {"1000000", "0100000", "0010000", "0001000", "0000100"},
	2: {"1010000", "0101000", "0010100"},
	3: {"1010100"},
	4: {"1111000", "0111100"},
	5: {"1111100"},
}

func gridTimes(q *lis.Request) []lis.TimePreference {
	if isArranged(q) {
		return nil
	}
	meetings, length := min(max(q.NumberOfMeetings, 1), 5), gridLength
	if q.MinutesPerWeek > 0 {
		length = (q.MinutesPerWeek + meetings - 1) / meetings
	}
	var all []lis.TimePreference
	for start := gridFirst; start+lis.Clock(length) <= gridLast; start += gridStep {
		for _, text := range gridDays[meetings] {
			days, _ := lis.ParseWeekdays(text) // the table is right
			all = append(all, lis.TimePreference{Days: days, Start: start, Length: length})
		}
	}
	return all
}

// tooEarly and tooLate heed notBefore and notAfter where they are times of day.
func tooEarly(q *lis.Request, start lis.Clock) bool {
	limit, err := lis.ParseClock(q.NotBefore)
	return err == nil && start < limit
}

func tooLate(q *lis.Request, end lis.Clock) bool {
	limit, err := lis.ParseClock(q.NotAfter)
	return err == nil && end > limit
}

// together returns the times that all sections of a unit may have; the
// penalties add up.
func together(all [][]moment) []moment {
	common := slices.Clone(all[0])
	for _, more := range all[1:] {
		common = slices.DeleteFunc(common, func(m moment) bool {
			return !slices.ContainsFunc(more, func(o moment) bool { return o.pattern == m.pattern })
		})
		for i := range common {
			at := slices.IndexFunc(more, func(o moment) bool { return o.pattern == common[i].pattern })
			common[i].penalty += more[at].penalty
		}
	}
	return common
}

// String writes a time for a reason.
func (p *pattern) String() string {
	return fmt.Sprintf("%s %s-%s", p.days().Letters(), p.start, p.end)
}
