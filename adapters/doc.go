// Package adapters says what an adapter is: the hand by which lisgate reaches
// one other system. An adapter knows that system's wire and nothing of queues,
// retries or order; it meets the rest of the house in lis words.
//
// # Guide for the author of the next adapter
//
// An adapter is a folder under adapters/ with a type that has Apply, Check and
// Close. It may import this package, gateway/lis, peer and libraries, nothing else of
// the house. httpjson is a whole one in under 150 lines: read it first, and
// start from a copy of its shape. A test holds it to that length.
//
// Begin like this:
//
//  1. Write down what the system can hold: which of the ten kinds, under which
//     key, with which fields. Keep recordings of its answers.
//  2. Write a small imitation of it for the test: a real HTTP server, a real
//     database file. It is empty at first, and refuses what the system refuses.
//  3. Write Apply for one kind, and have adaptertest.Run pass with Features
//     that name this kind. Add the next kind.
//  4. Add the powers that the system has, one at a time. The suite tests each
//     as soon as the type has its methods.
//  5. Add a row to the table in gateway/adapters.go, the name and the settings
//     to config, and the arrow to test/house_test.go.
//
// # What the engine does for you
//
// Do none of this yourself. It is done once for all adapters, people can see
// it and it survives a restart.
//
//   - Order. Changes of one object come one at a time, oldest first. Changes of
//     different objects come side by side.
//   - Retries, with a growing delay and jitter, after what the class asks for.
//   - A breaker: a system that is away is probed with one change now and then.
//   - Rate limits: as many changes a second as the config says, and none for as
//     long as Busy says.
//   - Batches: as many changes as Limits allows. What is made stands in order of
//     dependency, persons before memberships; what goes stands last, the other
//     way round. No object is in a batch twice.
//   - Bisecting: a batch that was refused with Whole is halved until the bad row
//     stands alone.
//   - Parking: a change that is Missing a parent waits, and is released when
//     the parent was applied. Now and then it is tried in any case.
//   - Coalescing: of several changes of one object that wait, the newest goes.
//   - Holds: too many removals in a run wait for a person, and so does what
//     looks like another object (Match).
//   - Mapping and vocabulary: roles, statuses and types are put into the words
//     of the target, and fields rewritten, before Apply sees the record.
//   - Verification: where the config asks for it, what was put is read back
//     with Read and compared with what Mirror says.
//   - The crosswalk: every Outcome.TargetID is written down. See Crosswalk.
//   - Balance, log, metrics, masking; a panic in Apply is a refusal of the one
//     change that makes it.
//
// # What you must do
//
//   - Bear repetition. The same change comes again after a crash, a timeout or
//     a lost answer, with the same ID. Find by the SourcedID what the first
//     call did before anything is created a second time.
//   - Let an older change lose. Where the system can keep a number beside an
//     object, keep Change.Seq, and answer Unchanged to a lower one; of what is
//     gone too. Where it cannot, say Forgetful in the Features.
//   - Put creates or overwrites, whatever Change.Created says: the system may
//     have been restored since. Drop of what is not there is success, with
//     Unchanged. The record of a Drop is the last known content, nil when none
//     is known.
//   - Say at once, without a call, what has no place: Unsupported.
//   - Do not believe a success that proves nothing. Systems answer 200 for an
//     error, cut off what is too long, and pass over rows without a word. Look
//     for the proof in the answer; where there is none, read back, or let Read
//     be there so that the config can ask for verification.
//   - Pass ctx to every call, and return soon after it ends.
//   - Read every answer with a limit. Keep no answer longer than needed.
//   - Keep names, addresses and secrets out of errors and logs. An error of
//     net/http quotes the address, so unwrap it.
//   - Do not sleep, do not retry, do not read the clock, make no ids by chance.
//     Where time matters let Options have a Now, or take Change.Time.
//   - Bear that Close is called twice; leave no goroutine and no connection.
//
// # Which power for which system
//
//   - [Batcher]: the system takes many rows in a call, and calls are dear. Give
//     one outcome or one error for each row. Where one bad row takes the rest
//     with it and is not named, set Whole on the errors. Apply is then usually
//     a batch of one.
//   - [Reader]: one object can be read by its id. It makes verification and
//     comparison possible. Nil is for what is certainly not there, an error
//     for everything else: a page of a proxy is no absence.
//   - [Lister]: all objects of a kind can be streamed. It makes lisgate diff and
//     the healing possible. Page to the end; when a page fails, yield the error
//     and stop. A list without an error is taken for whole.
//   - [Mirror]: the system keeps less than it is told. Without it each missing
//     field is a difference. Write Mirror by the same code that writes the rows.
//   - [Planner]: what a change would do can be found out without doing it.
//   - [Grades]: final results can be read out of a section.
//   - [Source]: the system is asked for what is new. A cursor stands only after
//     what it covers; Begins and Ends only around a list that was read whole; a
//     row that cannot be used is an item with Err, Kind and Key, not an end.
//     Where asking takes things out of a queue there, be an [Acknowledger] and
//     take them out when told.
//   - [Teller]: there is something to say about the system to people.
//
// A system that gives its own ids and cannot search by yours needs a
// [Crosswalk] in its Options. Tell Outcome.TargetID of every success. Look into
// the system itself when the crosswalk knows nothing, or is wrong: it may have
// been restored.
//
// # Errors
//
// Every error is an [Error]. The class says what is to be done:
//
//   - [Unavailable]: try again. No connection, a timeout, 500, 502, 503, 504,
//     an answer that cannot be read, a wrong password. With Narrow when the
//     system is there but not for this: 403, 404 of a whole resource.
//   - [Busy]: the system as a whole asks for time, and says so: 429, or 503 with
//     Retry-After. All work rests for After. One locked record is not Busy.
//   - [Missing]: what the record refers to is not there. Parent says which, and
//     ParentKind where only one kind can be meant. When the system does not say
//     which and the record does not tell, it is Unavailable.
//   - [Refused]: the system looked at this record and will not have it: 400,
//     409, 422, a login that is taken. A person must look, so write Hint for
//     that person: what to correct, and where. With Match when the system has
//     what looks like the same object; the Hint says then how to tell.
//   - [Unsupported]: there is no place for this kind, act or field. No repetition
//     will help, and no correction of the record.
//
// Answer holds the system's own words, cut to what people read. When in doubt
// between Refused and Unavailable, take Unavailable: a retry needs nobody, a
// dead letter needs a person. Keep the table from the system's answers to
// classes in one place, and mark in it what is inferred.
//
// # Checklist
//
//   - adaptertest.Run is green, with as few exceptions in Features as the
//     system allows; goleak stands in TestMain; the race detector is content.
//   - Hang is set in the Features, and Effects counts the writes.
//   - Each row of the class table has a test with the system's real answer.
//   - The same change twice: one effect. A lost answer, then again: one effect.
//   - A SourcedID with "/", ":", "&", a space and letters of any script arrives.
//   - Names without a family name, of any length and script, arrive.
//   - A full page, an empty page and a page that fails: List is right for each.
//   - An answer of megabytes, an HTML page with 200, an empty 200: an error each.
//   - A redirect sends no token to another host.
//   - What a Drop does is in the package comment, and a [Removal] that cannot be
//     done makes New fail.
//   - New names what is wrong in its Options, the place and what to write there.
//   - Every word of a peer's that was guessed stands in one table, marked.
//
// # Common mistakes
//
//   - To retry inside Apply. The delay is wrong, the order is lost, and nobody
//     sees it.
//   - To answer Refused for a 500. It fills the dead letters at every restart
//     of the system.
//   - To answer Busy for one record. Everything else rests too.
//   - To answer Missing without Parent, or with an ancestor that the record does
//     not name. Nothing can wait for it.
//   - To take a 404 for absence when the whole path may be wrong: all would
//     look deleted. See in Check that the path is right.
//   - To end a list early without an error. Everything that was not read would
//     be taken for gone.
//   - To create when the search failed. A search that failed found nothing out.
//   - To let rows of a batch fall with a bad one and not say Whole.
//   - To fill in a role or a status for one that is not known. Refuse it by name.
//   - To clear what the record does not speak of. Send what the system needs,
//     and leave alone what others keep there.
//   - To remember in the adapter what must outlive a restart. Ask the system, or
//     the crosswalk.
//   - To take a family name for granted, or ASCII, or one script per person. See
//     the names in adaptertest.Sample.
//   - To put a SourcedID into a path or a query unescaped; "." and ".." mean
//     something there even when escaped.
package adapters
