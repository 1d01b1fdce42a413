package csvfiles

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

const heading = "Student No,First,Last,mail\n"

func TestFullListIsReadMarkedAndArchived(t *testing.T) {
	b := newBench(t, plainOptions)
	b.drop("students.csv", heading+"1,Åse,Ørsted,aa@example.edu\n2,\"O\"\"Brien, jr\",,\n")
	p := b.clean("")
	b.story(p, "+person stu-1 stu-2 -person")
	person := p.items[1].Record.Object.(*lis.Person)
	if person.Part("First") != "Åse" || person.ContactInfo[0].ContactInfoValue.String() != "aa@example.edu" || p.items[1].Where != "students.csv:2" {
		t.Errorf("%+v", p.items[1])
	}
	b.acknowledge(p.cursor)
	if got := b.names("archive"); len(got) != 1 || !strings.HasSuffix(got[0], "-students.csv") {
		t.Errorf("archive %v", got)
	}
	b.story(b.clean(p.cursor), "")
}

func TestDeltaHasNoMarks(t *testing.T) {
	b := newBench(t, plainOptions)
	b.drop("students-delta-1.csv", heading+"3,Li,,\n")
	b.story(b.clean(""), "stu-3")
}

func TestSameHashIsNotReadAgain(t *testing.T) {
	b := newBench(t, plainOptions)
	b.drop("students-delta-1.csv", heading+"3,Li,,\n")
	p := b.clean("")
	b.acknowledge(p.cursor)
	b.drop("students-delta-2.csv", heading+"3,Li,,\n")
	b.story(b.clean(p.cursor), "")
	if got := b.names("."); !slices.Equal(got, []string{"archive"}) {
		t.Errorf("it was left lying: %v", got)
	}
}

func TestOlderFullListThatComesAgainIsRead(t *testing.T) {
	b := newBench(t, plainOptions)
	cursor := ""
	for i, text := range []string{"1,A,,\n", "1,A,,\n2,B,,\n", "1,A,,\n"} {
		b.drop("students.csv", heading+text)
		p := b.clean(cursor)
		if len(p.items) == 0 {
			t.Errorf("list %d was not read", i)
		}
		b.acknowledge(p.cursor)
		cursor = p.cursor
	}
}

func TestStopBetweenTakingAndArchiving(t *testing.T) {
	b := newBench(t, plainOptions)
	b.drop("students.csv", heading+"1,A,,\n")
	p := b.clean("") // never acknowledged
	b.story(b.clean(p.cursor), "")
	if got := b.names("archive"); len(got) != 1 {
		t.Errorf("archive %v", got)
	}
}

func TestBadRowsAreToldAndWrittenBesideTheInput(t *testing.T) {
	b := newBench(t, plainOptions)
	b.drop("students.csv", heading+"1,=cmd|' /C calc'!A0,X,\n1,B,,\n2,C\n,D,,\n4,E,F,\n")
	p := b.pull("")
	b.story(p, "+person stu-1 !students.csv:3 !students.csv:4 !students.csv:5 stu-4 !person")
	b.says(p, "another row has the sourcedId stu-1 too")
	b.says(p, "2 cells; the heading has 4")
	b.says(p, "2 rows do not tell which object they are")
	if got := p.items[1].Record.Object.(*lis.Person).Part("First"); !strings.HasPrefix(got, "=cmd") {
		t.Errorf("a formula must stay as it came: %q", got)
	}
	b.acknowledge(p.cursor, adapters.Rejection{Where: "students.csv:2", Reason: "not wanted"}, adapters.Rejection{Where: "students.csv:3", Reason: "again"})
	text, err := os.ReadFile(filepath.Join(b.dir, "students.csv.errors.csv"))
	want := `line,rule,reason,hint,Student No,First,Last,mail
2,gateway,not wanted,,1,'=cmd|' /C calc'!A0,X,
3,id,another row has the sourcedId stu-1 too,"the first was taken; keep one of them, or put into the id what tells them apart",1,B,,
4,columns,2 cells; the heading has 4,put cells with the separator in them into quotes,2,C
5,id,part 2 of the key is empty,give the row an identifier: until then nothing of this kind is taken for absent,,D,,
`
	if err != nil || string(text) != want {
		t.Errorf("%v\n%s", err, text)
	}
}

