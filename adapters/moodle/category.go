package moodle

import (
	"context"
	"strconv"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// A category is a category of courses.
type category struct {
	ID       int    `json:"id"`
	Name     string `json:"name"`
	Idnumber string `json:"idnumber"`
	Parent   int    `json:"parent"`
}

// categoryBy finds a category by a field, nil when there is none.
func (a *Adapter) categoryBy(ctx context.Context, field, value string) (*category, error) {
	var found []category
	f := new(form).row("criteria", 0, "key", field, "value", value).set("addsubcategories", "0")
	if err := a.client.call(ctx, "core_course_get_categories", f, &found); err != nil {
		return nil, err
	}
	for i := range found {
		if field != "idnumber" || found[i].Idnumber == value {
			return &found[i], nil
		}
	}
	return nil, nil
}

// category finds the category of a group. One that was dropped has lost its
// idnumber, and the crosswalk may still know it.
func (a *Adapter) category(ctx context.Context, id lis.SourcedID) (*category, error) {
	k, err := a.categoryBy(ctx, "idnumber", string(id))
	if err != nil || k != nil {
		return k, err
	}
	known := a.known(ctx, lis.KindGroup, id)
	if known == 0 {
		return nil, nil
	}
	if k, err = a.categoryBy(ctx, "id", strconv.Itoa(known)); err != nil || k == nil || k.Idnumber != "" {
		return nil, err
	}
	return k, nil
}

// categoryID finds the id of the category of a group, 0 when there is none.
func (a *Adapter) categoryID(ctx context.Context, idnumber string) (int, error) {
	if idnumber == "" {
		return 0, nil
	}
	if id, ok := a.categories.get(idnumber); ok {
		return id, nil
	}
	k, err := a.categoryBy(ctx, "idnumber", idnumber)
	if err != nil || k == nil {
		return 0, err
	}
	a.categories.put(idnumber, k.ID)
	return k.ID, nil
}

// fallback is the id of the category for what belongs to none.
func (a *Adapter) fallback(ctx context.Context) (int, error) {
	if a.o.Category == "" {
		return a.first(ctx)
	}
	id, err := a.categoryID(ctx, a.o.Category)
	if err == nil && id == 0 {
		e := missing(lis.KindGroup, lis.SourcedID(a.o.Category))
		e.Hint = "This is the default category of the configuration: make it at Moodle with this idnumber, or send it as a group."
		return 0, e
	}
	return id, err
}

// first is the site's first category; each site has one.
func (a *Adapter) first(ctx context.Context) (int, error) {
	const key = "\x00first"
	if id, ok := a.categories.get(key); ok {
		return id, nil
	}
	var found []category
	f := new(form).row("criteria", 0, "key", "parent", "value", "0").set("addsubcategories", "0")
	if err := a.client.call(ctx, "core_course_get_categories", f, &found); err != nil {
		return 0, err
	}
	if len(found) == 0 {
		return 0, refused("Make a category at Moodle, or set Category.", "the service account sees no category at Moodle")
	}
	id := found[0].ID
	for _, k := range found {
		id = min(id, k.ID)
	}
	a.categories.put(key, id)
	return id, nil
}

// categoryOf returns the name and the parent of a group's category.
func categoryOf(id lis.SourcedID, g *lis.Group) (name string, parent lis.SourcedID) {
	name = string(id)
	if g.Description != nil && g.Description.ShortDescription.String() != "" {
		name = g.Description.ShortDescription.String()
	} else if g.Org != nil {
		if s := firstOf(g.Org.OrgUnit.String(), g.Org.OrgName.String()); s != "" {
			name = s
		}
	}
	for i := range g.Relationship {
		if g.Relationship[i].Relation == "Parent" && g.Relationship[i].SourcedID != "" {
			parent = g.Relationship[i].SourcedID
			break
		}
	}
	return cutTo(name, shortnameMax), parent
}

func (a *Adapter) putGroup(ctx context.Context, id lis.SourcedID, r *lis.Record) (lis.Outcome, error) {
	g, ok := r.Object.(*lis.Group)
	if !ok {
		return lis.Outcome{}, refused("Send the record under its own kind.", "the record of a group holds a %s", r.Object.Kind())
	}
	if err := tooLong(id); err != nil {
		return lis.Outcome{}, err
	}
	name, above := categoryOf(id, g)
	parent, err := a.parent(ctx, id, above)
	if err != nil {
		return lis.Outcome{}, err
	}
	have, err := a.category(ctx, id)
	switch {
	case err != nil:
		return lis.Outcome{}, err
	case have == nil:
		return a.createCategory(ctx, name, id, parent)
	case *have == category{have.ID, name, string(id), parent}:
		return unchanged(have.ID, ""), nil
	}
	a.categories.put(string(id), have.ID)
	return a.setCategory(ctx, have.ID, "", "name", name, "idnumber", string(id), "parent", strconv.Itoa(parent))
}

func (a *Adapter) parent(ctx context.Context, id, above lis.SourcedID) (int, error) {
	switch {
	case above == "" && (a.o.Category == "" || a.o.Category == string(id)):
		return 0, nil
	case above == "":
		return a.fallback(ctx)
	}
	parent, err := a.categoryID(ctx, string(above))
	if err == nil && parent == 0 {
		return 0, missing(lis.KindGroup, above)
	}
	return parent, err
}

func (a *Adapter) createCategory(ctx context.Context, name string, id lis.SourcedID, parent int) (lis.Outcome, error) {
	var made []category
	f := new(form).row("categories", 0, "name", name, "parent", strconv.Itoa(parent), "idnumber", string(id))
	if err := a.client.call(ctx, "core_course_create_categories", f, &made); err != nil {
		return lis.Outcome{}, err
	}
	if len(made) != 1 {
		return lis.Outcome{}, lost("the category")
	}
	a.categories.put(string(id), made[0].ID)
	return applied(made[0].ID, ""), nil
}

func (a *Adapter) setCategory(ctx context.Context, id int, detail string, fields ...string) (lis.Outcome, error) {
	f := new(form).row("categories", 0, append([]string{"id", strconv.Itoa(id)}, fields...)...)
	return applied(id, detail), a.client.call(ctx, "core_course_update_categories", f, nil)
}

func (a *Adapter) dropGroup(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	a.categories.drop(string(c.Key))
	k, err := a.category(ctx, c.Key)
	switch {
	case err != nil:
		return lis.Outcome{}, err
	case k == nil || k.Idnumber == "":
		return unchanged(0, "it was not there"), nil
	case a.o.Removal == adapters.Suspend:
		return a.setCategory(ctx, k.ID, "the category stays with its courses and has lost its idnumber; Moodle cannot hide it over web services", "idnumber", "")
	}
	to := k.Parent
	if to == 0 {
		if to, err = a.fallback(ctx); err != nil || to == k.ID {
			return lis.Outcome{}, refused("Set Category to another one, to which its courses can go.", "the category is the one to which courses would have to go")
		}
	}
	f := new(form).row("categories", 0, "id", strconv.Itoa(k.ID), "newparent", strconv.Itoa(to), "recursive", "0")
	return applied(k.ID, "deleted; its courses went to category "+strconv.Itoa(to)), a.client.call(ctx, "core_course_delete_categories", f, nil)
}

func (a *Adapter) rekeyGroup(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	if err := tooLong(c.NewID); err != nil {
		return lis.Outcome{}, err
	}
	old, err := a.category(ctx, c.Key)
	if err != nil {
		return lis.Outcome{}, err
	}
	a.categories.drop(string(c.Key))
	if old != nil {
		return a.setCategory(ctx, old.ID, "", "idnumber", string(c.NewID))
	}
	if id, err := a.categoryID(ctx, string(c.NewID)); err != nil || id != 0 {
		return unchanged(id, ""), err
	}
	return a.putAs(ctx, c)
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// cutTo shortens a text to the width of a column, by characters.
func cutTo(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
