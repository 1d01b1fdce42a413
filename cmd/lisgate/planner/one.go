package planner

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"lisgate/adapters/lissoap"
	"lisgate/gateway/lis"
)

// ReturnOne sends one section by itself, as replaceCourseSection over SOAP,
// and returns how it was answered. A refusal is no error; it is kept.
func (p *Planner) ReturnOne(ctx context.Context, id lis.SourcedID) (lis.Status, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.solution == nil {
		return lis.Status{}, fmt.Errorf("return section %s: %w", id, errNoPlan)
	}
	s := p.solution.Section(id)
	if s == nil {
		return lis.Status{}, fmt.Errorf("return section %s: it is not in the plan", id)
	}
	snap, err := p.endpoint.Store().Snapshot(ctx)
	if err != nil {
		return lis.Status{}, err
	}
	defer snap.Close()
	packet := p.o.NewID()
	rec, err := p.planned(snap, s, packet, lis.PacketItems)
	if err != nil {
		return lis.Status{}, err
	}
	answer, err := p.call(ctx, packet, replacing(rec))
	if err != nil {
		return lis.Status{}, fmt.Errorf("return section %s: %w", id, err)
	}
	p.returned[id] = packet
	if delete(p.refused, id); !answer.Status.OK() {
		p.refused[id] = Refusal{lis.KindCourseSection, id, string(answer.Status.CodeMinor), answer.Status.Description}
	}
	return answer.Status, nil
}

// Propose asks the SIS for a section that it does not have
// (createByProxyCourseSection). The id is the one that the SIS allots; under it
// the section is in the planner's records. It is "" when the SIS refuses, or
// has not said it yet.
func (p *Planner) Propose(ctx context.Context, rec *lis.Record) (lis.SourcedID, lis.Status, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, ok := rec.Object.(*lis.CourseSection)
	if !ok {
		return "", lis.Status{}, fmt.Errorf("propose a section: %s is no section", rec.ID)
	}
	packet := p.o.NewID()
	c.SetPlan(lis.Plan{State: lis.PlanProposed, Packet: packet, Mode: lis.PacketItems})
	answer, err := p.call(ctx, packet, &lis.Call{Operation: lis.OperationFor(lis.KindCourseSection, lis.CreateByProxy), ID: rec.ID, Record: rec})
	if err != nil {
		return "", lis.Status{}, fmt.Errorf("propose a section: %w", err)
	}
	if !answer.Status.OK() || answer.ID == "" {
		return "", answer.Status, nil
	}
	p.returned[answer.ID] = packet
	return answer.ID, answer.Status, p.learn(ctx, &lis.Record{ID: answer.ID, Agent: rec.Agent, Object: c})
}

// call calls the gateway. A refusal is an answer.
func (p *Planner) call(ctx context.Context, id string, call *lis.Call) (*lis.Answer, error) {
	answer, err := p.client.Call(ctx, id, call)
	var status *lissoap.StatusError
	if errors.As(err, &status) {
		return &lis.Answer{Status: status.Status}, nil
	}
	return answer, err
}

// learn puts a record into the planner's own.
func (p *Planner) learn(ctx context.Context, rec *lis.Record) error {
	options := lissoap.Options{URL: "http://" + p.Addr() + "/lis/", HTTP: p.o.HTTP}
	if p.self != nil {
		options.Basic = &lissoap.Basic{User: p.self.User, Password: lissoap.Secret(p.self.Password)}
	}
	own, err := lissoap.NewClient(options)
	if err != nil {
		return err
	}
	defer own.Close()
	if _, err := own.Call(ctx, p.o.NewID(), replacing(rec)); err != nil {
		return fmt.Errorf("keep section %s: %w", rec.ID, err)
	}
	return nil
}

// Correct places elsewhere what was refused, whether the gateway said so at
// once or later at the planner's endpoint: away from the room at that time, or
// when an instructor is named, from the time. It returns the sections that
// moved, to be returned again.
func (p *Planner) Correct(ctx context.Context) ([]lis.SourcedID, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.solution == nil {
		return nil, fmt.Errorf("correct the plan: %w", errNoPlan)
	}
	refused, err := p.takenBack(ctx)
	if err != nil {
		return nil, fmt.Errorf("correct the plan: %w", err)
	}
	maps.Copy(refused, p.refused)
	moved := map[lis.SourcedID]bool{}
	for _, id := range sortedKeys(refused) {
		if moved[id] { // with one that it is cross-listed with
			continue
		}
		for _, other := range p.solution.Move(id, p.aboutPeople(id, refused[id].Reason)) {
			moved[other] = true
			delete(p.refused, other)
			delete(p.returned, other) // what is told of that packet is done with
		}
	}
	return sortedKeys(moved), nil
}

// aboutPeople reports whether a reason names an instructor of a section and
// not its room.
func (p *Planner) aboutPeople(id lis.SourcedID, reason string) bool {
	s := p.solution.Section(id)
	if s == nil {
		return false
	}
	for i := range s.Meetings {
		if room := s.Meetings[i].Room; room != "" && strings.Contains(reason, string(room)) {
			return false
		}
	}
	for _, person := range teachers(s) {
		if strings.Contains(reason, string(person)) {
			return true
		}
	}
	return false
}
