package campus

import (
	"fmt"

	"lisgate/gateway/lis"
)

const campusName = "Riverside"

// buildings are where the rooms are.
var buildings = [...]struct{ code, name string }{
	{"HALE", "Hale Hall"}, {"NORD", "Nordhaus"}, {"QUAD", "Quad Building"}, {"FARA", "Faraday Laboratories"}, {"ELMS", "The Elms"},
}

const buildingCount = len(buildings)

// The features of rooms.
const (
	projector = "projector"
	computers = "computers"
	benches   = "wet benches"
	recording = "lecture recording"
)

// A shape is a sort of room.
type shape struct {
	seats    int
	features []string
}

// shapes are taken in turn, so that of any twelve rooms there is what the
// courses need: four laboratories, one great hall, and rooms down to a
// seminar's.
var shapes = [leastRooms]shape{
	{320, []string{projector, recording}},
	{44, []string{computers}}, {180, []string{projector, recording}}, {100, []string{projector}},
	{44, []string{benches}}, {100, []string{projector}}, {60, nil},
	{44, []string{computers}}, {180, []string{projector}}, {100, []string{projector}},
	{44, []string{benches}}, {60, []string{projector}},
}

// group returns the term, the buildings, then the rooms.
func (c *Campus) group(i int) *lis.Record {
	switch {
	case i == 0:
		g := newGroup("TERM", sessionName)
		g.TimeFrame = timeFrame()
		return record(Session, g)
	case i <= buildingCount:
		return record(BuildingID(i-1), newGroup("Building", buildings[i-1].name))
	}
	return c.room(i - 1 - buildingCount)
}

func newGroup(kind, name string) *lis.Group {
	return &lis.Group{
		GroupType: &lis.GroupType{
			Scheme:    en("IMS-LIS2.0"),
			TypeValue: []lis.TypeValue{{ID: lis.NewText("", kind), Type: en(kind), Level: en("1")}},
		},
		Org:         &lis.Org{OrgName: en("Example University"), Type: en("institution"), ID: en("org-university")},
		Description: &lis.Description{ShortDescription: en(name)},
		DataSource:  agent,
	}
}

// room returns a room as a group.
func (c *Campus) room(i int) *lis.Record {
	at, s, r := i%buildingCount, shapes[i%len(shapes)], c.dice(forRoom, i)
	name := fmt.Sprint(100*(1+i/buildingCount%4) + 1 + i/(buildingCount*4))
	g := newGroup(lis.FacilityType, name)
	g.Relationship = []lis.Relationship{{
		RelationID: RoomID(i) + "/parent", Relation: "Parent", SourcedID: BuildingID(at), Label: en("is in"),
	}}
	g.SetRoom(lis.Room{
		Name: name, Capacity: s.seats + 2*r.IntN(3), Building: buildings[at].code, Campus: campusName, Features: s.features,
		X: fmt.Sprint(120*at + r.IntN(30)), Y: fmt.Sprint(80*(at%2) + r.IntN(30)),
		Unavailable: unavailable(i),
	})
	return record(RoomID(i), g)
}

// unavailable says when a room is kept for something else: one in six on
// Friday afternoons, and one in seven for one day in the fifth week.
func unavailable(i int) []lis.Unavailability {
	var all []lis.Unavailability
	if i%6 == 5 {
		all = append(all, lis.Unavailability{Days: friday, StartDate: Begin, EndDate: End, Start: 15 * 60, End: 22 * 60})
	}
	if i%7 == 6 {
		when := Begin + 4*7 + 2
		all = append(all, lis.Unavailability{Days: wednesday, StartDate: when, EndDate: when, Start: 17 * 60, End: 21 * 60})
	}
	return all
}
