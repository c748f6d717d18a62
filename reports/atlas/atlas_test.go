package atlas

import (
	"encoding/xml"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"miic/internal/area"
	"miic/internal/table"
	"miic/internal/webpage"
	"miic/reports/csvfile"
	"miic/reports/measure"
	"miic/reports/navigation"
	"miic/reports/publication"
)

func day(text string) table.Date {
	d, err := table.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// config is a site with four counties in two regions, one of them not built in, and two measures.
func config() *publication.Config {
	months := func(n int) measure.Age { return measure.Age{Months: n} }
	whom := measure.Population{From: months(24), Until: months(36), By: months(24)}
	return &publication.Config{HomeState: "MN", Regions: []string{"metro", "north", area.Unassigned}, Timing: publication.Timing{Day: 5},
		Counties: []area.County{{FIPS: "27053", Name: "Hennepin", Region: "metro"}, {FIPS: "27123", Name: "Ramsey", Region: "metro"},
			{FIPS: "27137", Name: "St. Louis", Region: "north"}, {FIPS: "55031", Name: "Douglas", Region: "north"}},
		Measures: []measure.Measure{
			{ID: "mmr-1", Version: 1, Title: "MMR", Valid: true, Publish: true, Steward: "the state", Source: "its plan", Population: whom,
				Clauses: []measure.Clause{{Group: "MMR", Ways: []measure.Way{{Doses: 1}}}}},
			{ID: "dtap-4", Version: 2, Title: "DTaP <4>", Publish: true, Population: whom, Clauses: []measure.Clause{{Group: "DTaP", Ways: []measure.Way{{Doses: 4}}}}}}}
}

// row is a published row: of an area, of so many people of whom so many meet the measure by valid doses, and two more by any.
func row(on, id, areaType, code, name string, people, met int64) table.Publication {
	p := table.Publication{PublishedOn: day(on), Snapshot: 7, Measure: id, MeasureVersion: 1, Doses: "valid", AreaType: areaType, AreaCode: code, AreaName: name,
		Stratum: "all", StratumCode: "all", StratumName: "all", Denominator: people, Numerator: met, NumeratorAny: met + 2, Schedule: "4.64",
		Percent: math.NaN(), PercentLow: math.NaN(), PercentHigh: math.NaN(), PeoplePercent: math.NaN()}
	if people > 0 {
		p.Percent, p.PercentLow, p.PercentHigh = publication.Rates(met, people)
	} else {
		p.NumeratorAny = 0
	}
	return p
}

func withheld(p table.Publication) table.Publication {
	p.Denominator, p.Numerator, p.NumeratorAny, p.Suppressed, p.Suppression = 0, 0, 0, true, publication.Few
	p.Percent, p.PercentLow, p.PercentHigh = math.NaN(), math.NaN(), math.NaN()
	return p
}

func by(p table.Publication, stratum, code, name string) table.Publication {
	p.Stratum, p.StratumCode, p.StratumName = stratum, code, name
	return p
}

// published are two publications.
func published() []table.Publication {
	const then, now = "2026-02-05", "2026-03-05"
	opted := row(now, "opted-out", "state", "MN", "MN", 1234, 0)
	opted.Doses = publication.NoDoses
	review := withheld(row(now, "in-review", "state", "MN", "MN", 1, 0))
	review.Doses = publication.NoDoses
	any4 := row(now, "dtap-4", "state", "MN", "MN", 1000, 600)
	any4.Doses, any4.Percent, any4.MeasureVersion = "any", 60.2, 2
	return []table.Publication{
		row(then, "mmr-1", "state", "MN", "MN", 990, 700),
		row(then, "mmr-1", "county", "27053", "Hennepin", 500, 400),
		row(now, "mmr-1", "state", "MN", "MN", 1000, 750),
		row(now, "mmr-1", "region", "north", "north", 400, 260), row(now, "mmr-1", "region", "metro", "metro", 590, 485),
		row(now, "mmr-1", "region", area.Unassigned, area.Unassigned, 10, 5),
		row(now, "mmr-1", "county", "27137", "St. Louis", 400, 260), row(now, "mmr-1", "county", "27053", "Hennepin", 40, 33),
		withheld(row(now, "mmr-1", "county", "27123", "Ramsey", 1, 1)), row(now, "mmr-1", "county", "55031", "Douglas", 0, 0),
		by(row(now, "mmr-1", "state", "MN", "MN", 600, 480), "birth_cohort", "2023", "born July 2023 to June 2024"),
		by(row(now, "mmr-1", "state", "MN", "MN", 400, 270), "birth_cohort", "2022", "born July 2022 to June 2023"),
		by(withheld(row(now, "mmr-1", "state", "MN", "MN", 600, 480)), "race", "2028-9", "Asian"),
		withheld(row(now, "old", "state", "MN", "MN", 1, 0)),
		any4, opted, review,
	}
}

// logOf is the log of rows.
func logOf(t *testing.T, rows []table.Publication, c *publication.Config) *log {
	t.Helper()
	path := filepath.Join(t.TempDir(), "publication.parquet")
	w, err := table.NewWriter[table.Publication](table.Publications, path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if err := w.Append(&rows[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	l, err := readLog([]string{path}, c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// text is the page as it is written.
func text(t *testing.T, p *page) string {
	t.Helper()
	var b strings.Builder
	if err := webpage.Execute(&b, pageTemplate, navigation.Coverage, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPage(t *testing.T) {
	c := config()
	p := logOf(t, published(), c).page(day("2026-03-20"), c)
	var titles []string
	for _, s := range p.Sections {
		titles = append(titles, s.Title+": "+s.Short)
	}
	if want := []string{"MMR: 75.0 %", "DTaP <4>: 60.2 %", "old: withheld"}; !slices.Equal(titles, want) {
		t.Errorf("sections: %q", titles)
	}
	html := text(t, p)
	for _, part := range []string{
		"Published on <b>2026-03-05</b>, from snapshot 7 and by schedule 4.64. The next figures are published on 2026-04-05",
		"In the whole state 750 of 1,000 people meet it by valid doses: 75.0 %, with an interval from 72.2 to 77.6. By any doses it is 75.2 %.",
		"Of 3 measures most people meet MMR with 75.0 %, fewest DTaP &lt;4&gt; with 60.2 %.",
		"<dt>Of whom</dt><dd>people from 24 months until 36 months, judged at 24 months; everybody of the age whom the registry knows to live here</dd>",
		"<dt>Who have</dt><dd>MMR 1 dose</dd>", "<dt>Defined by</dt><dd>the state: its plan</dd>", "<dd>old, version 1</dd>",
		"Of 4 counties 2 are shown, 1 is withheld, 1 has nobody to count. The highest county is Hennepin with 83 %, the lowest St. Louis with 65.0 %.",
		"<title>Hennepin: 83 % (68 to 91), 33 of 40</title>", "<title>Ramsey: withheld</title>", "<title>Douglas: nobody</title>",
		"The highest region is metro with 82.2 %, the lowest north with 65.0 %.",
		">no county known</text>", ">state 75.0 %</text>",
		"Of those born July 2022 to June 2023 it is 67.5 %, of those born July 2023 to June 2024 80.0 %. 2 cohorts are marked as part: only some of those were of the measure&#39;s age on 2026-03-05",
		">2022/23</text>", ">part</text>", `<h1 class="title">MMR: 75.0 % of those counted have it; published 2026-03-05.</h1>`,
		"details::details-content",
		"The state&#39;s figure was 70.7 % on 2026-02-05 and is 75.0 % on 2026-03-05.",
		`<tr class="withheld"><th scope="row">Asian</th>`, `<tr class="sum"><th scope="row">whole state</th>`,
		"This measure is withheld as a whole in this publication.", "not in use any more, or changed since these figures were published",
		"<li>People of all ages who have opted out, and are in no figure: 1,234.</li>", "<li>People of all ages about whom a question is open: withheld.</li>",
		`href="coverage/counties.csv"`,
	} {
		if !strings.Contains(html, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
	for _, part := range []string{"NaN", "<4>", "500 people", "nearly", "Their intervals", "Nothing new is published", `style="`} {
		if strings.Contains(html, part) {
			t.Errorf("the page has %s", part)
		}
	}
	// The row that is withheld has no number anywhere: in its line of the table there is the word only.
	line, _, _ := strings.Cut(html[strings.Index(html, `<th scope="row">Ramsey, RAM</th>`):], "</tr>")
	if strings.ContainsAny(strings.ReplaceAll(line, "95 %", ""), "0123456789") || !strings.Contains(line, ">withheld<") {
		t.Errorf("Ramsey: %s", line)
	}
	p.Waits = "a file of families' requests is unread"
	if !strings.Contains(text(t, p), "Nothing new is published tonight") {
		t.Error("an unread file of requests is not mentioned")
	}
}

// TestCohortsInPart: on 2026-07-01 those of 24 months until 36 are born from 2023-07-02 to 2024-07-01, so that one of 2023/24
// is too old; a day later it would be two. Of 24 months until 37 all of 2023/24 are counted, and some of the cohorts beside it.
func TestCohortsInPart(t *testing.T) {
	for _, c := range []struct {
		on    string
		whom  measure.Population
		parts map[string]bool
	}{
		{"2026-07-01", measure.Population{From: measure.Age{Months: 24}, Until: measure.Age{Months: 36}}, map[string]bool{"2022": true, "2023": true, "2024": true}},
		{"2026-06-30", measure.Population{From: measure.Age{Months: 24}, Until: measure.Age{Months: 36}}, map[string]bool{"2022": true, "2023": false, "2024": true}},
		{"2026-07-01", measure.Population{From: measure.Age{Months: 24}, Until: measure.Age{Months: 37}}, map[string]bool{"2022": true, "2023": false, "2024": true}},
		{"2026-07-01", measure.Population{Turning: 2}, map[string]bool{"2022": true, "2023": true, "2024": true}},
	} {
		state := table.Publication{PublishedOn: day(c.on)}
		f := figures{measure: &measure.Measure{Population: c.whom}, state: &state, strata: map[string][]table.Publication{
			"birth_cohort": {{StratumCode: "2022"}, {StratumCode: "2023"}, {StratumCode: "2024"}, {StratumCode: "unknown"}}}}
		if got := f.cohortsInPart(); !maps.Equal(got, c.parts) {
			t.Errorf("%s, %s: in part are %v, want %v", c.on, &c.whom, got, c.parts)
		}
	}
}

func TestPageBeforeTheFirstPublication(t *testing.T) {
	c := config()
	l, err := readLog(nil, c)
	if err != nil {
		t.Fatal(err)
	}
	html := text(t, l.page(day("2026-03-02"), c))
	if !strings.Contains(html, "Nothing is published yet. The first figures are published on 2026-03-05;") || strings.Contains(html, "<svg") || strings.Contains(html, "coverage/") {
		t.Errorf("the page is %s", html)
	}
	if err := l.writeData(func(file string) (string, error) { t.Errorf("%s is written", file); return "", io.EOF }, nil); err != nil {
		t.Error(err)
	}
}

// TestPicturesAreWellFormed: each has its title and its text, ids are there once, and each button shows a section.
func TestPicturesAreWellFormed(t *testing.T) {
	c := config()
	html := text(t, logOf(t, published(), c).page(day("2026-03-20"), c))
	ids := map[string]int{}
	d := xml.NewDecoder(strings.NewReader(html[strings.Index(html, "<main>"):strings.Index(html, "<footer>")]))
	d.Strict, d.Entity = false, xml.HTMLEntity
	pictures := 0
	var wanted []string
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range start.Attr {
			switch a.Name.Local {
			case "id":
				ids[a.Value]++
			case "aria-labelledby":
				wanted = append(wanted, strings.Fields(a.Value)...)
			case "role":
				pictures++
			}
		}
	}
	for id, n := range ids {
		if n != 1 {
			t.Errorf("%s is the id of %d elements", id, n)
		}
	}
	for _, id := range wanted {
		if ids[id] == 0 {
			t.Errorf("%s names nothing", id)
		}
	}
	if pictures != 1+4+2 { // all measures; four of MMR; map and regions of DTaP
		t.Errorf("%d pictures", pictures)
	}
	for i := 1; i <= 3; i++ {
		if id := "m" + strconv.Itoa(i); ids[id] == 0 || ids["pick-"+id] == 0 || !strings.Contains(html, "#pick-"+id+":checked) #"+id+" {") {
			t.Errorf("no button shows section %d", i)
		}
	}
}

// TestExtremes: of more than two the reader is reminded of chance, also where the intervals of two of them do not overlap.
func TestExtremes(t *testing.T) {
	area := func(name string, people, met int64) table.Publication {
		return row("2026-03-05", "m", "region", name, name, people, met)
	}
	for _, c := range []struct {
		rows []table.Publication
		want string
	}{
		{nil, "No region is shown."},
		{[]table.Publication{withheld(area("a", 3, 1)), area("b", 0, 0)}, "No region is shown."},
		{[]table.Publication{area("a", 100, 50), withheld(area("b", 3, 1))}, "Only a is shown, with 50.0 %."},
		{[]table.Publication{area("a", 100, 50), area("unassigned", 100, 90)}, "Only a is shown, with 50.0 %."},
		{[]table.Publication{area("a", 100, 50), area("b", 100, 60)},
			"The highest region is b with 60.0 %, the lowest a with 50.0 %."},
		{[]table.Publication{area("a", 100, 50), area("b", 100, 60), area("c", 100, 80)},
			"The highest region is c with 80.0 %, the lowest a with 50.0 %. The highest and the lowest of 3 differ by chance too."},
	} {
		if got := extremes(c.rows, "region"); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestHistory: a figure that was never shown is not called one that was shown once.
func TestHistory(t *testing.T) {
	first, second := row("2026-02-05", "m", "state", "MN", "MN", 100, 50), row("2026-03-05", "m", "state", "MN", "MN", 100, 60)
	for _, c := range []struct {
		rows []table.Publication
		want string
	}{
		{[]table.Publication{withheld(first), withheld(second)}, "The state's figure has not been shown yet."},
		{[]table.Publication{first, withheld(second)}, "The state's figure was shown only once: 50.0 % on 2026-02-05."},
		{[]table.Publication{first, second}, "The state's figure was 50.0 % on 2026-02-05 and is 60.0 % on 2026-03-05."},
	} {
		if got := (&figures{history: c.rows}).historyWords(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestFactsHaveTheTolerance: what somebody may lack, or have had late, who meets a measure stands among its facts; where nothing
// may be lacking there is no such fact.
func TestFactsHaveTheTolerance(t *testing.T) {
	m := config().Measures[0]
	short, late := m, m
	short.Short, late.Timely, late.DaysLate = 1, true, 30
	for want, m := range map[string]*measure.Measure{"": &m, "no more than 1 dose of each may be lacking": &short,
		"by the day of judgement one of these doses or more was late on no more than 30 days": &late} {
		got := ""
		for _, f := range (&figures{measure: m, state: &table.Publication{}}).facts() {
			if f.Name == "Where" {
				got = f.Text
			}
		}
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestData: the file of each picture has its rows, and nothing of a figure that is withheld.
func TestData(t *testing.T) {
	c, dir := config(), t.TempDir()
	l := logOf(t, published(), c)
	if err := l.writeData(func(file string) (string, error) {
		path := filepath.Join(dir, file)
		return path, os.MkdirAll(filepath.Dir(path), 0o700)
	}, tiles(c.Counties)); err != nil {
		t.Fatal(err)
	}
	columns := []string{"published_on", "measure", "area_code", "stratum_code", "denominator", "numerator", "numerator_any", "percent", "percent_high", "suppression",
		"title", "percent_valid", "percent_any"}
	for file, want := range map[string][]string{
		overviewFile: {"2026-03-05,mmr-1,MN,all,1000,750,752,75,77.6,,MMR,75.0,75.2", "2026-03-05,dtap-4,MN,all,1000,600,602,60.2,63,,DTaP <4>,60.0,60.2",
			"2026-03-05,old,MN,all,,,,,,few,old,,"},
		mapFile: {"2026-03-05,mmr-1,55031,all,0,0,0,,,,MMR,,,8,0,DOU", "2026-03-05,mmr-1,27053,all,40,33,35,83,91,,MMR,83,88,7,5,HEN",
			"2026-03-05,mmr-1,27123,all,,,,,,few,MMR,,,7,6,RAM", "2026-03-05,mmr-1,27137,all,400,260,262,65,69.5,,MMR,65.0,65.5,3,6,STL"},
		regionsFile: {"2026-03-05,mmr-1,metro,all,590,485,487,82.2,85.1,,MMR,82.2,82.5", "2026-03-05,mmr-1,north,all,400,260,262,65,69.5,,MMR,65.0,65.5",
			"2026-03-05,mmr-1,unassigned,all,10,5,7,50,76,,MMR,50,70", "2026-03-05,mmr-1,MN,all,1000,750,752,75,77.6,,MMR,75.0,75.2",
			"2026-03-05,dtap-4,MN,all,1000,600,602,60.2,63,,DTaP <4>,60.0,60.2", "2026-03-05,old,MN,all,,,,,,few,old,,"},
		cohortsFile: {"2026-03-05,mmr-1,MN,2022,400,270,272,67.5,71.9,,MMR,67.5,68.0", "2026-03-05,mmr-1,MN,2023,600,480,482,80,83,,MMR,80.0,80.3"},
		historyFile: {"2026-02-05,mmr-1,MN,all,990,700,702,70.7,73.5,,MMR,70.7,70.9", "2026-03-05,mmr-1,MN,all,1000,750,752,75,77.6,,MMR,75.0,75.2",
			"2026-03-05,dtap-4,MN,all,1000,600,602,60.2,63,,DTaP <4>,60.0,60.2", "2026-03-05,old,MN,all,,,,,,few,old,,"},
	} {
		f, err := os.Open(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		lines, err := csvfile.Reader(f).ReadAll()
		if f.Close(); err != nil {
			t.Fatal(err)
		}
		wanted := columns
		if file == mapFile {
			wanted = append(slices.Clone(columns), "tile_row", "tile_column", "tile_code")
		}
		var got []string
		for _, line := range lines[1:] {
			var cells []string
			for _, c := range wanted {
				cells = append(cells, line[slices.Index(lines[0], c)])
			}
			got = append(got, strings.Join(cells, ","))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}

// TestRegionsThatAreGone: a region that was published and that the site does not have any more comes after those that it has.
func TestRegionsThatAreGone(t *testing.T) {
	c := config()
	l := logOf(t, append(published(), row("2026-03-05", "mmr-1", "region", "gone", "gone", 100, 50)), c)
	var names []string
	for _, p := range l.measures[0].regions {
		names = append(names, p.AreaCode)
	}
	if !slices.Equal(names, []string{"metro", "north", area.Unassigned, "gone"}) {
		t.Errorf("the regions are %v", names)
	}
}

// TestFootnotesAndPopulations: they stand beside the rows that have them, with the texts that were published.
func TestFootnotesAndPopulations(t *testing.T) {
	rows := published()
	for i := range rows {
		p := &rows[i]
		if p.AreaCode == "27137" || p.AreaCode == "27123" {
			p.Footnotes, p.FootnoteTexts = "border|silent", "Doses given over the border are not known.|A clinic sent nothing."
		}
		if p.AreaCode == "27053" {
			p.Footnotes, p.FootnoteTexts = "silent", "A clinic sent nothing."
			p.Population, p.PeoplePercent = 50, 80
		}
	}
	c := config()
	html := text(t, logOf(t, rows, c).page(day("2026-03-20"), c))
	for _, part := range []string{"<li>Doses given over the border are not known. About: Ramsey, St. Louis.</li><li>A clinic sent nothing. About: Hennepin, Ramsey, St. Louis.</li>",
		`<th scope="row">Hennepin, HEN (note 2)</th>`, `<th scope="row">Ramsey, RAM (note 1, 2)</th>`, `<th scope="row">Douglas, DOU</th>`,
		`<td data-of="who live there" class="n"><span>50</span></td><td data-of="counted of 100" class="n"><span>80.0</span></td>`} {
		if !strings.Contains(html, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
	regions, _, _ := strings.Cut(html, "<caption>Counties, each with its letters on the map</caption>")
	if strings.Contains(regions, "counted of 100") {
		t.Error("regions without populations have their columns")
	}
}

// TestGapWhereTheDefinitionHasChanged: figures of two versions are not joined.
func TestGapWhereTheDefinitionHasChanged(t *testing.T) {
	c := config()
	rows := []table.Publication{row("2026-01-05", "mmr-1", "state", "MN", "MN", 100, 60), row("2026-02-05", "mmr-1", "state", "MN", "MN", 100, 70),
		row("2026-03-05", "mmr-1", "state", "MN", "MN", 100, 90)}
	pieces := func() int {
		p := logOf(t, rows, c).measures[0].byPublication("m1")
		svg, _, _ := strings.Cut(string(p.Drawing), "</svg>")
		if rows[2].MeasureVersion == 2 != strings.Contains(p.Sentence, "The definition has changed in between") {
			t.Errorf("%s", p.Sentence)
		}
		return strings.Count(svg, `class="piece"`)
	}
	if n := pieces(); n != 4 { // two lines of two pieces
		t.Errorf("%d pieces", n)
	}
	rows[2].MeasureVersion = 2
	if n := pieces(); n != 2 {
		t.Errorf("%d pieces with a new definition", n)
	}
}
