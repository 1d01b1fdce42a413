package moodle

import (
	"context"
	"strconv"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// account returns the account of a person, nil when Moodle has none.
func (a *Adapter) account(ctx context.Context, id lis.SourcedID) (*account, error) {
	found, err := a.lookup(ctx, "idnumber", []string{string(id)})
	if err != nil {
		return nil, err
	}
	switch len(found) {
	case 0:
	case 1:
		return &found[0], nil
	default:
		return nil, twice(found)
	}
	known := a.known(ctx, lis.KindPerson, id)
	if known == 0 {
		return nil, nil
	}
	found, err = a.lookup(ctx, "id", []string{strconv.Itoa(known)})
	if err != nil || len(found) == 0 || found[0].Idnumber != "" {
		return nil, err
	}
	return &found[0], nil
}

func (a *Adapter) dropPerson(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	h, err := a.account(ctx, c.Key)
	switch {
	case err != nil:
		return lis.Outcome{}, err
	case h == nil:
		return unchanged(0, "it was not there"), nil
	case a.o.Removal == adapters.Delete:
		a.persons.drop(string(c.Key))
		err := a.client.call(ctx, "core_user_delete_users", new(form).list("userids", []string{strconv.Itoa(h.ID)}), nil)
		return applied(h.ID, "deleted, with its enrolments and grades"), err
	case h.Suspended:
		return unchanged(h.ID, "the account is suspended"), nil
	}
	return a.setAccount(ctx, h, "the account is suspended", "suspended", "1")
}

// setAccount changes single fields of an account.
func (a *Adapter) setAccount(ctx context.Context, h *account, detail string, fields ...string) (lis.Outcome, error) {
	f := new(form).row("users", 0, append([]string{"id", strconv.Itoa(h.ID)}, fields...)...)
	var answer warned
	if err := a.client.call(ctx, "core_user_update_users", f, &answer); err != nil {
		return lis.Outcome{}, err
	}
	if w := answer.about(h.ID); w != nil {
		return lis.Outcome{}, w.verdict()
	}
	return applied(h.ID, detail), nil
}

// rekeyPerson gives an account another idnumber.
func (a *Adapter) rekeyPerson(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	if err := tooLong(c.NewID); err != nil {
		return lis.Outcome{}, err
	}
	old, err := a.account(ctx, c.Key)
	if err != nil {
		return lis.Outcome{}, err
	}
	taken, err := a.lookup(ctx, "idnumber", []string{string(c.NewID)})
	if err != nil {
		return lis.Outcome{}, err
	}
	a.persons.drop(string(c.Key))
	switch {
	case old != nil && len(taken) > 0 && taken[0].ID != old.ID:
		return lis.Outcome{}, refused("Merge the two persons when they are one; Moodle cannot merge accounts over web services.",
			"account %d has the new identifier already, and account %d the old one", taken[0].ID, old.ID)
	case old != nil:
		return a.setAccount(ctx, old, "", "idnumber", string(c.NewID))
	case len(taken) > 0:
		return unchanged(taken[0].ID, ""), nil
	}
	return a.putAs(ctx, c)
}

// putAs puts the content of a Rekey under its new identifier: what was to be
// renamed has never come, or is gone.
func (a *Adapter) putAs(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	c.Act, c.Key = lis.Put, c.NewID
	return a.Apply(ctx, c)
}
