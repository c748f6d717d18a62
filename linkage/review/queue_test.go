package review

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"miic/internal/table"
)

// An id of digits, or of digits and one e, is a number to a spreadsheet, and comes back rounded: the sheet
// marks ids, and what is read back is the same with the mark and without.
func TestIDsInTheSheetAreText(t *testing.T) {
	q := &Queue{Questions: []Question{{ItemID: "1234567890123456", Evidence: "12345678901234e5"}}}
	var sheet strings.Builder
	if err := q.WriteCSV(&sheet); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(sheet.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range []string{rows[1][0], rows[1][14]} {
		if _, err := strconv.ParseFloat(cell, 64); err == nil {
			t.Errorf("%s is a number", cell)
		}
	}
	filled := strings.Replace(sheet.String(), "#1234567890123456,,", "#1234567890123456,Same,kim", 1)
	path := filepath.Join(t.TempDir(), "sheet.csv")
	for _, text := range []string{filled, "\ufeff" + strings.ReplaceAll(filled, "#", "")} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := ReadSheet(path)
		if err != nil || len(got) != 1 {
			t.Fatalf("read back as %+v, %v", got, err)
		}
		if got[0].ItemID != q.Questions[0].ItemID || got[0].Evidence != q.Questions[0].Evidence {
			t.Errorf("read back as %+v, %v", got, err)
		}
	}
}

// The bars of a waterfall begin where the one before ends, stay on the line, and end at the weight.
func TestTheWaterfallHangsTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &Pair{}
		for _, b := range rapid.SliceOfN(rapid.Float64Range(-15, 15), 1, 12).Draw(t, "bits") {
			p.Steps = append(p.Steps, Step{Part: "x", Level: "y", Bits: b})
			p.Weight += b
		}
		at, perBit := 0.0, 0.0
		for i, b := range fall(p) {
			if b.From < -1e-6 || b.From+b.Width > 100+1e-6 {
				t.Fatalf("bar %d lies from %f, %f wide", i, b.From, b.Width)
			}
			begin, end := b.From, b.From+b.Width
			if b.Against {
				begin, end = end, begin
			}
			if i == 0 {
				at = b.Zero
			}
			if math.Abs(begin-at) > 1e-6 {
				t.Fatalf("bar %d begins at %f, the one before ends at %f", i, begin, at)
			}
			at = end
			if math.Abs(b.Bits) > 1e-3 {
				perBit = b.Width / math.Abs(b.Bits)
			}
		}
		if zero := fall(p)[0].Zero; perBit > 0 && math.Abs(at-zero-p.Weight*perBit) > 1e-3 {
			t.Fatalf("the last bar ends at %f; the weight lies at %f", at, zero+p.Weight*perBit)
		}
	})
}

// Names are data: what looks like markup must not become any.
func TestReviewPageEscapes(t *testing.T) {
	pair := &Pair{Probabilities: map[string]float64{},
		Steps: []Step{{Part: "first", Left: "<script>x", Right: "O'HARA"}}}
	q := &Queue{Questions: []Question{{ItemID: "1", Family: 1, Pair: pair}}}
	var page strings.Builder
	if err := q.WriteHTML(&page); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page.String(), "<script>x") || !strings.Contains(page.String(), "&lt;script&gt;x") {
		t.Error("a name became markup")
	}
	if !strings.Contains(page.String(), "given name") {
		t.Error("the page has no field called given name")
	}
}

