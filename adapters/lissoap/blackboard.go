package lissoap

import (
	"lisgate/gateway/lis"
)

// shapeBlackboard gives Learn what it insists on: a dataSource in persons and
// memberships, first and last name, a user name, TERM in the type [peer].
func shapeBlackboard(r *lis.Record) error {
	switch o := r.Object.(type) {
	case *lis.Person:
		learnNames(o)
		learnUserID(o)
		return learnSource(&o.DataSource, r)
	case *lis.Membership:
		err := learnSource(&o.DataSource, r)
		if o.Member == nil {
			return err
		}
		for i := range o.Member.Role { // the sample has it here [peer], the schema in both
			if role := &o.Member.Role[i]; role.DataSource == "" {
				role.DataSource = o.DataSource
			}
		}
		return err
	case *lis.Group:
		if o.IsType(termType) {
			sayTerm(o, "LIS2.0")
		}
	}
	return nil
}

// learnSource fills a dataSource with the instance of the source system [ours].
func learnSource(dataSource *string, r *lis.Record) error {
	if *dataSource == "" {
		*dataSource = r.Agent
	}
	if *dataSource == "" {
		return refused("Blackboard insists on a dataSource, and neither that nor refAgentInstanceID is there")
	}
	return nil
}

// learnParts maps names of name parts to those that Learn reads [peer].
var learnParts = map[string]string{"First": "Given", "Last": "Family"}

// learnNames renames parts, unless the name that Learn reads is there too.
func learnNames(p *lis.Person) {
	has := map[string]bool{"Given": p.Part("Given") != "", "Family": p.Part("Family") != ""}
	for i := range p.Name {
		for j := range p.Name[i].PartName {
			part := &p.Name[i].PartName[j]
			if theirs := learnParts[part.Name()]; theirs != "" && !has[theirs] {
				part.InstanceName.TextString = theirs
			}
		}
	}
}

// learnLogins are the types of user ids in the order in which they make a
// user name. Learn reads that of type Email ID, and not Logon ID and SISID
// (remarks in its own sample) [peer].
var learnLogins = []string{"Email ID", "Logon ID", "SISID"}

// learnUserID says the user name where Learn reads it.
func learnUserID(p *lis.Person) {
	for _, kind := range learnLogins {
		for i := range p.Roles {
			for _, u := range p.Roles[i].UserID {
				if u.UserIDType.String() != kind || u.UserIDValue.String() == "" {
					continue
				}
				if kind != learnLogins[0] {
					u.UserIDType = lis.NewText(u.UserIDType.Language, learnLogins[0])
					p.Roles[i].UserID = append(p.Roles[i].UserID, u)
				}
				return
			}
		}
	}
}
