package moodle

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// Fields of a row of the functions for accounts.
const (
	createFields = 7
	updateFields = 7
)

// A wanted is an account on its way to Moodle.
type wanted struct {
	i      int // in the batch
	want   account
	have   *account
	detail string
}

// putPersons makes accounts be as persons say.
func (a *Adapter) putPersons(ctx context.Context, b *batch, rows []int) {
	if len(rows) == 0 {
		return
	}
	ws := a.preflight(b, rows)
	ws = a.find(ctx, b, ws)
	var fresh, differing []*wanted
	for _, w := range ws {
		switch {
		case w.have == nil:
			fresh = append(fresh, w)
		case w.want.same(*w.have):
			a.settled(b, w, lis.Unchanged, w.have.ID)
		default:
			differing = append(differing, w)
		}
	}
	for part := range slices.Chunk(fresh, a.client.rows(createFields)) {
		differing = append(differing, a.create(ctx, b, part)...)
	}
	for part := range slices.Chunk(differing, a.client.rows(updateFields)) {
		a.update(ctx, b, part)
	}
}

func (a *Adapter) settled(b *batch, w *wanted, effect lis.Effect, id int) {
	a.persons.put(w.want.Idnumber, id)
	b.out[w.i] = lis.Outcome{Effect: effect, TargetID: strconv.Itoa(id), Detail: w.detail}
}

// preflight refuses rows that break a rule, before they take others along.
func (a *Adapter) preflight(b *batch, rows []int) []*wanted {
	var ws []*wanted
	logins, emails := map[string]lis.SourcedID{}, map[string]lis.SourcedID{}
	for _, i := range rows {
		c := b.changes[i]
		p, ok := c.Record.Object.(*lis.Person)
		if !ok {
			b.fail(i, refused("Send the record under its own kind.", "the record of a person holds a %s", c.Record.Object.Kind()))
			continue
		}
		w := &wanted{i: i, want: accountOf(c.Key, p)}
		if err := w.want.flaw(); err != nil {
			b.fail(i, err)
			continue
		}
		mail := strings.ToLower(w.want.Email)
		if other, taken := logins[w.want.Username]; taken {
			b.fail(i, refused("Correct one of the two at their source.", "the userId is also that of %s", other))
			continue
		}
		if other, taken := emails[mail]; taken && !a.o.SharedEmail {
			b.fail(i, refused("Correct one of the two at their source, or set shared_email of the target when the site allows it.", "the e-mail address is also that of %s", other))
			continue
		}
		logins[w.want.Username], emails[mail] = c.Key, c.Key
		ws = append(ws, w)
	}
	return ws
}

// lookup asks for accounts by a field, as many in a call as it can hold.
func (a *Adapter) lookup(ctx context.Context, field string, values []string) ([]account, error) {
	var found []account
	for part := range slices.Chunk(values, min(500, a.client.rows(1)-1)) {
		var answer []account
		if err := a.client.call(ctx, "core_user_get_users_by_field", new(form).set("field", field).list("values", part), &answer); err != nil {
			return nil, err
		}
		found = append(found, answer...)
	}
	return slices.DeleteFunc(found, account.deleted), nil
}

// create makes accounts, all or none. It returns those to which something is
// left to do: no new account can be suspended at once.
func (a *Adapter) create(ctx context.Context, b *batch, ws []*wanted) []*wanted {
	f := &form{}
	for n, w := range ws {
		f.row("users", n, "username", w.want.Username, "auth", a.o.Auth, "firstname", w.want.First, "lastname", w.want.Last,
			"email", w.want.Email, "idnumber", w.want.Idnumber)
		if a.o.CreatePassword {
			f.row("users", n, "createpassword", "1")
		} else {
			f.row("users", n, "password", a.password(w.want.Idnumber))
		}
	}
	var made []account
	if err := a.client.call(ctx, "core_user_create_users", f, &made); err != nil {
		b.failAll(indexes(ws), accountError(err))
		return nil
	}
	ids := map[string]int{}
	for _, m := range made {
		ids[m.Username] = m.ID
	}
	var rest []*wanted
	for _, w := range ws {
		id := ids[w.want.Username]
		switch {
		case id == 0:
			b.fail(w.i, lost("the account"))
		case w.want.Suspended:
			w.have = &account{ID: id}
			rest = append(rest, w)
		default:
			a.settled(b, w, lis.Applied, id)
		}
	}
	return rest
}

// update changes accounts; a row that cannot be changed is a warning, and the
// others are done.
func (a *Adapter) update(ctx context.Context, b *batch, ws []*wanted) {
	f := &form{}
	for n, w := range ws {
		f.row("users", n, "id", strconv.Itoa(w.have.ID), "username", w.want.Username, "firstname", w.want.First, "lastname", w.want.Last,
			"email", w.want.Email, "idnumber", w.want.Idnumber, "suspended", bit(w.want.Suspended))
	}
	var answer warned
	if err := a.client.call(ctx, "core_user_update_users", f, &answer); err != nil {
		b.failAll(indexes(ws), accountError(err))
		return
	}
	for _, w := range ws {
		if warning := answer.about(w.have.ID); warning != nil {
			a.persons.drop(w.want.Idnumber)
			b.fail(w.i, warning.verdict())
			continue
		}
		a.settled(b, w, lis.Applied, w.have.ID)
	}
}

// accountError adds to a refusal without a reason what it can be.
func accountError(err error) error {
	err = classed(err)
	var e *adapters.Error
	if code(err) == "invalidparameter" && errors.As(err, &e) {
		e.Hint = accountRules
	}
	return err
}

func indexes(ws []*wanted) []int {
	is := make([]int, len(ws))
	for n, w := range ws {
		is[n] = w.i
	}
	return is
}

// password makes one that nobody knows and that is the same each time. It ends
// as the usual password policies want.
func (a *Adapter) password(id string) string {
	mac := hmac.New(sha256.New, []byte(a.o.Token))
	_, _ = mac.Write([]byte("password\x00" + id))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))[:24] + "-aA1!"
}

func bit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// lost is the error of a row of which a call that succeeded shows nothing.
func lost(what string) error {
	return &adapters.Error{Class: adapters.Unavailable, Narrow: true,
		Err:  fmt.Errorf("the call succeeded and %s is not there: the site has dropped a part of it", what),
		Hint: "Raise max_input_vars in the site's PHP settings to 5000, or set it lower here. The row is tried again."}
}

// warned is the answer of functions that carry out what they can.
type warned struct {
	Warnings []warning `json:"warnings"`
}

type warning struct {
	ItemID  int    `json:"itemid"`
	Code    string `json:"warningcode"`
	Message string `json:"message"`
}

func (w warned) about(id int) *warning {
	for i := range w.Warnings {
		if w.Warnings[i].ItemID == id {
			return &w.Warnings[i]
		}
	}
	return nil
}

// verdict is the class of a warning. What has gone is looked for again.
func (w *warning) verdict() error {
	e := refused("Moodle's own text says why.", "Moodle did not take the row: %s", w.Code)
	if w.Code == "invaliduserid" || w.Code == "invalidrecord" {
		e.Class, e.Narrow, e.Hint = adapters.Unavailable, true, "It was deleted at Moodle meanwhile; the next attempt makes it anew."
	}
	e.Answer = w.Code + ": " + w.Message
	return e
}
