package cps

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"lisgate/gateway/cps/timetable"
	"lisgate/gateway/guard"
	"lisgate/gateway/lis"
)

// Feeds serves timetables to whoever may read sections (and, of persons,
// memberships too):
//
//	GET /cps/calendar/{room|person|section}/{sourcedId}.ics
//	GET /cps/week/{room|person|section}/{sourcedId}.svg[?week=2026-09-07]
//
// Both have an ETag: a calendar that comes back every hour costs nothing while
// nothing has changed.
func (d *Desk) Feeds(keeper *guard.Guard) http.Handler {
	mux := http.NewServeMux()
	f := &feeds{d, keeper}
	mux.HandleFunc("GET /cps/calendar/{of}/{id...}", f.serve(".ics", "text/calendar; charset=utf-8", d.Calendar))
	mux.HandleFunc("GET /cps/week/{of}/{id...}", f.serve(".svg", "image/svg+xml", d.Draw))
	return mux
}

type feeds struct {
	desk *Desk
	*guard.Guard
}

func (f *feeds) serve(ending, contentType string, write func(context.Context, Picture, io.Writer) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		of, err := pictured(r, ending)
		if err == nil {
			err = f.admit(r, of)
		}
		var b bytes.Buffer
		if err == nil {
			err = write(r.Context(), of, &b)
		}
		if err != nil {
			refuse(w, err)
			return
		}
		timetable.Serve(w, r, contentType, b.Bytes())
	}
}

// errAsked is the error that what was asked for makes no sense.
type errAsked string

func (e errAsked) Error() string { return string(e) }

func pictured(r *http.Request, ending string) (Picture, error) {
	name, ok := strings.CutSuffix(r.PathValue("id"), ending)
	if !ok || name == "" {
		return Picture{}, errAsked("the address ends with the sourcedId and " + ending)
	}
	var of Picture
	switch id := lis.SourcedID(name); r.PathValue("of") {
	case "room":
		of.Room = id
	case "person":
		of.Person = id
	case "section":
		of.Section = id
	default:
		return of, errAsked("there are timetables of a room, a person and a section, not of a " + r.PathValue("of"))
	}
	if week := r.URL.Query().Get("week"); week != "" {
		day, err := lis.ParseDate(week)
		if err != nil {
			return of, errAsked("week: " + err.Error())
		}
		of.Week = day
	}
	return of, nil
}

// admit lets in who may read the same over LIS.
func (f *feeds) admit(r *http.Request, of Picture) error {
	visitor, err := f.Identify(r)
	if err != nil {
		return err
	}
	caller, err := visitor.Admit(r.Context(), nil, nil)
	if err != nil {
		return err
	}
	if err := f.Allow(caller, lis.CMS, lis.OperationFor(lis.KindCourseSection, lis.Read)); err != nil || of.Person == "" {
		return err
	}
	return f.Allow(caller, lis.MMS, lis.OperationFor(lis.KindMembership, lis.Read))
}

func refuse(w http.ResponseWriter, err error) {
	var denied *guard.Error
	var asked errAsked
	switch {
	case errors.As(err, &denied):
		denied.SetHeaders(w.Header())
		http.Error(w, denied.Message, denied.Status)
	case errors.As(err, &asked):
		http.Error(w, err.Error(), http.StatusBadRequest)
	case errors.Is(err, ErrNotThere):
		http.Error(w, err.Error(), http.StatusNotFound)
	default:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
