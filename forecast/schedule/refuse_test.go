package schedule

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"miic/forecast/cdsi"
	"miic/internal/testdata"
)

// releaseWith copies the release into a folder with one file changed by replacing text once.
func releaseWith(t *testing.T, folder, file, old, new string) string {
	t.Helper()
	from, to := testdata.Dir(t, builtinRelease), filepath.Join(t.TempDir(), folder)
	if err := os.Mkdir(to, 0o700); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(from, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if e.Name() == file {
			if !strings.Contains(string(data), old) {
				t.Fatalf("%s does not hold %q", file, old)
			}
			data = []byte(strings.Replace(string(data), old, new, 1))
			if new == "remove the file" {
				continue
			}
		}
		if err := os.WriteFile(filepath.Join(to, e.Name()), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

const hepB = "AntigenSupportingData- HepB-508.xml"

func TestDamagedReleaseIsRefusedWithFileElementAndReason(t *testing.T) {
	for _, c := range []struct{ name, file, old, new, want string }{
		{"cut off", hepB, "</antigenSupportingData>", "", hepB + ": not readable as XML"},
		{"not a duration", hepB, "<minAge>4 weeks</minAge>", "<minAge>4 moons</minAge>", "minAge"},
		{"not a date", hepB, "<effectiveDate/>", "<effectiveDate>20250230</effectiveDate>", "effectiveDate: no such day"},
		{"not a code", hepB, "<cvx>08</cvx>", "<cvx>eight</cvx>", "cvx"},
		{"unknown word", hepB, "<defaultSeries>No</defaultSeries>", "<defaultSeries>Perhaps</defaultSeries>", "defaultSeries"},
		{"dose out of order", hepB, "<doseNumber>Dose 2</doseNumber>", "<doseNumber>Dose 3</doseNumber>", "doseNumber"},
		{"foreign series", hepB, "<targetDisease>HepB</targetDisease>", "<targetDisease>HepC</targetDisease>", "targetDisease"},
		{"unknown vaccine group", hepB, "<vaccineGroup>HepB</vaccineGroup>", "<vaccineGroup>HepX</vaccineGroup>", "element vaccineGroup: group \"HepX\""},
		{"antigen file missing", hepB, "", "remove the file", "HepB"},
		{"schedule file missing", scheduleFile, "", "remove the file", scheduleFile + ": the file is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _, err := ReadXML(releaseWith(t, "release 4.64", c.file, c.old, c.new))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want one with %q", err, c.want)
			}
			if s != nil {
				t.Error("a schedule came with the error")
			}
		})
	}
}

