// Package adaptertest is the suite that every adapter passes, with sample
// records to try one on. The guide for authors is in package adapters.
//
// The test of an adapter opens it against a small imitation of the system and
// runs the suite:
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
// # What is tested
//
// Features say what the system cannot do; all else is demanded. Powers are
// found by their methods: what is a Reader is read after each change, what is a
// Lister is listed, what is a Batcher (and takes more than 0 changes) is sent a
// small term in batches. A power that a wrapper in the test hides is not
// tested.
//
// With a Mirror and without a Differ, what comes back must be the mirror of
// what was put, and what has no mirror must not come back. A membership that is
// listed without an identifier is known by collection and person.
//
// An adapter that needs to know what the system calls things is opened with a
// Crosswalk, which goes into the Features too:
//
//	walk := new(adaptertest.Crosswalk)
//	adaptertest.Run(t, func(t *testing.T) adapters.Adapter {
//		return mysystem.New(mysystem.Options{URL: startImitation(t), Crosswalk: walk})
//	}, adaptertest.Features{Crosswalk: walk})
//
// The suite empties it before it opens an adapter, and writes into it what the
// gateway would. It fails when two objects get one id of the system.
//
// # Sources
//
// RunSource does the same for a Source. The test gives it a SourceControl, by
// which the suite says what the system holds, and may break it:
//
//	adaptertest.RunSource(t, func(t *testing.T) (adapters.Source, adaptertest.SourceControl) {
//		system := startImitation(t)
//		return mysystem.New(…), adaptertest.SourceControl{Set: system.Set, Break: system.Break}
//	}, adaptertest.SourceFeatures{Kinds: kinds, Lists: true})
//
// It is cut off after each number of items and goes on from the last cursor
// that was seen; nothing may be lost by that, though things may come twice.
package adaptertest
