// Package unitime reads and writes the XML files of UniTime, the university
// timetabling application: `timetable` and `offerings` both ways, and for
// reading `buildingsRooms`, `studentEnrollments`, `staff` and `session`.
//
// It rests on UniTime's DTDs, examples and importers (CPS facts, 6.3). What
// the pages leave open is read as UniTime's own importers read it: no date
// means the default pattern of the session, an end at 0000 is midnight, lead
// is true unless said, share is percent, a timetable without dateFormat has
// yyyy/M/d and offerings without it M/d or M/d/yyyy.
//
// # From a file to words
//
//	campus, year, term      a group of type TERM; its sourcedId is the academicSession of all
//	offering, course        a template and an offering for each course; see below for several
//	class                   a section: suffix and type in the label, type the category, limit
//	                        maxNumberofStudents, cancelled the status Inactive, scheduleNote notes
//	class in a class        link.parentSection
//	date x time x room      one meeting for each of them: two rooms are two meetings at one time,
//	                        so that each room is seen to be taken; two date ranges are two meetings
//	meeting                 one meeting; where there are some, date, time and room are not looked at
//	arrangeTime             an arranged meeting, minPerWeek as request.minutesPerWeek
//	instructor              meeting.N.instructor.M, and a membership with the role Instructor
//	room, location          a group of type Facility
//	subpart minPerWeek      request.minutesPerWeek of the classes of its type
//	meetsWith               a section association with the constraint MeetsWith
//
// What a file is about is replaced (replaceCourseSection, and in offerings
// replaceCourseOffering). What it only mentions on the way, the term, courses,
// rooms and people, is created: a SIS knows more of a room than its number.
// Who carries the calls out takes "id already in use" for the answer that it
// is there. Where a file gives no id, Options.Resolve is asked for the one
// that is known by the name, and else one is made of the names (ids.go), the
// same at each reading.
//
// A cross-listed course is an offering of its own, which remembers the
// controlling one (Controlling); the classes are sections of the controlling
// one, once each. A section is made for another course only where the file
// names one (course/class in offerings, controlling="false" in a timetable),
// and an association ties it to the class it is another name of. To invent
// one for each course would double every room and teacher.
//
// # And back
//
// A section remembers the element that it came from, an offering its course
// and its configs (the fields unitime.*). A writer compares what the element
// says with what the record says: what agrees is written as it was, what
// differs is written from the record. So nothing is lost that nobody changed,
// and what somebody changed is not undone. Names of people are not in these
// fields; they come from the person's record.
//
// # What cannot be held
//
//   - exams, student groups, reservations and elements that this table has not:
//     told of through Options.Unknown. Unknown attributes are held.
//   - comments, and the order of unlike children of a class (the DTD leaves it
//     free): written in the order of the DTD.
//   - two spellings of one person's name, and the order of classes where the
//     source of a writer has another.
//   - what action="delete" removed: there is no record of it to write.
//   - meetsWith follows the file, not an association that changed since.
//   - different times in one class of a timetable: UniTime has one time a
//     class there. They are written as meeting elements, which it reads in
//     offerings only.
//   - of buildingsRooms: names of buildings, examCapacity, instructional,
//     classification and departments; of staff: department and position.
package unitime