func TestReleaseWithoutANumberIsKnownByItsContent(t *testing.T) {
	a, _, err := ReadXML(releaseWith(t, "latest", hepB, "4 weeks", "4 weeks"))
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := ReadXML(releaseWith(t, "latest", hepB, "4 weeks", "5 weeks"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(a.Version, "sha256-") || a.Version == b.Version {
		t.Errorf("versions %q and %q; want two different hashes", a.Version, b.Version)
	}
}

func TestOdditiesAreNamed(t *testing.T) {
	_, notes, err := ReadXML(releaseWith(t, "release 4.64", hepB, "<productPath>",
		"<surprise>new</surprise>\n<productPath>"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, n := range notes {
		all.WriteString(n.String() + "\n")
	}
	for _, want := range []string{"series/selectSeries/surprise is not known", "no preferable vaccine",
		"no preference: ranked last", "occurs twice; the longer wait is kept"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("no note has %q", want)
		}
	}
}

func small() fstest.MapFS {
	return fstest.MapFS{
		commonFile: {Data: []byte(formatHeader + "\nversion own\ngroup A A\ncontains 01 A\n")},
		"antigens/a.txt": {Data: []byte("antigen A\nseries a\nchoose standard group=1 for=A priority=A\ndose 1\nallowable " +
			"01\n")},
	}
}

func TestDamagedTextIsRefusedWithFileAndLine(t *testing.T) {
	if _, err := Read(small()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ file, text, want string }{
		{commonFile, "version 1\n", "schedule.txt line 1"},
		{commonFile, "", "schedule.txt is empty"},
		{commonFile, formatHeader + "\nversion own\ngroup A A\ncontains 01 B\n", `antigen "B"`},
		{commonFile, formatHeader + "\nversion own\ngroup A A\ncontains 01 A\nconflict 01 02 begin=1d\n", "lacks an interval"},
		{"antigens/a.txt", "series a\n", "line 1"},
		{"antigens/a.txt", "antigen A\nseries a\ndose 2\n", "line 3: dose 2 where dose 1"},
		{"antigens/a.txt", "antigen A\nseries a\ndose 1\nage min=1x\n", "line 4"},
		{"antigens/a.txt", "antigen A\nseries a\ndose 1\nage min=1y minimum=1y\n", "minimum= is not expected"},
		{"antigens/a.txt", "antigen A\nseries a\ndose 1\nif-age begin=1y\n", "condition outside a set"},
		{"antigens/a.txt", "antigen A\nseries \"a\n", "quotation"},
	} {
		fsys := small()
		maps.Copy(fsys, fstest.MapFS{c.file: {Data: []byte(c.text)}})
		if _, err := Read(fsys); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want one with %q", c.text, err, c.want)
		}
	}
}

func TestDiffNamesTheFactsThatChanged(t *testing.T) {
	old, err := Read(small())
	if err != nil {
		t.Fatal(err)
	}
	fsys := small()
	a := string(fsys["antigens/a.txt"].Data)
	fsys["antigens/a.txt"].Data = []byte(strings.Replace(a, "dose 1\n", "dose 1\nage min=1y\n", 1))
	changed, err := Read(fsys)
	if err != nil {
		t.Fatal(err)
	}
	if d := Diff(old, old); len(d) != 0 {
		t.Errorf("a schedule differs from itself: %v", d)
	}
	got := Diff(old, changed)
	want := Change{true, "antigen A, series a, dose 1: age min=1y"}
	if len(got) != 1 || got[0] != want {
		t.Errorf("got %+v, want only %+v", got, want)
	}
	if back := Diff(changed, old); len(back) != 1 || back[0].Added {
		t.Errorf("the other way round: %+v", back)
	}
}

func FuzzRead(f *testing.F) {
	for _, file := range small() {
		f.Add(string(file.Data))
	}
	if data, err := builtin.ReadFile("data/antigens/varicella.txt"); err == nil {
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		fsys := small()
		fsys["antigens/a.txt"].Data = []byte(text)
		s, err := Read(fsys)
		if err != nil {
			return
		}
		// What was read can be written and read again, and the engine survives it.
		dir := t.TempDir()
		if err := Write(s, dir); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(os.DirFS(dir)); err != nil {
			t.Fatalf("written form is refused: %v", err)
		}
		e, err := cdsi.NewEngine(s)
		if err != nil {
			t.Fatal(err)
		}
		birth := cdsi.MakeDay(2000, 1, 31)
		p := cdsi.Person{Birth: birth, Doses: []cdsi.Dose{{CVX: 1, Date: birth + 400, Expiry: cdsi.NoDay},
			{CVX: 1, Date: birth + 800, Expiry: cdsi.NoDay}}}
		e.NewWorker().Forecast(&p, birth+1000)
	})
}

func FuzzReadXML(f *testing.F) {
	if data, err := os.ReadFile(filepath.Join(testdata.Dir(f, builtinRelease),
		"AntigenSupportingData- Chikungunya-508.xml")); err == nil {
		f.Add(string(data))
	}
	f.Add("<scheduleSupportingData><vaccineGroups><vaccineGroup><name>A</name></vaccineGroup></vaccineGroups></scheduleSupportingData>")
	f.Add("<antigenSupportingData><series><seriesName>a</seriesName><targetDisease>A</targetDisease></series></antigenSupportingData>")
	f.Fuzz(func(t *testing.T, text string) {
		root, err := parseTree(strings.NewReader(text))
		if err != nil {
			return
		}
		x := newXMLReader()
		if x.document("a.xml", root, root.name == "antigenSupportingData") == nil {
			_, _ = x.finish() // it may refuse, it may not fall over
		}
	})
}
