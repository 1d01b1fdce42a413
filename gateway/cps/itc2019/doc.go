// Package itc2019 reads and writes the XML of the International Timetabling
// Competition 2019: a problem is a seed of LIS calls, a solution the planner's
// answer to it, and both go back from records to a file.
//
// It rests on the format as the CPS facts, 6.1, have it, and on the
// competition's description of it: optimization, rooms, courses, distributions
// and students in that order; ids are unique among their kind; a slot is
// 1440/slotsPerDay minutes; the first week is the one that Options.Begin
// begins; masks have a character for each day or week; a class's time in a
// solution is one of its times in the problem, so that the length follows.
//
// Reading streams: of rooms, courses and classes only ids are held, of
// students nothing, so a student that is listed twice is not noticed (the
// second replaces the first). A call is yielded as soon as it is known: calls
// before an error are good, and reading the corrected file again does no harm.
// Writing holds ids only.
//
// A distribution is an association with one constraint: the order of its
// classes is the constraint's, and only where that names no sections the
// association's own.
//
// What is not kept, and so cannot be written back:
//   - comments, white space, the order of attributes, the spelling of numbers
//     (007 is 7) and whether a default was written: a penalty is always
//     written, an absent mask of weeks comes back as all weeks, room="true"
//     and required="false" are left out, an empty attribute is one left out;
//   - how rooms and times of a class, or travel and unavailable of a room, are
//     mixed: each kind keeps its own order, travel and rooms first;
//   - the order of classes and of students in a solution, which are sets:
//     classes are written in the problem's order, students by number. A class
//     that a solution leaves out is left as it is, and written without a time
//     when it has none;
//   - which of two times of a class was meant that differ in length only: a
//     solution says no length, and the first is taken;
//   - unknown elements and attributes, which are told of (Options.Unknown),
//     and a solution inside a problem, which ReadSolution reads.
//
// What is refused because a record cannot hold it: slots that are no whole
// minutes, weeks of more than seven days, a time past midnight or on no day or
// in no week, ids with white space or a tilde. A section whose meeting the
// format cannot hold (two patterns, a room's end of day, half a week) is
// refused by name when it is written.
package itc2019
