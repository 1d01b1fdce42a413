package ellucian

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/ellucian/ilp"
	"lisgate/gateway/lis"
)

// nilGUID stands for the object that a POST makes.
const nilGUID = "00000000-0000-0000-0000-000000000000"

var guid = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// Apply hands over one result as an unverified grade of a registration.
func (e *Ethos) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	result, done, err := resultOf(c)
	switch {
	case err != nil:
		return lis.Outcome{}, err
	case done:
		return lis.Outcome{Effect: lis.Unchanged, Detail: "Ethos keeps no identifier of a result"}, nil
	}
	section, final, err := sectionOf(ctx, e.o.Section, result)
	if err != nil {
		return lis.Outcome{}, err
	}
	found, err := e.registered(ctx, section, result.PersonSourcedID)
	if err != nil {
		return lis.Outcome{}, err
	}
	definition, err := e.definition(ctx, found.scheme, result.ResultScore.String())
	if err != nil {
		return lis.Outcome{}, err
	}
	body, err := e.submission(ctx, result, final, found.id, definition)
	if err != nil {
		return lis.Outcome{}, err
	}
	r, err := e.call(ctx, http.MethodPost, "/api/"+resourceSubmissions, resourceSubmissions, body)
	if err != nil {
		return lis.Outcome{}, err
	}
	var made ref
	_ = json.Unmarshal(r.Body, &made) // an answer without an id is still an answer
	return lis.Outcome{Effect: lis.Applied, TargetID: made.ID, Detail: "submitted as an unverified grade"}, nil
}

// submission writes the body of student-unverified-grades-submissions
// [infer: how grade nests its GUIDs].
func (e *Ethos) submission(ctx context.Context, result *lis.Result, final bool, registration, definition string) (string, error) {
	grade := map[string]any{"grade": ref{definition}}
	if kind := e.gradeType(final); kind != "" {
		grade["type"] = ref{kind}
	}
	s := map[string]any{"id": nilGUID, "sectionRegistration": ref{registration}, "grade": grade}
	if day := result.Extension.Get(ilp.FieldAttendance); day != "" {
		past, ok := notAfter(day, e.Now())
		if !ok || !past {
			return "", refused("correct the date and submit again", "lastAttendanceDate is no date, or in the future")
		}
		s["lastAttendance"] = map[string]string{"date": day}
	}
	if by := result.Extension.Get(ilp.FieldSubmitter); by != "" {
		id, err := e.guidOf(ctx, lis.KindPerson, lis.SourcedID(by))
		if err != nil {
			return "", err
		}
		s["submittedBy"] = ref{id}
	}
	body, err := json.Marshal(s)
	if err != nil {
		return "", unavailable("write a grade: %w", err)
	}
	return string(body), nil
}

func (e *Ethos) gradeType(final bool) string {
	if final {
		return e.o.FinalType
	}
	return e.o.MidtermType
}

// guidOf returns the GUID of an object.
func (e *Ethos) guidOf(ctx context.Context, kind lis.Kind, id lis.SourcedID) (string, error) {
	if guid.MatchString(string(id)) {
		return string(id), nil
	}
	if e.o.GUIDs != nil {
		known, err := e.o.GUIDs.TargetID(ctx, kind, id)
		if err != nil {
			return "", unavailable("look for the GUID of a %s: %w", kind, err)
		}
		if guid.MatchString(known) {
			return known, nil
		}
	}
	return "", &adapters.Error{
		Class: adapters.Missing, Parent: id, ParentKind: kind,
		Err:  errNoGUID(kind),
		Hint: "link the object to its GUID in the crosswalk of this target; Ethos knows everything by GUID only",
	}
}

type errNoGUID lis.Kind

func (e errNoGUID) Error() string { return "no GUID of Ethos is known for the " + string(e) }

// A registrationFound is a registration with the scheme of its grades.
type registrationFound struct{ id, scheme string }

// registered returns the registration of a person in a section.
func (e *Ethos) registered(ctx context.Context, section, person lis.SourcedID) (registrationFound, error) {
	s, err := e.guidOf(ctx, lis.KindCourseSection, section)
	if err != nil {
		return registrationFound{}, err
	}
	p, err := e.guidOf(ctx, lis.KindPerson, person)
	if err != nil {
		return registrationFound{}, err
	}
	if found, ok := e.registrations.get(s+" "+p, e.Now()); ok {
		return found, nil
	}
	criteria, err := json.Marshal(map[string]ref{"section": {s}, "registrant": {p}})
	if err != nil {
		return registrationFound{}, unavailable("ask for a registration: %w", err)
	}
	var found, left []registrationFound // those who left may still get a grade, such as W
	for o, err := range e.list(ctx, "section-registrations", string(criteria)) {
		if err != nil {
			return registrationFound{}, err
		}
		var r entity
		if json.Unmarshal(o.body, &r) != nil || r.Section.id() != s || r.Registrant.id() != p || o.id == "" {
			continue
		}
		if one := (registrationFound{o.id, r.GradingOption.GradeScheme.id()}); leftStatuses[strings.ToLower(string(r.Status))] {
			left = append(left, one)
		} else {
			found = append(found, one)
		}
	}
	if len(found) == 0 {
		found = left
	}
	if len(found) != 1 {
		return registrationFound{}, refused("have the student registered in the SIS, then requeue the grade",
			"the SIS has %d registrations of the student in this section; a grade goes to exactly one", len(found))
	}
	e.registrations.put(s+" "+p, found[0], e.Now())
	return found[0], nil
}

// A lookup remembers what was found, for a while and up to a number.
type lookup[T any] struct {
	mu    sync.Mutex
	found map[string]T
	since time.Time
}

// What a lookup keeps.
const (
	lookupLife = time.Hour
	lookupSize = 50_000
)

func (l *lookup[T]) get(key string, now time.Time) (T, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.since) > lookupLife {
		l.found = nil
	}
	found, ok := l.found[key]
	return found, ok
}

func (l *lookup[T]) put(key string, found T, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.found == nil || len(l.found) >= lookupSize {
		l.found, l.since = map[string]T{}, now
	}
	l.found[key] = found
}
