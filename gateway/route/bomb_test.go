package route

import (
	"testing"
	"time"

	"lisgate/gateway/lis"
)

// Texts that grow by themselves are stopped: expr's own budget does not count
// their bytes (reliability B18).
func TestTextsThatGrowAreStopped(t *testing.T) {
	record := &lis.Record{ID: "p", Object: &lis.Person{DataSource: "xxxxxxxxxxxxxxxx"}}
	for _, when := range []string{
		`len(reduce(1..1000, #acc + #acc, "xxxxxxxx")) > 0`,
		`let a = person.dataSource; let b = a+a+a+a; let c = b+b+b+b; let d = c+c+c+c; let e = d+d+d+d; let f = e+e+e+e; let g = f+f+f+f; let h = g+g+g+g; let i = h+h+h+h; let j = i+i+i+i; let k = j+j+j+j; len(k+k+k+k) > 0`,
		`len(join(map(1..60000, replace(person.dataSource, "x", person.dataSource)), person.dataSource)) > 0`,
		`len(map(1..60000, map(1..60000, #))) > 0`,
		`let a = replace(person.dataSource, "x", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"); let b = replace(a, "x", a); let c = replace(b, "x", b); let d = replace(c, "x", c); len(d) > 0`,
	} {
		table, err := New([]Rule{{When: when, To: []string{"lms"}}})
		if err != nil {
			continue // refused when it is made, which is as good
		}
		began := time.Now()
		c := &lis.Change{Kind: lis.KindPerson, Key: "p", Act: lis.Put, Record: record}
		if _, err := table.Targets(nil, c); err != nil {
			t.Error(err)
		}
		refusal := table.Refusal(nil, "lms", c)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s: took %s", when, took)
		}
		if refusal == nil {
			t.Errorf("%s: ran to its end", when)
		} else {
			t.Log(refusal)
		}
	}
}
