package schedule

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/testdata"
)

// A published is CDC's release as trees, by file.
type published map[string]*node

func publishedTrees(t *testing.T) published {
	t.Helper()
	dir := testdata.Dir(t, builtinRelease)
	files, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err != nil || len(files) < 31 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	p := published{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if p[filepath.Base(file)], err = parseTree(bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (p published) read() ([]Note, error) {
	x := newXMLReader()
	for _, file := range slices.Sorted(maps.Keys(p)) {
		if err := x.document(file, p[file], file != scheduleFile); err != nil {
			return nil, err
		}
	}
	return x.finish()
}

// A spot is a kind of element in a kind of element, such as age/minAge; where it needs to be distinguished, with the one
// above.
type spot struct{ above, parent, child string }

func (p spot) String() string { return p.parent + "/" + p.child }

// usage is how the release uses a place.
type usage struct {
	in    int // elements of the parent's kind that hold anything
	with  int // those of them that have the child
	most  int // children in one parent
	file  string
	first *node // the first parent that has the child
}

func (p published) usage() map[spot]*usage {
	out := map[spot]*usage{}
	parents := map[[2]string]int{}
	var look func(file, above string, n *node)
	look = func(file, above string, n *node) {
		if len(n.children) == 0 {
			return
		}
		parents[[2]string{above, n.name}]++
		count := map[string]int{}
		for _, c := range n.children {
			count[c.name]++
		}
		for name, times := range count {
			key := spot{above, n.name, name}
			if out[key] == nil {
				out[key] = &usage{file: file, first: n}
			}
			out[key].with++
			out[key].most = max(out[key].most, times)
		}
		for _, c := range n.children {
			look(file, n.name, c)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(p)) {
		look(file, "", p[file])
	}
	for key, u := range out {
		u.in = parents[[2]string{key.above, key.parent}]
	}
	return out
}

// What a release has in every place of a kind belongs there: without it, or with a second one where there is always
// one, the file is refused.
func TestWhatEveryReleaseHasIsDemanded(t *testing.T) {
	p := publishedTrees(t)
	uses := p.usage()
	checked := 0
	for key, u := range uses {
		whole := u.first.children
		refused := func() error {
			x := newXMLReader()
			return x.document(u.file, p[u.file], u.file != scheduleFile)
		}
		lost := key.String() == "seriesDose/interval" // one dose of 4.64 lacks it
		none := key.String() == "immunity/clinicalHistory" || key.String() == "codedValues/codedValue"
		if (u.with == u.in || lost) && !none {
			checked++
			u.first.children = slices.DeleteFunc(slices.Clone(whole), func(n *node) bool { return n.name == key.child })
			if err := refused(); err == nil || !strings.Contains(err.Error(), u.file) ||
				!strings.Contains(err.Error(), key.parent) {
				t.Errorf("without %s: %v", key, err)
			}
		}
		if u.most == 1 {
			i := slices.IndexFunc(whole, func(n *node) bool { return n.name == key.child })
			u.first.children = slices.Insert(slices.Clone(whole), i, whole[i])
			if err := refused(); err == nil || !strings.Contains(err.Error(), u.file) ||
				!strings.Contains(err.Error(), key.String()+": it occurs 2 times") {
				t.Errorf("with two of %s: %v", key, err)
			}
		}
		u.first.children = whole
	}
	if checked < 130 {
		t.Errorf("%d kinds of elements were looked at; the release has more", checked)
	}
	notes, err := p.read()
	if err != nil {
		t.Fatalf("the release as it is: %v", err)
	}
	if !slices.ContainsFunc(notes, func(n Note) bool { return strings.Contains(n.What, "element interval is missing") }) {
		t.Error("the interval that the release lacks is not named")
	}
}

// find returns the first element that a selector means: a name, or name[child=text], where text may be left out if any
// will do.
func (p published) find(t *testing.T, file, selector string) *node {
	t.Helper()
	name, where, _ := strings.Cut(strings.TrimSuffix(selector, "]"), "[")
	child, text, exact := strings.Cut(where, "=")
	var found *node
	p[file].walk(func(n *node) {
		if found == nil && n.name == name && len(n.children) > 0 && (where == "" || exact && n.value(child) == text ||
			!exact && n.value(child) != "") {
			found = n
		}
	})
	if found == nil {
		t.Fatalf("%s has no %s", file, selector)
	}
	return found
}

// change puts a text in place of all children of a name, and returns how to undo it.
func (n *node) change(t *testing.T, child, text string) (undo func()) {
	t.Helper()
	old := slices.Clone(n.children)
	changed := false
	for i, c := range n.children {
		if c.name == child {
			n.children[i], changed = &node{name: child, text: text}, true
		}
	}
	if !changed {
		t.Fatalf("%s has no %s", n.name, child)
	}
	return func() { copy(n.children, old) }
}

const (
	rsv, flu, polio = "AntigenSupportingData- RSV-508.xml", "AntigenSupportingData- Influenza-508.xml",
		"AntigenSupportingData- Polio-508.xml"
	measles, pneumo = "AntigenSupportingData- Measles-508.xml", "AntigenSupportingData- Pneumococcal-508.xml"
	je, hpv, hib    = "AntigenSupportingData- JE-508.xml", "AntigenSupportingData- HPV-508.xml",
		"AntigenSupportingData- Hib-508.xml"
)

// Each assertion about what elements hold, broken once in CDC's own data.
func TestWhatContradictsItselfIsRefused(t *testing.T) {
	type edit struct{ child, text string }
	p := publishedTrees(t)
	for _, c := range []struct {
		file, in, want string
		edits          []edit
	}{
		// What must have a value.
		{hepB, "series", "series/seriesName: empty", []edit{{"seriesName", ""}}},
		{hepB, "series", "series/targetDisease: empty", []edit{{"targetDisease", ""}}},
		{hepB, "series", "series/vaccineGroup: empty", []edit{{"vaccineGroup", ""}}},
		{hepB, "series", "series/seriesType: empty", []edit{{"seriesType", ""}}},
		{hepB, "selectSeries", "selectSeries/seriesPriority: empty", []edit{{"seriesPriority", ""}}},
		{hepB, "selectSeries", "selectSeries/seriesGroup: empty", []edit{{"seriesGroup", ""}}},
		{hepB, "selectSeries", "selectSeries/productPath: empty", []edit{{"productPath", ""}}},
		{hepB, "antigenSupportingData", "antigenSupportingData/contraindications: empty", []edit{{"contraindications", ""}}},
		{hepB, "contraindications", "contraindications/vaccineGroup: empty", []edit{{"vaccineGroup", ""}}},
		{hepB, "seriesDose", "seriesDose/recurringDose: empty", []edit{{"recurringDose", ""}}},
		{hepB, "allowableInterval", "allowableInterval/absMinInt: empty", []edit{{"absMinInt", ""}}},
		{hepB, "preferableVaccine", "preferableVaccine/forecastVaccineType: empty", []edit{{"forecastVaccineType", ""}}},
		{hepB, "preferableVaccine", "preferableVaccine/cvx: empty", []edit{{"cvx", ""}}},
		{flu, "seasonalRecommendation", "seasonalRecommendation/startDate: empty", []edit{{"startDate", ""}}},
		{hepB, "conditionalSkip", "conditionalSkip/context: empty", []edit{{"context", ""}}},
		{measles, "dateOfBirth", "dateOfBirth/immunityBirthDate: empty", []edit{{"immunityBirthDate", ""}}},
		{scheduleFile, "liveVirusConflict", "liveVirusConflict/conflictEndInterval: empty", []edit{{"conflictEndInterval", ""}}},
		{scheduleFile, "vaccineGroupMap", "vaccineGroupMap/antigen: empty", []edit{{"antigen", ""}}},
		{scheduleFile, "codedValue", "codedValue/code: empty", []edit{{"code", ""}}},
		{scheduleFile, "vaccineGroup[administerFullVaccineGroup=Yes]", "administerFullVaccineGroup", []edit{{"administerFullVaccineGroup", ""}}},
		// A block that is a value.
		{hepB, "seriesDose", "element age: it holds a value where elements belong", []edit{{"age", "4 weeks"}}},
		// Words and formats.
		{hepB, "series", "seriesType", []edit{{"seriesType", "Special"}}},
		{hepB, "selectSeries", "seriesPriority", []edit{{"seriesPriority", "First"}}},
		{hepB, "selectSeries", "seriesPreference", []edit{{"seriesPreference", "best"}}},
		{hepB, "preferableVaccine", "forecastVaccineType", []edit{{"forecastVaccineType", "Perhaps"}}},
		{hepB, "conditionalSkip", "conditionalSkip/context", []edit{{"context", "Always"}}},
		{hepB, "condition", "doseCountLogic", []edit{{"doseCountLogic", "about"}}},
		{hepB, "condition", "conditionType", []edit{{"conditionType", "Weather"}}},
		{hepB, "series", "requiredGender", []edit{{"requiredGender", "Any"}}},
		{measles, "dateOfBirth", "immunityBirthDate", []edit{{"immunityBirthDate", "13/31/1957"}}},
		// What goes up.
		{hepB, "age", "age/absMinAge: 9y is above minAge", []edit{{"absMinAge", "9 years"}}},
		{hepB, "age[earliestRecAge]", "is above earliestRecAge", []edit{{"earliestRecAge", "4 weeks"}, {"minAge", "90 years"}}},
		{hepB, "age[latestRecAge]", "is above latestRecAge", []edit{{"latestRecAge", "0 days"}, {"earliestRecAge", "90 years"}}},
		{polio, "age[maxAge]", "is above maxAge", []edit{{"latestRecAge", "90 years"}}},
		{hepB, "age", "age/maxAge: 2d is not above the minimum age", []edit{{"absMinAge", ""}, {"minAge", "2 days"}, {"earliestRecAge", ""}, {"latestRecAge", ""}, {"maxAge", "2 days"}}},
		{hepB, "interval[fromPrevious=Y]", "interval/absMinInt: 5y is above minInt", []edit{{"absMinInt", "5 years"}}},
		{hepB, "interval[earliestRecInt]", "is above earliestRecInt", []edit{{"earliestRecInt", "1 day"}}},
		{hepB, "interval[latestRecInt]", "is above latestRecInt", []edit{{"latestRecInt", "1 day"}}},
		{scheduleFile, "liveVirusConflict", "conflictBeginInterval: 5y is above minConflictEndInterval", []edit{{"conflictBeginInterval", "5 years"}}},
		{scheduleFile, "liveVirusConflict", "minConflictEndInterval: 5y is above conflictEndInterval", []edit{{"minConflictEndInterval", "5 years"}}},
		{scheduleFile, "association[associationEndAge]", "association/associationBeginAge", []edit{{"associationBeginAge", "60 years"}}},
		{rsv, "contraindication", "contraindication/beginAge", []edit{{"beginAge", "90 years"}, {"endAge", "2 years"}}},
		{rsv, "indication", "indication/beginAge", []edit{{"beginAge", "90 years"}, {"endAge", "2 years"}}},
		{hepB, "preferableVaccine", "preferableVaccine/beginAge", []edit{{"beginAge", "90 years"}, {"endAge", "2 years"}}},
		{hepB, "allowableVaccine", "allowableVaccine/beginAge", []edit{{"beginAge", "90 years"}, {"endAge", "2 years"}}},
		{hepB, "selectSeries", "selectSeries/minAgeToStart", []edit{{"minAgeToStart", "90 years"}, {"maxAgeToStart", "2 years"}}},
		{hepB, "condition", "condition/beginAge", []edit{{"beginAge", "90 years"}, {"endAge", "2 years"}}},
		{flu, "seasonalRecommendation", "seasonalRecommendation/startDate: 2027-07-01 is after endDate", []edit{{"startDate", "20270701"}}},
		{hepB, "age", "age/effectiveDate", []edit{{"effectiveDate", "20200101"}, {"cessationDate", "20190101"}}},
		{hepB, "interval[fromPrevious=Y]", "interval/effectiveDate", []edit{{"effectiveDate", "20200101"}, {"cessationDate", "20190101"}}},
		{hepB, "set", "set/effectiveDate", []edit{{"effectiveDate", "20200101"}, {"cessationDate", "20190101"}}},
		{flu, "condition", "condition/startDate", []edit{{"startDate", "20300101"}, {"endDate", "20190101"}}},
		// What must fit together.
		{hepB, "interval[fromPrevious=Y]", "it has 2 references instead of one", []edit{{"fromTargetDose", "1"}}},
		{hepB, "interval[fromPrevious=Y]", "it has 0 references instead of one", []edit{{"fromPrevious", "N"}}},
		{hepB, "interval[fromPrevious=Y]", "the series has no dose 9", []edit{{"fromPrevious", "N"}, {"fromTargetDose", "9"}}},
		{je, "series[seriesType=Risk]", "a risk series without one is never relevant", []edit{{"indication", ""}}},
		{hepB, "selectSeries", "no series group", []edit{{"seriesGroup", "0"}}},
		{hepB, "selectSeries[defaultSeries=No]", "already has", []edit{{"defaultSeries", "Yes"}}},
		{hepB, "series", "group \"MMR\" does not hold the antigen", []edit{{"vaccineGroup", "MMR"}}},
		{hepB, "preferableVaccine", "preferableVaccine/cvx: CVX 03 is not mapped", []edit{{"cvx", "03"}}},
		{hepB, "allowableVaccine", "allowableVaccine/cvx: CVX 03 is not mapped", []edit{{"cvx", "03"}}},
		{hpv, "inadvertentVaccine", "inadvertentVaccine/cvx: CVX 08 is not mapped", []edit{{"cvx", "08"}}},
		{measles, "contraindicatedVaccine", "contraindicatedVaccine/cvx: CVX 999 is not in", []edit{{"cvx", "999"}}},
		{hepB, "condition", "condition/vaccineTypes: CVX 999", []edit{{"vaccineTypes", "999"}}},
		{pneumo, "interval[fromMostRecent]", "fromMostRecent: CVX 999", []edit{{"fromMostRecent", "33; 999"}}},
		{scheduleFile, "association", "contains antigen \"HepX\", which has no file", []edit{{"antigen", "HepX"}}},
		{scheduleFile, "vaccineGroupMap", "holds antigen \"HepX\", which has no file", []edit{{"antigen", "HepX"}}},
		{scheduleFile, "vaccineGroup", "vaccineGroup/name", []edit{{"name", "Other"}}},
		{scheduleFile, "vaccineGroupMap", "vaccineGroup/name", []edit{{"name", "Other"}}},
		{hepB, "seriesDose", "neither a preferable nor an allowable vaccine", []edit{{"preferableVaccine", ""}, {"allowableVaccine", ""}}},
		{hepB, "series", "series/seriesDose: empty", []edit{{"seriesDose", ""}}},
		// Skips.
		{polio, "condition", "condition/beginAge", []edit{{"conditionType", "Age"}, {"beginAge", ""}, {"endAge", ""}}},
		{hepB, "condition", "condition/interval: no value", []edit{{"conditionType", "Interval"}, {"interval", ""}}},
		{hepB, "condition", "condition/seriesGroups: no value", []edit{{"conditionType", "Completed Series"}, {"seriesGroups", ""}}},
		{hepB, "condition[seriesGroups]", "is not before the series' own", []edit{{"seriesGroups", "2"}}},
		{flu, "condition[startDate]", "condition/startDate: neither it nor endDate has a value", []edit{{"startDate", ""}, {"endDate", ""}}},
		{pneumo, "set[conditionLogic=AND]", "set/conditionLogic: empty, though", []edit{{"conditionLogic", ""}}},
		{pneumo, "conditionalSkip[setLogic=OR]", "conditionalSkip/setLogic: empty, though", []edit{{"setLogic", ""}}},
	} {
		t.Run(c.want, func(t *testing.T) {
			in := p.find(t, c.file, c.in)
			for _, e := range c.edits {
				defer in.change(t, e.child, e.text)()
			}
			if _, err := p.read(); err == nil || !strings.HasPrefix(err.Error(), c.file+": ") ||
				!strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\nwant one of %s with %q", err, c.file, c.want)
			}
		})
	}
}

func TestTwoFilesOfOneAntigenAreRefused(t *testing.T) {
	p := publishedTrees(t)
	p["AntigenSupportingData- Other-508.xml"] = p[hepB]
	if _, err := p.read(); err == nil || !strings.Contains(err.Error(), "Other-508.xml") ||
		!strings.Contains(err.Error(), "targetDisease") || !strings.Contains(err.Error(), hepB) {
		t.Error(err)
	}
}

// What really occurs, or does no harm, is named with its file.
func TestWhatIsOddIsNamed(t *testing.T) {
	p := publishedTrees(t)
	for _, change := range []struct{ file, in, child, text string }{
		{hepB, "selectSeries", "minAgeToStart", ""}, {hepB, "series", "requiredGender", "Female"}, {hepB, "set", "conditionLogic", "AND"},
		{hepB, "age", "maxAge", "46 Years"}, {hepB, "series", "equivalentSeriesGroups", "7"}, {hepB, "interval[fromPrevious=Y]", "absMinInt", ""},
		{hepB, "interval[fromTargetDose=1]", "fromTargetDose", "3"}, {hib, "interval[fromPrevious=Y]", "minInt", ""}, {hib, "series", "seriesName", "Hib risk 1-dose series"},
		{polio, "age[cessationDate]", "cessationDate", ""}, {flu, "interval", "minInt", ""}, {flu, "interval", "absMinInt", ""},
	} {
		defer p.find(t, change.file, change.in).change(t, change.child, change.text)()
	}
	for _, list := range []string{"cvxToAntigenMap", "observations"} {
		n := p.find(t, scheduleFile, list)
		n.children = append(n.children, n.children[0])
	}
	p.find(t, hepB, "age").children[0].nothing = true
	p.find(t, hepB, "age").extra = true
	notes, err := p.read()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []Note{
		{hepB, "HepB 3-dose series", "its sexes are neither all"}, {hepB, "", "a single skip condition carries AND"}, {hepB, "HepB 3-dose series dose 2", "no absolute minimum"},
		{hepB, "HepB 3-dose series", "equivalent series group 7 does not exist"}, {hepB, "dose 3", "runs from target dose 3"}, {hib, "", "has no minimum"}, {hib, "", "the same name"},
		{polio, "", "age rows 1 and 2 hold on the same day"}, {flu, "", "has neither minimum"}, {scheduleFile, "cvxToAntigenMap", "occurs twice: it contains"},
		{scheduleFile, "observations", "occurs twice"},
		{hepB, "document", "outside setLogic are n/a"}, {hepB, "document", "have attributes"}, {"", "series group", "no default series"},
		{"AntigenSupportingData- Mumps-508.xml", `series "Mumps risk 1-dose series" dose 1`, "element interval is missing"},
		{"AntigenSupportingData- Pneumococcal-508.xml", "", "it holds at no age"}, {"", "", "only one of absolute minimum and minimum"},
		{scheduleFile, "liveVirusConflicts", "CVX 105 then 333 has no row"}, {scheduleFile, "liveVirusConflicts", "CVX 94 then 333 occurs twice"},
		{"", "", "no preferable vaccine"}, {"", "", "no allowable vaccine"}, {"", "", "more than once: any row may match"}, {"", "", "a single skip set carries OR"},
		{"", "", "capital unit"}, {"", "", "begin or end with a blank"}, {"", "", "no preference: ranked last"},
	} {
		if !slices.ContainsFunc(notes, func(n Note) bool {
			return strings.Contains(n.File, want.File) && strings.Contains(n.Place, want.Place) &&
				strings.Contains(n.What, want.What)
		}) {
			t.Errorf("no note like %q", want)
		}
	}
	for _, n := range notes {
		if p[n.File] == nil {
			t.Errorf("the note %q names no file", n)
		}
	}
}
