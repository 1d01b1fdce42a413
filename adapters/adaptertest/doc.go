// Package adaptertest is the suite that every adapter passes, with sample
// records to try one on.
//
// # For the author of the next adapter
//
// An adapter is a folder under adapters/ with a type that has Apply, Check and
// Close. Its test opens it against a small imitation of the system (an
// httptest.Server, a database in a temporary folder) and runs the suite:
//
//	func TestSuite(t *testing.T) {
//		adaptertest.Run(t, func(t *testing.T) adapters.Adapter {
//			system := startImitation(t)
//			return mysystem.New(mysystem.Options{URL: system.URL})
//		}, adaptertest.Features{Kinds: []lis.Kind{lis.KindPerson}})
//	}
//
// The imitation is empty each time, and strict: it refuses what the real
// system refuses. Take its answers from recordings of the real one.
//
// # Checklist
//
//   - Apply is called again with the same change after a crash, a timeout or a
//     lost answer. Change.ID says that it is the same; find what the first call
//     did, by the SourcedID, before anything is created a second time.
//   - Changes of one object come in order, one at a time; different objects
//     come at the same time on several workers. Apply must bear that.
//   - Where the system can keep a number beside an object, keep Change.Seq and
//     let no lower one overwrite a higher; Unchanged is the answer then.
//   - A Put creates or overwrites, whatever Change.Created says: the system may
//     have been restored or tidied up since. A Drop of what is not there is
//     success (Unchanged) unless the system's own rules say otherwise. The
//     record of a Drop is the last known content, and nil when none is known.
//   - A kind, act or field that the system has no place for is Unsupported at
//     once, without a call.
//   - Every error is an *adapters.Error. Unavailable: no connection, timeout,
//     502, 503, 504. Busy: the system as a whole asks for time (429 or 503 with
//     Retry-After); all work for it rests as long as After says. Missing: what
//     the record refers to is not there yet; name it in Parent. Refused: the
//     system looked at the record and will not have it. Error.Answer holds the
//     system's own words.
//   - Every call takes ctx along, and returns soon after ctx ends.
//   - Add the powers that the system has: Batcher, Lister, Reader, Planner, Grades.
//   - Close may be called twice, and leaves no goroutine or connection behind.
//
// # Common mistakes
//
//   - To retry inside Apply. The engine does, with the right delays, in the
//     right order, and people can see it; an adapter that retries hides it.
//   - To answer Refused for a 500: it is Unavailable unless the body says that
//     it is about this record. A dead letter needs a person, a retry needs none.
//   - To answer Busy for one locked record: everything else would rest too.
//     That is Unavailable.
//   - To take a person's family name for granted, or ASCII, or one script per
//     person. See the names in Sample.
//   - To put a SourcedID into a path or a query unescaped: it may hold "/", ":",
//     "&", spaces and letters of any script.
//   - To read an answer without a limit, or to keep it: a proxy's error page can
//     have megabytes.
//   - To write names, addresses or passwords to a log or into an error that
//     quotes the request.
//   - To read the clock, to sleep, or to make ids by chance: what a change
//     becomes must be the same each time.
package adaptertest