// nasty are files of which nothing may be used, and after which nobody is
// absent (reliability B16).
func TestNastyFilesAreRefusedWhole(t *testing.T) {
	for _, c := range []struct{ name, text, where, says string }{
		{"heading typo", "Student No,Frist,Last,mail\n1,A,,\n", "students.csv:1", `no column "First"; did you mean "Frist"?`},
		{"heading cut off", "Student No,Fir", "students.csv:1", `nor "First"`},
		{"no heading", "1,A,B,c\n2,A,B,c\n", "students.csv:1", `no column "Student No"`},
		{"heading twice", "Student No,First,Last,mail,First\n1,A,,,\n", "students.csv:1", "two columns are named"},
		{"empty", "", "students.csv:1", "the file is empty"},
		{"heading only", heading, "students.csv:1", "a full list without rows"},
		{"latin-1", heading + "1,A,,\n2,\xc5se,,\n", "students.csv:3", "not UTF-8"},
		{"UTF-16", "\xff\xfeS\x00t\x00", "students.csv:1", "NUL"},
		{"NUL", heading + "1,A\x00,,\n", "students.csv:2", "NUL"},
		{"unbalanced quote", heading + "1,A,,\n2,\"B,,\n3,C,,\n4,D,,\n", "students.csv:3", "opened and not closed"},
		{"unbalanced quote over the limit", heading + "2,\"B,,\n" + strings.Repeat("3,C,,\n", 20_000), "students.csv:2", "opened and not closed"},
		{"quote inside", heading + "1,A\"B,,\n", "students.csv:2", "a quote inside a cell"},
		{"text after a quote", heading + "1,\"A\"B,,\n", "students.csv:2", "text after the closing quote"},
		{"a million columns", strings.Repeat("x,", 1_000_000) + "\n", "students.csv:1", "more than 1000 columns"},
		{"huge cell", heading + "1," + strings.Repeat("x", 70_000) + ",,\n", "students.csv:2", "more than 65536 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, plainOptions)
			b.drop("students.csv", c.text)
			p := b.pull("")
			b.story(p, "!"+c.where+" !person")
			b.says(p, c.says)
			b.acknowledge(p.cursor)
			if got := b.names("."); !slices.Equal(got, []string{"archive", "students.csv.errors.csv"}) {
				t.Errorf("folder %v", got)
			}
			if got := b.names("archive"); len(got) != 1 || !strings.HasPrefix(got[0], "refused-") {
				t.Errorf("archive %v", got)
			}
		})
	}
}

func TestGoodVariants(t *testing.T) {
	for name, text := range map[string]string{
		"BOM":            "\ufeff" + heading + "1,A,,\n2,B,,\n",
		"CRLF":           strings.ReplaceAll(heading+"1,A,,\n2,B,,\n", "\n", "\r\n"),
		"CR":             strings.ReplaceAll(heading+"1,A,,\n2,B,,\n", "\n", "\r"),
		"no end of line": heading + "1,A,,\n2,B,,",
		"empty lines":    "\n" + heading + "\n1,A,,\n\n2,B,,\n\n",
		"more columns":   "x,Student No,First,Last,mail,y\n,1,A,,,\n,2,\"A\nB\",,,\n",
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, plainOptions)
			b.drop("students.csv", text)
			b.story(b.clean(""), "+person stu-1 stu-2 -person")
		})
	}
}