// TestTheQueueIsByLettersThenHarm is item 6: questions about one household are together, a death comes first, then what
// most letters wait for, then the most harm.
func TestTheQueueIsByLettersThenHarm(t *testing.T) {
	standard := map[string]*table.StandardRecord{}
	record := func(id, street, guardian, phone string) Side {
		standard[id] = &table.StandardRecord{RecordID: id, Street: street, ZIP: "55802", GuardianFirst: guardian,
			GuardianLast: "DOE", Phone: phone}
		return Side{RecordID: id, ClientID: int64(len(standard))}
	}
	list := []Question{
		{ItemID: "harmful", Harm: 9, Left: record("a", "", "", ""), Right: record("b", "", "", "")},
		{ItemID: "one letter", Harm: 1, Letters: 1, Left: record("c", "1 ELM", "JO", ""), Right: record("d", "2 ELM", "JO", "")},
		{ItemID: "same guardian", Harm: 3, Left: record("e", "2 ELM ST", "JO", ""), Right: record("f", "3 ELM", "", "6125550177")},
		{ItemID: "same phone", Harm: .5, Letters: 1, Left: record("g", "3 ELM", "", "6125550177"), Right: record("h", "", "", "")},
		{ItemID: "another flat", Harm: 2, Letters: 1, Left: record("i", "1 ELM", "PAT", "6125550188"), Right: record("j", "", "", "")},
		{ItemID: "death", Harm: deathHarm, Left: record("k", "9 OAK", "", ""), Right: Side{RecordID: "death:1"}},
	}
	standard["d"].Street = "2 ELM STREET"
	byFamily(list, standard)
	var got []string
	for _, q := range list {
		got = append(got, fmt.Sprint(q.Family, " ", q.ItemID))
	}
	want := []string{"1 death", "2 one letter", "2 same phone", "2 same guardian", "3 another flat", "4 harmful"}
	if !slices.Equal(got, want) {
		t.Errorf("order %q, want %q", got, want)
	}
}

func TestDosesAreAligned(t *testing.T) {
	day := table.NewDate(2020, 1, 2)
	got := aligned([]doseOn{{1, day, 20}, {1, day + 3, 10}}, []doseOn{{2, day, 21}, {2, day, 133}})
	if len(got) != 2 || got[0].On != "2020-01-02" || len(got[1].Right) != 0 ||
		!slices.Equal(got[0].Left, []int16{20}) || !slices.Equal(got[0].Right, []int16{21, 133}) {
		t.Errorf("%+v", got)
	}
}

// A question says first why it waits, sorts fields by whether they differ, and gives the harm with its unit.
func TestAQuestionIsShownInShort(t *testing.T) {
	pair := &Pair{Probabilities: map[string]float64{}, Holds: []string{"it may be a twin"}, Steps: []Step{
		{Part: "prior", Level: "x"}, {Part: "first", Left: "ANN", Right: "ANNA"}, {Part: "last", Left: "OH", Right: "OH"},
		{Part: "middle", Left: "MAY"}, {Part: "doses apart", Left: "2020-01-02", Right: "2020-01-03"}}}
	doses := aligned([]doseOn{{1, 10, 20}, {1, 13, 10}}, []doseOn{{2, 10, 20}, {2, 10, 3}})
	q := &Queue{Questions: []Question{
		{ItemID: "1", Family: 1, Harm: deathHarm, Reason: "may have died"},
		{ItemID: "2", Family: 2, Harm: 2.5, Reason: "held: twin", Pair: pair, Doses: doses},
		{ItemID: "3", Family: 2, Reason: "birth dates differ", Evidence: "turn:1"}}}
	list := q.shown(3)
	if s := list[1]; len(s.Differ) != 1 || len(s.Equal) != 1 || len(s.OneSided) != 1 || s.Place != 1 || s.Size != 2 ||
		strings.Join(s.Why(), "|") != "it may be a twin" ||
		s.DoseWords() != "2 and 2; 1 day in common, with 1 dose of the same vaccine" {
		t.Errorf("%+v, %s", s, s.DoseWords())
	}
	var harms []string
	for _, s := range list {
		harms = append(harms, s.HarmWords())
	}
	if want := "a death, expected harm 2.5 doses, one record that contradicts itself"; strings.Join(harms, ", ") != want {
		t.Errorf("%q, want %q", harms, want)
	}
	if got := q.shown(2); len(got) != 2 || got[1].Size != 2 || got[1].Total != 3 {
		t.Errorf("of a page that is too short: %+v", got)
	}
}
