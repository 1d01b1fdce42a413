// Package ellucian reaches Banner and Colleague: grades into the SIS through
// ILP (Ellucian's Intelligent Learning Platform) or Ethos, and persons,
// courses and registrations out of it through Ethos.
//
// Facts rested on (back-end facts, sections B1, B2 and E; what is inferred is
// in tables.go):
//
//   - ILP takes grades as one JSON message per submitter, answers row by row
//     with text for people, and wants 300 s before a refused row comes again.
//   - Ethos gives a token of a few minutes for an API key, speaks a media type
//     per resource and version, lists with offset and limit and says the total
//     in x-total-count, and has a queue of changes. What the queue gave is
//     gone there as soon as a later call says so: lastProcessedID is only ever
//     a cursor that the gateway had on disk.
//   - Everything in Ethos has a GUID; it is the sourcedId.
//
// As targets both take results and nothing else: a Put hands a grade over, a
// Rekey has nothing to do (the SIS keeps no identifier of a result), and a
// Drop is Unsupported, since a grade that was submitted is the SIS's own. So
// none of the removals has a meaning here.
package ellucian