func TestLatin1WhenTheOptionsSaySo(t *testing.T) {
	b := newBench(t, plainOptions+"encoding: latin-1\ncomma: \";\"\n")
	b.drop("students.csv", "Student No;First;Last;mail\n1;\xc5se;;\n")
	if p := b.clean(""); p.items[1].Record.Object.(*lis.Person).Part("First") != "Åse" {
		t.Errorf("%+v", p.items[1].Record)
	}
}

func TestUnfinishedFilesAreLeftAlone(t *testing.T) {
	b := newBench(t, plainOptions)
	for _, n := range []string{"students.csv.part", ".students.csv", "students.csv.tmp", "students.csv.errors.csv", "notes.txt"} {
		b.drop(n, heading+"1,A,,\n")
	}
	b.story(b.clean(""), "")
}

func TestDoneMarker(t *testing.T) {
	b := newBench(t, plainOptions+"ready: done\n")
	b.drop("students.csv", heading+"1,A,,\n")
	b.story(b.clean(""), "")
	b.drop("students.csv.done", "")
	p := b.clean("")
	b.story(p, "+person stu-1 -person")
	b.acknowledge(p.cursor)
	if got := b.names("."); !slices.Equal(got, []string{"archive"}) {
		t.Errorf("folder %v", got)
	}
}

func TestManifest(t *testing.T) {
	text := heading + "1,A,,\n2,B,,\n"
	for _, c := range []struct{ name, file, manifest, story, says string }{
		{"json", "manifest.json", fmt.Sprintf(`{"files":[{"name":"students.csv","sha256":%q,"rows":2,"mode":"full"}]}`, sum(text)), "+person stu-1 stu-2 -person", ""},
		{"csv, as a delta", "manifest.csv", "name,sha256,rows,mode\nstudents.csv," + strings.ToUpper(sum(text)) + ",2,delta\n", "stu-1 stu-2", ""},
		{"rows below", "manifest.csv", "name,sha256,rows,mode\nstudents.csv," + sum(text) + ",3,\n", "!students.csv", "2 rows; the manifest says 3"},
		{"checksum", "manifest.csv", "name,sha256,rows,mode\nstudents.csv," + sum("x") + ",,\n", "!students.csv", "the checksum is not the one"},
		{"path trick", "manifest.csv", "name,sha256,rows,mode\n../x.csv," + sum("x") + ",,\n", "!manifest", "not the name of a file in the folder"},
		{"nonsense", "manifest.json", "{", "!manifest", "manifest.json"},
		{"unknown file", "manifest.csv", "name,sha256,rows,mode\nother.txt," + sum("x") + ",,\n", "!manifest.csv", "nothing in the options fits"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, plainOptions+"ready: manifest\n", func(o *Options) { o.Together = 24 * time.Hour })
			b.drop("students.csv", text)
			b.story(b.clean(""), "")
			b.drop(c.file, c.manifest)
			p := b.pull("")
			b.story(p, c.story)
			if c.says != "" {
				b.says(p, c.says)
				return
			}
			b.acknowledge(p.cursor)
			if got := b.names("."); !slices.Equal(got, []string{"archive"}) || len(b.names("archive")) != 2 {
				t.Errorf("folder %v, archive %v", got, b.names("archive"))
			}
		})
	}
}

func TestManifestSaysThatAllAreGone(t *testing.T) {
	b := newBench(t, plainOptions+"ready: manifest\n")
	b.drop("students.csv", heading)
	b.drop("manifest.csv", "name,sha256,rows,mode\nstudents.csv,"+sum(heading)+",0,full\n")
	b.story(b.clean(""), "+person -person")
}

const twoFiles = plainOptions + `
  - name: staff*.csv
    kind: person
    id: key("staff", id)
    set: {family: name}
`

