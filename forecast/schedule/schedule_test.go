package schedule

import (
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"miic/forecast/cdsi"
	"miic/internal/testdata"
)

var update = flag.Bool("update", false, "write the built-in schedule anew from CDC's XML")

const builtinRelease = "cdsi/supporting-data-4.64"

// The built-in schedule is CDC's release, nothing more and nothing less.
func TestBuiltInScheduleEqualsTheRelease(t *testing.T) {
	fromXML, notes, err := ReadXML(testdata.Dir(t, builtinRelease))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range notes {
		if strings.Contains(n.What, "not known to this program") {
			t.Errorf("an element of the release is ignored: %s", n)
		}
	}
	if *update {
		if err := Write(fromXML, "data"); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	if diff := difference(fromXML, got); diff != "" {
		t.Errorf("built-in schedule differs from the release (-release +built in):\n%s", diff)
	}
	if got.Version != "4.64" || len(got.Antigens) != 30 || len(got.Groups) != 26 {
		t.Errorf("version %s with %d antigens in %d groups; want 4.64 with 30 in 26", got.Version, len(got.Antigens),
			len(got.Groups))
	}
}

// difference is cmp.Diff, which takes seconds on a whole schedule, only when there is one.
func difference(a, b *cdsi.Schedule) string {
	if reflect.DeepEqual(a, b) {
		return ""
	}
	return cmp.Diff(a, b, cmpopts.EquateEmpty())
}

func TestWriteThenReadGivesTheSameSchedule(t *testing.T) {
	s, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := Write(s, dir); err != nil {
		t.Fatal(err)
	}
	back, err := Read(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if diff := difference(s, back); diff != "" {
		t.Error(diff)
	}
	var text strings.Builder
	if err := Text(&text, s); err != nil {
		t.Fatal(err)
	}
	if back, err = ReadText(strings.NewReader(text.String())); err != nil {
		t.Fatal(err)
	}
	if diff := difference(s, back); diff != "" {
		t.Error("as one text: ", diff)
	}
}
