// Package blackboard reaches Blackboard Learn by two of its doors: the
// snapshot flat file for rosters, and REST for final grades, for looking and
// for repairs. The third door, LIS, is the profile blackboard of lissoap; it is
// the one that takes terms.
//
// Facts rested on (back-end facts, sections A3, C and E; what is inferred is
// in tables.go):
//
//   - A flat file is taken with a sentence that holds a reference code, and
//     worked through later. What became of it is four counts; which row was
//     wrong stands only in the log that administrators of Learn see. So rows
//     with errors are refused as a whole, and the engine bisects.
//   - store writes what is in the file; refresh also purges what is not. Only
//     Refresh sends one, under a guard.
//   - Users come before courses and courses before memberships.
//   - REST has 10,000 calls a day for all that a group of developers does. A
//     reserve of them is kept for grades.
//
// What a Drop means: suspend (the default) and inactive disable the user, the
// course or the membership, and everything in it is kept; delete deletes it,
// and grades with it. Learn has nothing like complete. What is disabled is not
// listed, and cannot be told by the flat file from what was never there.
//
// A membership has no identifier at Learn. Its TargetID here is the course and
// the person, so that the gateway's crosswalk finds it again.
package blackboard