func TestTwoFullFilesOfAKindAreOneList(t *testing.T) {
	b := newBench(t, twoFiles)
	b.drop("students.csv", heading+"1,A,,\n")
	b.drop("staff.csv", "id,name\n7,Z\n")
	p := b.clean("")
	b.story(p, "+person stu-1 staff-7 -person")
	b.acknowledge(p.cursor)
	if got := b.names("archive"); len(got) != 2 {
		t.Errorf("archive %v", got)
	}
}

func TestFullFilesWaitForEachOtherAndThenSayThatTheyLack(t *testing.T) {
	b := newBench(t, twoFiles, func(o *Options) { o.Together = 2 * time.Hour })
	b.drop("students.csv", heading+"1,A,,\n")
	b.story(b.clean(""), "")
	b.now = b.now.Add(2 * time.Hour)
	p := b.pull("")
	b.story(p, "stu-1 !person")
	b.says(p, "[staff*.csv] is not in the folder")
}

func TestOneUnusableFileTakesTheMarksFromTheOther(t *testing.T) {
	b := newBench(t, twoFiles)
	b.drop("students.csv", heading+"1,A,,\n")
	b.drop("staff.csv", "id,nmae\n7,Z\n")
	p := b.pull("")
	b.story(p, "!staff.csv:1 stu-1 !person")
	b.says(p, "1 of 2 files cannot be used")
}

func TestNewestFullListCounts(t *testing.T) {
	b := newBench(t, plainOptions)
	b.drop("students-1.csv", heading+"1,A,,\n")
	b.drop("students-2.csv", heading+"2,B,,\n")
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(b.dir, "students-1.csv"), old, old); err != nil {
		t.Fatal(err)
	}
	p := b.clean("")
	b.story(p, "+person stu-2 -person")
	b.acknowledge(p.cursor)
	if got := b.names("archive"); len(got) != 2 {
		t.Errorf("archive %v", got)
	}
}

func TestReaderWhoStopsGetsNoCursor(t *testing.T) {
	b := newBench(t, plainOptions)
	b.drop("students.csv", heading+"1,A,,\n2,B,,\n")
	for it, err := range b.a.Pull(t.Context(), "") {
		if err != nil || it.Cursor != "" {
			t.Fatal(it, err)
		}
		if it.Key != "" {
			break
		}
	}
	b.story(b.clean(""), "+person stu-1 stu-2 -person")
}

func TestFolderThatIsNotThere(t *testing.T) {
	b := newBench(t, plainOptions, func(o *Options) { o.Folder = filepath.Join(o.Folder, "none") })
	if p := b.pull(""); adapters.ClassOf(p.err) != adapters.Unavailable || len(p.items) > 0 {
		t.Errorf("%v %v", p.items, p.err)
	}
	if err := b.a.Check(t.Context()); adapters.ClassOf(err) != adapters.Unavailable {
		t.Error(err)
	}
}

func TestLinkOutOfTheFolderIsNotFollowed(t *testing.T) {
	b := newBench(t, plainOptions)
	out := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(out, []byte(heading+"1,A,,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(out, filepath.Join(b.dir, "students.csv")); err != nil {
		t.Fatal(err)
	}
	b.story(b.clean(""), "")
}

func TestDropsAndRowsThatDoNotCount(t *testing.T) {
	b := newBench(t, `
files:
  - name: enrol*.csv
    mode: delta
    kind: membership
    id: key(section, person)
    when: section != "TEST"
    drop: state == "dropped"
    set:
      section: section
      person: person
      role: 'choose(role, {"S": "Learner", "T": "Instructor"})'
`)
	b.drop("enrol.csv", "section,person,role,state\nA,1,S,\nTEST,1,S,\nA,2,S,dropped\nA,3,X,\nA,4,,\n")
	p := b.pull("")
	b.story(p, "A-1 xA-2 !enrol.csv:5 !enrol.csv:6")
	b.says(p, `role (column role): the vocabulary has no word for "X"`)
	if p.items[2].Key != "A-3" {
		t.Errorf("a bad row with an id counts as present: %+v", p.items[2])
	}
}
