package record

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"miic/internal/pdf/proof"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/healthcard"
	cards "miic/reports/healthcard/proof"
	"miic/reports/letter"
)

var (
	asOf = table.NewDate(2026, 3, 2)
	born = table.NewDate(2019, 5, 31)
)

// town is a night of a few people.
type town struct {
	clients  []table.Client
	doses    []table.Immunization
	judged   []table.DoseEvaluation
	needs    []table.Forecast
	facts    []table.Observation
	links    []table.ClientLink
	forbids  []table.Restriction
	schedule []table.ScheduleLine
}

func newTown() *town {
	w := &town{}
	for i, line := range []string{"miic-schedule 1", `group DTaP/Tdap/Td Diphtheria Pertussis Tetanus`, "group HepB HepB",
		"group MMR Measles Mumps Rubella full=yes", `group "Meningococcal B" "Meningococcal B"`, "group Polio Polio", "group Varicella Varicella",
		"antigen Varicella", "  immune 023,024,025"} {
		w.schedule = append(w.schedule, table.ScheduleLine{Line: int32(i + 1), Text: line})
	}
	return w
}

func (w *town) person(id int64, first, last string) {
	w.clients = append(w.clients, table.Client{ClientID: id, FirstName: first, LastName: last, BirthDate: born, Language: "es",
		Region: "metro", Status: "active", Contact: "allowed"})
	w.links = append(w.links, table.ClientLink{RecordID: fmt.Sprint("r", id), ClientID: id, Since: 1})
}

// dose is given, and judged for each antigen: "Measles Valid", "Mumps Not Valid: too young|too soon".
func (w *town) dose(client int64, on table.Date, cvx int16, trade string, reported bool, judged ...string) {
	id := fmt.Sprintf("%d-%d", client, len(w.doses))
	w.doses = append(w.doses, table.Immunization{ImmunizationID: id, ClientID: client, AdministeredOn: on, CVX: cvx, TradeName: trade,
		Historical: reported, EventID: id, Lot: "L" + id})
	for _, j := range judged {
		j, why, _ := strings.Cut(j, ": ")
		e := table.DoseEvaluation{ClientID: client, ImmunizationID: id, AdministeredOn: on, CVX: cvx, Reasons: why}
		for _, status := range []string{"Not Valid", "Valid", "Extraneous", "Sub-standard", "Not Evaluated", "Unknown Vaccine"} {
			if antigen, ok := strings.CutSuffix(j, status); ok {
				e.Antigen, e.Status = strings.TrimSpace(antigen), status
				break
			}
		}
		w.judged = append(w.judged, e)
	}
}

