package registrar

import "lisgate/gateway/lis"

// infoFields returns the fields of an object's recordInfo. A person has none
// of its own in the standard.
func infoFields(o lis.Object) []lis.ExtensionField {
	var info *lis.Metadata
	switch o := o.(type) {
	case *lis.Group:
		info = o.RecordInfo
	case *lis.Membership:
		return ofRoles(o, func(role *lis.Role) []lis.ExtensionField { return metaFields(role.RecordInfo) })
	case *lis.CourseTemplate:
		info = o.RecordInfo
	case *lis.CourseOffering:
		info = o.RecordInfo
	case *lis.CourseSection:
		info = o.RecordInfo
	case *lis.SectionAssociation:
		info = o.RecordInfo
	case *lis.LineItem:
		info = o.RecordInfo
	case *lis.Result:
		info = o.RecordInfo
	case *lis.ResultValue:
		info = o.RecordInfo
	}
	return metaFields(info)
}

func metaFields(m *lis.Metadata) []lis.ExtensionField {
	if m == nil {
		return nil
	}
	return m.Field
}

// extensionFields returns the fields of an object's extension.
func extensionFields(o lis.Object) []lis.ExtensionField {
	var x *lis.Extension
	switch o := o.(type) {
	case *lis.Person:
		x = o.Extension
	case *lis.Group:
		x = o.Extension
	case *lis.Membership:
		return ofRoles(o, func(role *lis.Role) []lis.ExtensionField { return extraFields(role.Extension) })
	case *lis.CourseTemplate:
		x = o.Extension
	case *lis.CourseOffering:
		x = o.Extension
	case *lis.CourseSection:
		x = o.Extension
	case *lis.SectionAssociation:
		x = o.Extension
	case *lis.LineItem:
		x = o.Extension
	case *lis.Result:
		x = o.Extension
	case *lis.ResultValue:
		x = o.Extension
	}
	return extraFields(x)
}

func extraFields(x *lis.Extension) []lis.ExtensionField {
	if x == nil {
		return nil
	}
	return x.Field
}
