package deliver

// throttle waits until the rate of the target lets the parcels go, one token
// for each. What the end of the engine finds waiting is given back later, by
// admit.
func (l *lane) throttle(w way, parcels []*parcel) {
	if l.tokens == nil {
		return
	}
	for n := len(parcels); n > 0; {
		piece := min(n, l.tokens.Burst())
		if l.tokens.WaitN(w.ctx, piece) != nil {
			return
		}
		n -= piece
	}
}
