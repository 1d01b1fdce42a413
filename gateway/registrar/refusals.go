package registrar

import (
	"context"
	"errors"
	"strconv"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

func refuse(s lis.Situation, text string) error { return &lis.Refusal{Situation: s, Text: text} }

// incomplete refuses a message that lacks an element.
func incomplete(element string) error {
	return refuse(lis.Incomplete, element+" is missing or empty; send it and the message will be taken")
}

func notThere(k lis.Kind, id lis.SourcedID) error {
	return refuse(lis.NotThere, "no "+string(k)+" with sourcedId "+quote(string(id))+
		"; create it first, or check the sourcedId")
}

// quote shows text of a peer in a sentence, cut to a bearable length.
func quote(s string) string {
	const most = 200
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strconv.Quote(s)
}

// statusOf finds the status for an error: a refusal has its situation, all
// else is trouble of ours, after which the sender may try again.
func statusOf(err error, service lis.Service, trouble lis.Situation) lis.Status {
	var refusal *lis.Refusal
	switch {
	case errors.As(err, &refusal):
		return lis.StatusOf(refusal.Situation, service, refusal.Text)
	case errors.Is(err, journal.ErrFull):
		return lis.StatusOf(lis.Busy, service, "no space left to keep the message, and nothing of it was kept; send it again later")
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return lis.StatusOf(lis.Busy, service, "there was no turn in time ("+err.Error()+"), and nothing was kept; send it again")
	}
	return lis.StatusOf(trouble, service, err.Error()+"; send it again later")
}

func isRefusal(err error) bool {
	var refusal *lis.Refusal
	return errors.As(err, &refusal)
}
