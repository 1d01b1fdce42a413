package registrar

import (
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// outdated plans to ignore a record that is older, in its caller's own order,
// than what is known of the object; nil when it is not, or when nobody can
// tell. An ignored record is a success: the caller need do nothing more.
//
//	what is there        is outdated
//	a record             what has an older stamp; an equal one is taken as ever
//	a tombstone          what has a stamp not newer than the last content's, or
//	                     one, if it is a date, before the time of the delete
//	a tombstone of what  what has a date before that delete: it would have
//	it falls with        gone with it
//
// A delete has no stamp, so it counts when it comes, and its time is that of
// its arrival. What is inferred here is ours; the standard has no sequence.
func (r *Registrar) outdated(v journal.View, q *Request, rec *lis.Record, e *journal.Entry) (*plan, error) {
	if r.Sequence == nil {
		return nil, nil
	}
	stamp, ok := r.Sequence(q.Caller, rec)
	if !ok || stamp == "" {
		return nil, nil
	}
	known, err := r.newerThan(q.Caller, stamp, rec.ID, e)
	if err == nil && known == "" {
		known, err = fallen(v, stamp, rec, e)
	}
	if err != nil || known == "" {
		return nil, err
	}
	return &plan{description: "older than what is known (" + quote(stamp) + " against " + known + "): ignored"}, nil
}

// newerThan says what the entry has that is newer than a stamp, or "".
func (r *Registrar) newerThan(caller, stamp string, id lis.SourcedID, e *journal.Entry) (string, error) {
	if e == nil {
		return "", nil
	}
	if len(e.Body) > 0 {
		rec, err := lis.UnmarshalRecord(e.Kind, id, e.Body)
		if err != nil {
			return "", err
		}
		there, ok := r.Sequence(caller, rec)
		if ok && there != "" && (compareStamps(stamp, there) < 0 || e.Deleted && compareStamps(stamp, there) == 0) {
			return quote(there), nil
		}
	}
	return buriedAfter(stamp, e), nil
}

// buriedAfter says when a tombstone was made, if that was after the date of a
// stamp; else "".
func buriedAfter(stamp string, e *journal.Entry) string {
	if e == nil || !e.Deleted {
		return ""
	}
	died := time.UnixMicro(e.Seq).UTC()
	if at, err := lis.ParseTime(stamp); err != nil || !at.Before(died) {
		return "" // a number cannot be held against a clock
	}
	return "the delete of the " + string(e.Kind) + " " + quote(string(e.ID)) + " at " + died.Format(time.RFC3339)
}

// fallen says whose delete would have taken a record with it, had the record
// come in time; "" when none. It is asked only of what is not there.
func fallen(v journal.View, stamp string, rec *lis.Record, e *journal.Entry) (string, error) {
	if _, err := lis.ParseTime(stamp); err != nil || e != nil && !e.Deleted {
		return "", nil
	}
	links := rec.Object.Links()
	for i := range references {
		ref := &references[i]
		if ref.from != rec.Object.Kind() || ref.fate != falls {
			continue
		}
		for _, l := range links {
			if l.Name != ref.link {
				continue
			}
			if whose, err := ref.buried(v, stamp, rec.Object, lis.SourcedID(l.Value)); whose != "" || err != nil {
				return whose, err
			}
		}
	}
	return "", nil
}

// buried says which object that a reference may mean was deleted after a
// stamp; "" when none, or when another that it may mean is there.
func (ref *reference) buried(v journal.View, stamp string, o lis.Object, id lis.SourcedID) (string, error) {
	whose := ""
	for _, k := range ref.to {
		if ref.typed != nil && !couldName(ref.typed(o), k) {
			continue
		}
		e, err := v.Get(k, id)
		switch {
		case err != nil:
			return "", err
		case e != nil && !e.Deleted:
			return "", nil
		case whose == "":
			whose = buriedAfter(stamp, e)
		}
	}
	return whose, nil
}