// read is what is on record about people.
func (w *town) read(t *testing.T, ids ...int64) []*Record {
	t.Helper()
	b, err := pipeline.NewBench(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	var writes []string
	for _, tb := range Tables {
		writes = append(writes, tb.Name)
	}
	s := pipeline.Stage{Name: "town", Writes: writes, Run: func(_ context.Context, r *pipeline.Run) error {
		for i := range w.facts {
			w.facts[i].Snapshot = r.Snapshot
		}
		for _, err := range []error{pipeline.Write(r, table.Clients, w.clients), pipeline.Write(r, table.Immunizations, w.doses),
			pipeline.Write(r, table.DoseEvaluations, w.judged), pipeline.Write(r, table.Observations, w.facts),
			pipeline.Write(r, table.ClientLinks, w.links), pipeline.Write(r, table.Forecasts, w.needs),
			pipeline.Write(r, table.Restrictions, w.forbids), pipeline.Write(r, table.ScheduleLines, w.schedule)} {
			if err != nil {
				return err
			}
		}
		return nil
	}}
	if _, err := b.Night(t.Context(), asOf, nil, s); err != nil {
		t.Fatal(err)
	}
	if err := View(t.Context(), b.Engine, b.Files); err != nil {
		t.Fatal(err)
	}
	list, err := Read(t.Context(), b.Engine, ids)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// ana has one dose of each kind that a record tells apart.
func ana() *town {
	w := newTown()
	w.person(1204, "Ana María", "Ñúñez")
	w.dose(1204, born, 8, "", false, "HepB Valid")
	w.dose(1204, born+31, 8, "ENGERIX-B", true, "HepB Not Valid: too soon")
	w.dose(1204, born.AddMonths(2), 110, "PEDIARIX", false, "Diphtheria Valid", "HepB Valid", "Pertussis Valid", "Polio Valid", "Tetanus Valid")
	w.dose(1204, born.AddMonths(11), 3, "M-M-R II", false, "Measles Not Valid: too young", "Mumps Not Valid: too young|vaccine conflict",
		"Rubella Not Valid: too young")
	w.dose(1204, born.AddMonths(13), 3, "", true, "Measles Valid", "Mumps Valid", "Rubella Valid")
	w.dose(1204, born.AddMonths(60), 115, "BOOSTRIX", false, "Diphtheria Valid", "Pertussis Not Valid: inadvertent vaccine", "Tetanus Valid")
	w.dose(1204, born.AddMonths(62), 10, "", false, "Polio Extraneous: series already complete")
	w.dose(1204, born.AddMonths(63), 162, "", false, "Meningococcal B Not Evaluated")
	w.dose(1204, born.AddMonths(64), 999, "", true, "Unknown Vaccine: unknown vaccine")
	w.facts = []table.Observation{
		{ObservationID: "1", RecordID: "r1204", Sender: "elm", Action: "A", Kind: "immunity", Code: "SCT:38907003", CDSiCode: "024", ObservedOn: born + 900},
		{ObservationID: "5", RecordID: "r1204", Sender: "elm", Action: "A", Kind: "immunity", Code: "SCT:1", ObservedOn: born + 950},
		{ObservationID: "2", RecordID: "r1204", Sender: "oak", Action: "A", Kind: "immunity", Code: "SCT:38907003", CDSiCode: "024", ObservedOn: born + 900},
		{ObservationID: "3", RecordID: "r1204", Sender: "elm", Action: "A", Kind: "refusal", Code: "NIP002:00", CVX: 3},
		{ObservationID: "6", RecordID: "r1204", Sender: "elm", Action: "A", Kind: "refusal", Code: "NIP002:01", CVX: 3, ObservedOn: born + 400},
		{ObservationID: "4", RecordID: "r1204", Sender: "elm", Action: "D", Kind: "reaction", Code: "CDCPHINVS:VXC14", CVX: 3}}
	w.needs = []table.Forecast{
		{ClientID: 1204, Group: "Varicella", Kind: "standard", Status: "Immune"},
		{ClientID: 1204, Group: "MMR", Kind: "standard", Status: "Not Complete", Earliest: asOf - 9, Recommended: asOf - 3, PastDue: asOf + 20},
		{ClientID: 1204, Group: "HepB", Kind: "standard", Status: "Complete"},
		{ClientID: 1204, Group: "Polio", Kind: "standard", Status: "Not Complete", Recommended: asOf + 40, Assumed: true}}
	return w
}

// TestEachDoseSaysWhetherItCounts: by vaccine group, with the reasons; a dose of several antigens counts in part where it
// counts for some.
func TestEachDoseSaysWhetherItCounts(t *testing.T) {
	r := ana().read(t, 1204, 999)
	if len(r) != 1 {
		t.Fatalf("%d records", len(r))
	}
	want := [][]Count{
		{{"HepB", Yes, nil}}, {{"HepB", No, []string{"too_soon"}}},
		{{"DTaP/Tdap/Td", Yes, nil}, {"HepB", Yes, nil}, {"Polio", Yes, nil}},
		{{"MMR", No, []string{"too_young", "vaccine_conflict"}}}, {{"MMR", Yes, nil}},
		{{"DTaP/Tdap/Td", InPart, []string{"inadvertent"}}}, {{"Polio", No, []string{"series_complete"}}},
		{{"Meningococcal B", NotJudged, nil}}, {{"", No, []string{"unknown_vaccine"}}},
	}
	for i, d := range r[0].Doses {
		if !reflect.DeepEqual(d.Counts, want[i]) {
			t.Errorf("dose %d of %d: %+v, want %+v", i, d.CVX, d.Counts, want[i])
		}
	}
	if r[0].Doses[0].Source != "given" || r[0].Doses[1].Source != "reported" || len(r[0].Doses) != len(want) {
		t.Errorf("doses %+v", r[0].Doses)
	}
	// The chickenpox is why Ana is immune; the schedule does not know what the other code says.
	if want := []Fact{{Kind: "immunity", Group: "Varicella", Code: "SCT:38907003", On: Day(born + 900)},
		{Kind: "exemption", Code: "NIP002:01", CVX: 3, On: Day(born + 400)},
		{Kind: "immunity", Code: "SCT:1", On: Day(born + 950)}}; !reflect.DeepEqual(r[0].Facts, want) {
		t.Errorf("facts %+v, want %+v", r[0].Facts, want)
	}
	if want := []Next{{"MMR", Day(asOf - 9), Day(asOf - 3), Day(asOf + 20)}}; !reflect.DeepEqual(r[0].Next, want) {
		t.Errorf("next %+v, want %+v", r[0].Next, want)
	}
}

// catalog has every translation approved.
func catalog(t testing.TB) *letter.Catalog {
	t.Helper()
	c, err := letter.AllApproved()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func issue(c *letter.Catalog, language string) Issue {
	return Issue{Mail: &letter.Mail{Catalog: c, Offices: map[string]letter.Office{letter.StateOffice: {Name: "State Immunization Registry",
		Address: []string{"PO Box 64975", "Saint Paul, MN 55164"}, Phone: "6515550199"}}}, On: asOf + 1, AsOf: asOf, Language: language}
}

// TestTheSameDataIsTheSameRecord: its verification code is of all that it says, and nothing else.
func TestTheSameDataIsTheSameRecord(t *testing.T) {
	w := ana()
	c := catalog(t)
	code := func(change func(*Record), i Issue) string {
		t.Helper()
		r := w.read(t, 1204)[0]
		change(r)
		if err := r.Issue(i); err != nil {
			t.Fatal(err)
		}
		if again, err := CodeOf(r); err != nil || again != r.Code {
			t.Errorf("the code is %s, and then %s, %v", r.Code, again, err)
		}
		return r.Code
	}
	same := func(*Record) {}
	first := code(same, issue(c, ""))
	if again := code(same, issue(c, "es")); again != first || len(first) != 19 {
		t.Errorf("%s and %s: one record has one code", first, again)
	}
	later, history := issue(c, ""), issue(c, "")
	later.AsOf++
	history.HistoryOnly = true
	for what, other := range map[string]string{
		"another language": code(same, issue(c, "en")), "another day": code(same, later), "history only": code(same, history),
		"another dose": code(func(r *Record) { r.Doses[0].On++ }, issue(c, "")),
		"another name": code(func(r *Record) { r.FirstName = "Eva" }, issue(c, "")),
		"counted":      code(func(r *Record) { r.Doses[1].Counts = []Count{{"HepB", Yes, nil}} }, issue(c, "")),
	} {
		if other == first {
			t.Errorf("%s: the code is the same", what)
		}
	}
}

// TestALanguageThatNobodyHasApproved is not used: the record is in English.
func TestALanguageThatNobodyHasApproved(t *testing.T) {
	plain, err := letter.Load("", nil)
	if err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{"": "en", "es": "en", "hmn": "en", "vi": "en", "en": "en"} {
		r := ana().read(t, 1204)[0]
		if err := r.Issue(issue(plain, language)); err != nil || r.Language != want {
			t.Errorf("%q: %s, %v", language, r.Language, err)
		}
		if !strings.HasPrefix(r.Limits, "Not all clinics") {
			t.Errorf("%q: %s", language, r.Limits)
		}
	}
}

func aKey(t testing.TB) *healthcard.Key {
	t.Helper()
	k, err := healthcard.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestARecordOnPaper: in each language, signed or not, it follows PDF/UA-1, every word is on the paper, and another
// program reads the card off it.
func TestARecordOnPaper(t *testing.T) {
	c := catalog(t)
	dir := t.TempDir()
	w := ana()
	w.person(7, "", "Xiong")
	w.person(8, "Bo", "Li")
	for i := range 60 { // several pages, and a card of two codes
		w.dose(8, born+table.Date(30*i), 10, "", i%2 == 0, "Polio Valid")
	}
	signing := Settings{Issuer: "https://example.org/iis", Key: aKey(t)}
	var files []string
	languages := []string{"en", "es", "so", "hmn"}
	if testing.Short() { // under the race detector
		languages = []string{"en"}
	}
	for _, language := range languages {
		_, words, common := c.Record(language)
		list := w.read(t, 7, 8, 1204)
		list[2].Required = required()
		for _, r := range list {
			if err := r.Issue(issue(c, language)); err != nil {
				t.Fatal(err)
			}
		}
		for name, s := range map[string]*Settings{"plain": {}, "signed": &signing} {
			out := filepath.Join(dir, language+name)
			if err := os.Mkdir(out, 0o700); err != nil {
				t.Fatal(err)
			}
			made, err := s.Write(t.Context(), out, list, c)
			if err != nil {
				t.Fatal(err)
			}
			if want := map[string]int{"plain": 9, "signed": 12}[name]; len(made) != want {
				t.Errorf("%d files, want %d", len(made), want)
			}
			for _, f := range made {
				if f.Boxes > 0 {
					t.Errorf("%s: %d letters are boxes", f.Name, f.Boxes)
				}
				if info, err := os.Stat(filepath.Join(out, f.Name)); err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("%s: %v, %v", f.Name, info, err)
				}
			}
			if name == "signed" || language == "en" { // each form once: the rules cost a second a file
				files = append(files, filepath.Join(out, "record-1204.pdf"))
			}
			if language == "en" {
				files = append(files, filepath.Join(out, "record-7.pdf"), filepath.Join(out, "record-8.pdf"))
			}
			pages := proof.Words(t, filepath.Join(out, "record-1204.pdf"))
			var text strings.Builder
			for _, p := range pages {
				for _, word := range p {
					text.WriteString(word.Text + " ")
					if word.Left < 0.8*72 || word.Right > 7.7*72 || word.Bottom > 10.75*72 {
						t.Errorf("%s: %q is at %+v", language, word.Text, word)
					}
				}
			}
			r := list[2]
			for _, want := range []string{words.Text("title").String(), "Ana María Ñúñez", "1204", common.Date(born), words.Text("too_soon").String(),
				words.Text("inadvertent").String(), words.Text("given").String(), words.Text("next_heading").String(), r.Code, "651-555-0199",
				words.Text("required_heading").String(), words.Text("law_begun").String(), words.Text("law_not_asked").String(), "a vaccine of ours", "Stat. 1",
				common.Date(asOf - 3), r.Limits, "(PEDIARIX, CVX 110)", "(CVX 08)", words.Text("exemption").String(), "SCT:1", words.Text("other").String(),
				common.Text("page", "{page}", "1", "{pages}", fmt.Sprint(len(pages))).String()} {
				if !strings.Contains(text.String(), want) {
					t.Errorf("%s, %s: the paper lacks %q", language, name, want)
				}
			}
		}
	}
	if testing.Short() { // the files lie there: what is in them is looked at without the detector
		return
	}
	if checks := proof.Rules(t, files...); checks < 5000 {
		t.Errorf("only %d checks of PDF/UA", checks)
	}
	for _, f := range files[:3] {
		proof.Sound(t, f)
	}
	for id, codes := range map[int64]int{8: 2, 1204: 1} {
		file := filepath.Join(dir, "ensigned", fmt.Sprintf("record-%d.pdf", id))
		var lines []string
		for page := range proof.Words(t, file) {
			p := proof.Draw(t, file, page+1, 200)
			lines = append(lines, cards.Scan(t, p.Width, p.Dots)...)
		}
		text, err := os.ReadFile(filepath.Join(dir, "ensigned", fmt.Sprintf("record-%d.smart-health-card", id)))
		if err != nil {
			t.Fatal(err)
		}
		want, err := healthcard.Cards(string(text))
		if err != nil {
			t.Fatal(err)
		}
		got, err := healthcard.Cards(strings.Join(lines, "\n"))
		if err != nil || !slices.Equal(got, want) || len(lines) != codes {
			t.Errorf("%d: %d codes on paper, %v", id, len(lines), err)
		}
	}
}

// required is what a law asks of Ana: of one vaccine that letters have a name for, and of one that they have not.
func required() *Required {
	return &Required{Law: "Stat. 1", Vaccines: []Requirement{
		{Vaccine: "Polio", Name: "polio", Group: "Polio", Standing: Begun, Doses: 2, Next: Day(asOf + 9)},
		{Vaccine: "Ours", Name: "a vaccine of ours", Group: "Ours", Standing: NotAsked}}}
}

// TestARecordAsRows: the JSON form is the whole record, and the rows say the same.
func TestARecordAsRows(t *testing.T) {
	r := ana().read(t, 1204)[0]
	r.Required = required()
	if err := r.Issue(issue(catalog(t), "en")); err != nil {
		t.Fatal(err)
	}
	text, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var back Record
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	back.preferred, back.deceased = r.preferred, r.deceased
	if !reflect.DeepEqual(&back, r) {
		t.Errorf("read back: %+v\nwant %+v", back, r)
	}
	rows := r.Rows()
	kinds := map[string]int{}
	for _, row := range rows {
		if len(row) != len(Columns) {
			t.Fatalf("%d cells", len(row))
		}
		kinds[row[slices.Index(Columns, "row")]]++
	}
	if want := map[string]int{"dose": 11, "fact": 3, "recommended": 1, "required": 2}; !reflect.DeepEqual(kinds, want) {
		t.Errorf("%v, want %v", kinds, want)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.WriteAll(rows[1:2])
	if want := "1204,Ñúñez,Ana María,,,2019-05-31,2026-03-03,2026-03-02,dose,2019-07-01,HepB,08,,ENGERIX-B,L1204-1,reported,no,too_soon,,,,," +
		r.Code + "\n"; b.String() != want {
		t.Errorf("row\n%swant\n%s", b.String(), want)
	}
}

// TestWhoIsKeptApart: an opted-out person's doses are there, unjudged, and nothing is recommended.
func TestWhoIsKeptApart(t *testing.T) {
	w := newTown()
	w.person(1, "Ana", "Li")
	w.person(2, "Eva", "Li")
	w.person(3, "Ida", "Li")
	w.dose(1, born+60, 110, "", false)
	w.forbids = []table.Restriction{{ClientID: 1, Kind: "lock", SourceID: "q", Basis: "possible", Since: 1},
		{ClientID: 2, Kind: "no_mail", SourceID: "q", Basis: "matched", Since: 1}}
	w.clients[2].OptedOut = true
	list := w.read(t, 1, 2, 3)
	if !list[0].KeptApart || list[1].KeptApart || !list[2].KeptApart {
		t.Errorf("kept apart: %v, %v, %v", list[0].KeptApart, list[1].KeptApart, list[2].KeptApart)
	}
	if want := []Count{{"", NotJudged, nil}}; !reflect.DeepEqual(list[0].Doses[0].Counts, want) {
		t.Errorf("%+v", list[0].Doses)
	}
}

// TestAgesAreInTheUnitsOfTheirTime.
func TestAgesAreInTheUnitsOfTheirTime(t *testing.T) {
	c := catalog(t)
	_, words, common := c.Record("en")
	for _, x := range []struct {
		on   table.Date
		want string
	}{{born, "0 d"}, {born + 29, "29 d"}, {born + 30, "1 mo"}, {born.AddMonths(2) - 1, "1 mo"}, {born.AddMonths(24) - 1, "23 mo"},
		{born.AddMonths(24), "2 yr 0 mo"}, {born.AddMonths(131), "10 yr 11 mo"}, {born - 1, ""}} {
		p := &page{r: &Record{BirthDate: Day(born)}, w: words, common: common}
		if got := p.age(Day(x.on)).String(); got != x.want {
			t.Errorf("%s: %q, want %q", x.on, got, x.want)
		}
	}
}

// TestKeyAndIssuerOfASite: which settings can sign, and what is said of others.
func TestKeyAndIssuerOfASite(t *testing.T) {
	dir := t.TempDir()
	text, err := aKey(t).Private()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "key.json"), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		s          Settings
		err, fault string
		signs      bool
	}{
		{Settings{}, "", "", false},
		{Settings{KeyFile: "key.json", Issuer: "https://example.org/iis"}, "", "", true},
		{Settings{KeyFile: "none.json", Issuer: "https://example.org/iis"}, "", "none.json cannot be read", false},
		{Settings{KeyFile: "key.json"}, "must be an https URL", "", false},
		{Settings{KeyFile: "key.json", Issuer: "http://example.org"}, "must be an https URL", "", false},
		{Settings{KeyFile: "key.json", Issuer: "https://example.org/"}, "without a slash", "", false},
		{Settings{Issuer: "https://example.org"}, "but no key", "", false},
	} {
		err := c.s.Load(dir)
		if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) ||
			!strings.Contains(c.s.Fault, c.fault) || (c.s.Key != nil) != c.signs {
			t.Errorf("%+v: %v", c.s, err)
		}
		if _, err := c.s.Write(t.Context(), t.TempDir(), nil, nil); (c.s.Fault != "") != (err != nil) {
			t.Errorf("%+v: written: %v", c.s, err)
		}
	}
}
