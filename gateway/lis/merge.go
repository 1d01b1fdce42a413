package lis

import (
	"reflect"
	"slices"
	"strconv"
)

// Merge writes what src says into dst, as an update does (LIS facts, section
// 6: "supplied data is written into the existing object"): what src does not
// say stays, and nothing can be taken away. A repeated element changes the
// one of dst that it means (see identities), or is added. dst and src are of one
// kind; src is left alone and nothing of it is shared.
func Merge(dst, src Object) {
	merge(reflect.ValueOf(dst), reflect.ValueOf(src))
}

func merge(dst, src reflect.Value) {
	switch src.Kind() {
	case reflect.Pointer:
		if src.IsNil() {
			return
		}
		if dst.IsNil() {
			dst.Set(reflect.New(dst.Type().Elem()))
		}
		if target := src.Elem(); target.Kind() == reflect.Struct {
			merge(dst.Elem(), target)
		} else {
			dst.Elem().Set(target) // a false or a 0 that was said is said
		}
	case reflect.Struct:
		exclude(dst, src)
		for i := range src.NumField() {
			merge(dst.Field(i), src.Field(i))
		}
	case reflect.Slice:
		mergeSlice(dst, src)
	default:
		if !src.IsZero() {
			dst.Set(src)
		}
	}
}

// mergeSlice matches each element of dst at most once, so that two e-mail
// addresses of one type stay two.
func mergeSlice(dst, src reflect.Value) {
	taken := make([]bool, dst.Len(), dst.Len()+src.Len())
	for i := range src.Len() {
		item := src.Index(i)
		at := meant(dst, item, taken)
		if at < 0 {
			at = dst.Len()
			dst.Set(reflect.Append(dst, reflect.Zero(item.Type())))
			taken = append(taken, true)
		}
		taken[at] = true
		merge(dst.Index(at), item)
	}
}

// meant returns the place in list of the element that item speaks of: an
// equal one before one with the same identity, or -1.
func meant(list, item reflect.Value, taken []bool) int {
	same := -1
	key, identified := identity(item)
	for i := range list.Len() {
		if taken[i] {
			continue
		}
		if reflect.DeepEqual(list.Index(i).Interface(), item.Interface()) {
			return i
		}
		if k, ok := identity(list.Index(i)); same < 0 && identified && ok && k == key {
			same = i
		}
	}
	return same
}

// identities is the table of what tells one repeated element from another of
// its type. A type without a row has only its whole content; an element whose
// identity is optional and not given matches another without one.
var identities = table(
	row(func(f *FormName) (string, bool) { return f.FormNameType.Value(), true }),
	row(func(n *Name) (string, bool) { return n.NameType.Value(), true }),
	row(func(a *Address) (string, bool) { return a.AddressType.Value(), true }),
	row(func(c *ContactInfo) (string, bool) { return c.ContactInfoType.Value(), true }),
	row(func(d *Demographics) (string, bool) { return d.DemographicsType.Value(), true }),
	row(func(r *Representation) (string, bool) { return r.RepresentationType.Value(), true }),
	row(func(a *Agent) (string, bool) { return a.AgentType.Value() + "\x00" + a.AgentID.String(), true }),
	row(func(r *EnterpriseRoles) (string, bool) { return r.EnterpriseRolesType.Value(), true }),
	row(func(r *InstitutionRole) (string, bool) { return given(r.InstitutionRoleType.Value()) }),
	row(func(u *UserID) (string, bool) { return u.UserIDType.String(), true }),
	row(func(v *BaseValue) (string, bool) { return given(v.Name()) }), // partName, addressPart
	row(func(v *TypeValue) (string, bool) { return given(or(v.ID.String(), v.Type.String())) }),
	row(func(r *Relationship) (string, bool) { return given(string(r.RelationID)) }),
	row(func(r *Role) (string, bool) { return r.RoleType + "\x00" + r.SubRole, true }),
	row(func(t *TimeFrame) (string, bool) { return t.AdminPeriod.String(), true }),
	row(func(f *ExtensionField) (string, bool) { return given(f.FieldName) }),
	row(func(v *OrderedValue) (string, bool) { return ordinal(v.Ordinal) }),
)

// exclusives names elements of which an object has at most one, by struct:
// when an update says one, the others go.
var exclusives = map[reflect.Type][]string{
	reflect.TypeFor[LineItem]():    {"ResultValueSourcedID", "ResultValue"},
	reflect.TypeFor[Result]():      {"ResultValueSourcedID", "ResultValue"},
	reflect.TypeFor[ResultValue](): {"ValueList", "ValueRange"},
}

func exclude(dst, src reflect.Value) {
	names := exclusives[src.Type()]
	if !slices.ContainsFunc(names, func(n string) bool { return !src.FieldByName(n).IsZero() }) {
		return
	}
	for _, n := range names {
		if src.FieldByName(n).IsZero() {
			dst.FieldByName(n).SetZero()
		}
	}
}

type identityRow struct {
	of  reflect.Type
	key func(any) (string, bool)
}

func row[T any](key func(*T) (string, bool)) identityRow {
	return identityRow{reflect.TypeFor[T](), func(v any) (string, bool) { return key(v.(*T)) }}
}

func table(rows ...identityRow) map[reflect.Type]func(any) (string, bool) {
	m := make(map[reflect.Type]func(any) (string, bool), len(rows))
	for _, r := range rows {
		m[r.of] = r.key
	}
	return m
}

// identity returns what tells the element from others; ok is false when
// nothing does.
func identity(item reflect.Value) (key string, ok bool) {
	f := identities[item.Type()]
	if f == nil {
		return "", false
	}
	return f(item.Addr().Interface())
}

func given(s string) (string, bool) { return s, s != "" }

func ordinal(n *int64) (string, bool) {
	if n == nil {
		return "", false
	}
	return strconv.FormatInt(*n, 10), true
}
