package review

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/table"
)

func TestContradictionsNameBoth(t *testing.T) {
	j := func(item, l, r, decision, by string) Judged {
		return Judged{ItemID: item, RecordL: l, RecordR: r, Decision: decision, By: by, On: judgedOn}
	}
	chain := map[string]Judged{"1": j("1", "a", "b", "same", "kim"), "2": j("2", "b", "c", "same", "lee"),
		"3": j("3", "a", "c", "different", "mo")}
	got := contradictions(chain)
	if len(got) != 1 || !strings.Contains(got[0].Error(), "item 3: mo") ||
		!strings.Contains(got[0].Error(), "item 2, where lee") {
		t.Errorf("%v", got)
	}
	delete(chain, "2")
	if got := contradictions(chain); got != nil {
		t.Errorf("no chain, and yet: %v", got)
	}
}

func TestSheets(t *testing.T) {
	for name, c := range map[string]struct {
		text, want string
		n          int
	}{
		"judged and not judged": {"item_id,decision,decided_by\n1,Same,kim\n2,,\n", "", 1},
		"another word": {"item_id,decision,decided_by\n1,perhaps,kim\n",
			"line 2: a decision is same or different", 0},
		"nobody":  {"item_id,decision,decided_by\n1,same,\n", "who judged it", 0},
		"no item": {"item_id,decision,decided_by\n,same,kim\n", "no item_id", 0},
		"a name as old spreadsheets save it": {"item_id,decision,decided_by\n1,same,\xc5se\n",
			"save the sheet as CSV UTF-8", 0},
		"another file": {"a,b\n", "no column item_id", 0},
	} {
		path := filepath.Join(t.TempDir(), "sheet.csv")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := ReadSheet(path)
		if len(got) != c.n || (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %d verdicts, %v", name, len(got), err)
		}
	}
	path := filepath.Join(t.TempDir(), "verdicts.csv")
	want := []Judged{{ItemID("a", "b"), "a", "b", "same", "kim, MD", judgedOn, "e", 2}}
	writeVerdicts(t, path, want)
	if got, err := ReadVerdicts(path); err != nil || len(got) != 1 || got[0] != want[0] {
		t.Errorf("read back: %+v, %v", got, err)
	}
	if got, err := ReadVerdicts(path + "x"); err != nil || got != nil {
		t.Errorf("no file yet: %v, %v", got, err)
	}
	want[0].RecordR = "c"
	writeVerdicts(t, path, want)
	if _, err := ReadVerdicts(path); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("an item of other records: %v", err)
	}
}

var judgedOn = table.NewDate(2026, 3, 2)

func writeVerdicts(t *testing.T, path string, list []Judged) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := WriteVerdicts(f, list); err != nil {
		t.Fatal(err)
	}
}
