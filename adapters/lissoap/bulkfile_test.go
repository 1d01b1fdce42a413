package lissoap

import (
	"os"
	"path/filepath"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/gateway/lis"
	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
)

// A bulk file is read back by the door that takes bulk files; a row that the
// receiver has no place for is not in it, and says so.
func TestBulkFile(t *testing.T) {
	folder := t.TempDir()
	a := open(t, Options{BulkFolder: folder, Profile: "blackboard"})
	if err := a.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	changes := []lis.Change{
		change(lis.Put, adaptertest.Sample(lis.KindPerson, 1)),
		change(lis.Put, adaptertest.Sample(lis.KindCourseTemplate, 1)),
		change(lis.Drop, adaptertest.Sample(lis.KindMembership, 1)),
	}
	for range 2 { // the second time after a lost answer
		outcomes, errs := a.(adapters.Batcher).ApplyAll(t.Context(), changes)
		if outcomes[0].Effect != lis.Applied || errs[0] != nil || outcomes[2].Effect != lis.Applied || errs[2] != nil {
			t.Errorf("%+v, %v", outcomes, errs)
		}
		if adapters.ClassOf(errs[1]) != adapters.Unsupported {
			t.Errorf("a template: %v", errs[1])
		}
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %v, %v", files, err)
	}
	file, err := os.Open(files[0])
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var operations []string
	for item, err := range soap.ReadBulk(file, wire.Limits{}, 1) {
		if err != nil {
			t.Fatal(err)
		}
		if item.Err != nil {
			t.Errorf("%s: %v", item.Op, item.Err)
			continue
		}
		operations = append(operations, item.Call.Operation+" "+string(item.Call.ID))
	}
	want := []string{"replacePerson " + string(changes[0].Key), "deleteMembership " + string(changes[2].Key)}
	if len(operations) != 2 || operations[0] != want[0] || operations[1] != want[1] {
		t.Errorf("read %q, want %q", operations, want)
	}
}

func TestBulkFolderThatIsNotThere(t *testing.T) {
	a := open(t, Options{BulkFolder: filepath.Join(t.TempDir(), "none")})
	if err := a.Check(t.Context()); adapters.ClassOf(err) != adapters.Unavailable || err == nil {
		t.Errorf("check: %v", err)
	}
	_, err := a.Apply(t.Context(), change(lis.Put, adaptertest.Sample(lis.KindPerson, 1)))
	if adapters.ClassOf(err) != adapters.Unavailable || err == nil {
		t.Errorf("apply: %v", err)
	}
}
