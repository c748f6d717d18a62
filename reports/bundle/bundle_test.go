package bundle

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"miic/internal/lake"
	"miic/internal/table"
	"miic/reports/recipient"
)

var day = table.NewDate(2026, 3, 2)

// nightOf makes a folder of a night with these files, and its plan.
func nightOf(t *testing.T, book *recipient.Book, files map[string]string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	for name, text := range files {
		path := filepath.Join(out, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Plan(out, book, day); err != nil {
		t.Fatal(err)
	}
	return out
}

func entry(id string, keys []string, receives ...string) recipient.Recipient {
	return recipient.Recipient{ID: id, Name: id, Keys: keys, Plain: true, Receives: receives,
		Agreement: recipient.Agreement{ID: "A", Ends: day}}
}

func identity(t *testing.T) *age.X25519Identity {
	t.Helper()
	i, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// opened decrypts a bundle and returns its files.
func opened(t *testing.T, path string, who age.Identity) map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	plain, err := age.Decrypt(f, who)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range z.File {
		r, err := e.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name] = string(text)
	}
	return files
}

func TestABundleHoldsWhatItsRecipientMayHaveAndOpensWithEachKey(t *testing.T) {
	one, two, other := identity(t), identity(t), identity(t)
	ended := entry("ended", []string{other.Recipient().String()}, "regions/central")
	ended.Agreement.Ends = day - 1
	book := &recipient.Book{Recipients: []recipient.Recipient{
		entry("metro", []string{one.Recipient().String(), two.Recipient().String()}, "regions/metro", "clinics/elm", "newborns",
			"records"),
		entry("plain", nil, "regions/north"), ended}}
	files := map[string]string{"regions/metro/recall.csv": "metro\r\n", "regions/metro/open/a.csv": "open\r\n",
		"regions/metropolis/recall.csv": "x", "clinics/elm/due.csv": "elm\r\n", "regions/north/recall.csv": "n",
		"regions/central/recall.csv": "c", "run.html": "page", "newborns/newborns.csv": "b",
		"records/record-7.pdf": "a family's own"}
	out := nightOf(t, book, files)
	made, err := Seal(out, "")
	if err != nil || len(made) != 1 || made[0].Path != "bundles/metro.zip.age" {
		t.Fatalf("%+v, %v", made, err)
	}
	path := filepath.Join(out, made[0].Path)
	for _, who := range []age.Identity{one, two} {
		got := opened(t, path, who)
		var names []string
		for name, text := range got {
			names = append(names, name)
			if name != "MANIFEST.txt" && text != files[name] {
				t.Errorf("%s is %q", name, text)
			}
		}
		slices.Sort(names)
		want := []string{"MANIFEST.txt", "clinics/elm/due.csv", "newborns/newborns.csv", "regions/metro/open/a.csv",
			"regions/metro/recall.csv"}
		if !slices.Equal(names, want) {
			t.Errorf("it holds %q", names)
		}
		_, sum, err := lake.HashFile(filepath.Join(out, "clinics/elm/due.csv"))
		if err != nil || !strings.Contains(got["MANIFEST.txt"], sum+"  clinics/elm/due.csv\n") {
			t.Errorf("the manifest is\n%s", got["MANIFEST.txt"])
		}
	}
	sealed, err := os.ReadFile(path)
	if err != nil || bytes.Contains(sealed, []byte("metro")) {
		t.Errorf("what is inside can be read from outside, %v", err)
	}
	if _, err := age.Decrypt(bytes.NewReader(sealed), other); err == nil {
		t.Error("another's key opens it")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestAnUnchangedBundleIsNotEncryptedAgain(t *testing.T) {
	key, next := identity(t).Recipient().String(), identity(t).Recipient().String()
	book := &recipient.Book{Recipients: []recipient.Recipient{entry("metro", []string{key}, "regions/metro")}}
	files := map[string]string{"regions/metro/recall.csv": "row\r\n", "run.html": "Monday"}
	seal := func(out, before string) lake.File {
		t.Helper()
		made, err := Seal(out, before)
		if err != nil || len(made) != 1 {
			t.Fatalf("%v, %v", made, err)
		}
		again, err := Made(out)
		if err != nil || len(again) != 1 || again[0].SHA256 != made[0].SHA256 || lake.Verify(filepath.Join(out, made[0].Path), again[0]) != nil {
			t.Fatalf("what is on record, %v, is not what was made, %v (%v)", again, made, err)
		}
		return made[0]
	}
	monday := nightOf(t, book, files)
	first := seal(monday, "")
	if first.SHA256 == seal(monday, "").SHA256 {
		t.Error("an attempt that was cut off is taken up as it is")
	}
	first = seal(monday, "")
	files["run.html"] = "Tuesday"
	tuesday := nightOf(t, book, files)
	if same := seal(tuesday, monday); same.SHA256 != first.SHA256 {
		t.Error("the same plain bytes were encrypted again")
	}
	files["regions/metro/recall.csv"] = "other\r\n"
	if other := seal(nightOf(t, book, files), monday); other.SHA256 == first.SHA256 {
		t.Error("other rows lie in the former bundle")
	}
	files["regions/metro/recall.csv"] = "row\r\n"
	book.Recipients[0].Keys = []string{next}
	if other := seal(nightOf(t, book, files), monday); other.SHA256 == first.SHA256 {
		t.Error("a new key has the former bundle")
	}
	book.Recipients[0].Keys = []string{key}
	if err := os.WriteFile(filepath.Join(monday, first.Path), []byte("spoilt"), 0o600); err != nil {
		t.Fatal(err)
	}
	if other := seal(nightOf(t, book, files), monday); other.SHA256 == first.SHA256 {
		t.Error("a spoilt bundle was taken over")
	}
}

func TestTwoRunsAreAlikeBeforeEncryption(t *testing.T) {
	book := &recipient.Book{Recipients: []recipient.Recipient{entry("metro", []string{identity(t).Recipient().String()}, "regions/metro")}}
	files := map[string]string{"regions/metro/recall.csv": strings.Repeat("row\r\n", 5000), "regions/metro/b.csv": "b"}
	var plain, plans [2][]byte
	for i := range plain {
		out := nightOf(t, book, files)
		var list []Bundle
		if err := readJSON(filepath.Join(out, planPath), &list); err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		var b bytes.Buffer
		if err := list[0].archive(&b, out); err != nil {
			t.Fatal(err)
		}
		plain[i] = b.Bytes()
		var err error
		if plans[i], err = os.ReadFile(filepath.Join(out, planPath)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(out, "regions/metro/b.csv"), []byte("c"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := list[0].archive(io.Discard, out); err == nil {
			t.Error("a file that has changed since the plan is sealed")
		}
	}
	if !bytes.Equal(plain[0], plain[1]) || !bytes.Equal(plans[0], plans[1]) || len(plain[0]) == 0 {
		t.Error("two runs differ")
	}
}

// TestSealingThatWasKilled: the next attempt completes what one has left between two archives, or in the middle of one; a
// bundle that is as on the night before is not encrypted again by either.
func TestSealingThatWasKilled(t *testing.T) {
	who := identity(t)
	key := []string{who.Recipient().String()}
	book := &recipient.Book{Recipients: []recipient.Recipient{entry("a", key, "regions/a"), entry("b", key, "regions/b"),
		entry("c", key, "regions/c")}}
	files := map[string]string{"regions/a/recall.csv": "same", "regions/b/recall.csv": "Monday", "regions/c/recall.csv": "Monday"}
	monday := nightOf(t, book, files)
	before, err := Seal(monday, "")
	if err != nil {
		t.Fatal(err)
	}
	files["regions/b/recall.csv"], files["regions/c/recall.csv"] = "Tuesday", "Tuesday"
	out := nightOf(t, book, files)
	last := filepath.Join(out, "regions/c/recall.csv")
	if err := os.WriteFile(last, []byte("cut off"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Seal(out, monday); err == nil || !strings.Contains(err.Error(), "bundle of c") {
		t.Fatalf("the third bundle was sealed: %v", err)
	}
	if made, err := Made(out); err != nil || len(made) > 0 {
		t.Errorf("an attempt that was cut off has made %v, %v", made, err)
	}
	if err := os.WriteFile(last, []byte("Tuesday"), 0o600); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(monday, before[2].Path))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(out, before[2].Path), whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	made, err := Seal(out, monday)
	if err != nil || len(made) != 3 || made[0].SHA256 != before[0].SHA256 {
		t.Fatalf("%v, %v: the unchanged one was encrypted again: %v", made, err, before)
	}
	for i, name := range []string{"a", "b", "c"} {
		path := filepath.Join(out, made[i].Path)
		if got := opened(t, path, who)["regions/"+name+"/recall.csv"]; got != files["regions/"+name+"/recall.csv"] ||
			lake.Verify(path, made[i]) != nil {
			t.Errorf("%s holds %q", name, got)
		}
	}
	entries, err := os.ReadDir(filepath.Join(out, "bundles"))
	if err != nil || len(entries) != 5 {
		t.Errorf("beside the three bundles, the plan and the record there are %v, %v", entries, err)
	}
}

// TestOverview: what the page says of each recipient of nightly files.
func TestOverview(t *testing.T) {
	two := []string{identity(t).Recipient().String(), identity(t).Recipient().String()}
	late, none := entry("late", two, "regions/c"), entry("none", nil, "regions/d")
	late.Agreement = recipient.Agreement{ID: "L", Ends: day - 1}
	none.Plain = false
	book := &recipient.Book{Recipients: []recipient.Recipient{entry("keys", two, "regions/a", "lot"), entry("one", two[:1], "regions/e"),
		entry("plain", nil, "regions/b", "state"), late, none, entry("asks", two, "lot", "records")}}
	out := nightOf(t, book, map[string]string{"regions/a/x.csv": "12345", "regions/b/open/y.csv": "123", "state/z.csv": "1"})
	list, err := Overview(out, book, day)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range list {
		got = append(got, fmt.Sprintf("%s %d %d %s", e.ID, e.Files, e.Bytes, e.How))
	}
	want := []string{"keys 1 5 sealed to its 2 keys", "one 0 0 nothing tonight",
		"plain 2 4 plain folder, not sealed: its entry has no key",
		"late 0 0 not written: agreement L with late ended on 2026-03-01",
		"none 0 0 not written: none has no key, and its entry does not allow the plain folder"}
	if !slices.Equal(got, want) {
		t.Errorf("the overview is\n%q, want\n%q", got, want)
	}
}
