package schedule

import (
	"fmt"
	"strings"
)

// shapes lists what the elements of CDC's XML are made of. A release writes every element, and leaves empty what holds
// nothing: one that is absent was lost, and a rule with it. Behind a name, "!" means that it is not empty, "+" that it
// occurs once or more often, "*" any number of times, "?" once at most; otherwise it occurs once. Where a name means
// two things, its parent is written before it. What is listed here and has no shape of its own is a value.
var shapes = map[string]string{
	"antigenSupportingData":          "immunity contraindications! series!+",
	"immunity":                       "clinicalHistory* dateOfBirth?",
	"clinicalHistory":                "guidelineCode! guidelineTitle",
	"dateOfBirth":                    "immunityBirthDate! birthCountry exclusion+",
	"exclusion":                      "exclusionCode! exclusionTitle",
	"contraindications":              "vaccineGroup! vaccine!?",
	"contraindications/vaccineGroup": "contraindication!+",
	"vaccineGroup/contraindication": "observationCode! observationTitle contraindicationText contraindicationGuidance " +
		"beginAge endAge",
	"contraindications/vaccine": "contraindication!+",
	"vaccine/contraindication": "observationCode! observationTitle contraindicationText contraindicationGuidance " +
		"contraindicatedVaccine!+",
	"contraindicatedVaccine": "vaccineType cvx! beginAge endAge",

	"series": "seriesName! targetDisease! vaccineGroup! seriesAdminGuidance+ seriesType! equivalentSeriesGroups " +
		"requiredGender+ " +
		"selectSeries! indication+ seriesDose!+",
	"selectSeries": "defaultSeries! productPath! seriesGroupName seriesGroup! seriesPriority! " +
		"seriesPreference minAgeToStart maxAgeToStart",
	"indication":                 "observationCode! description beginAge endAge guidance",
	"indication/observationCode": "text code!",

	"seriesDose": "doseNumber! age+ interval+ allowableInterval preferableVaccine+ allowableVaccine+ " +
		"inadvertentVaccine+ conditionalSkip+ " +
		"recurringDose! seasonalRecommendation",
	"age": "absMinAge minAge earliestRecAge latestRecAge maxAge effectiveDate cessationDate",
	"seriesDose/interval": "fromPrevious fromTargetDose fromMostRecent fromRelevantObs absMinInt minInt earliestRecInt " +
		"latestRecInt " +
		"intervalPriority effectiveDate cessationDate",
	"fromRelevantObs":    "text code!",
	"allowableInterval":  "fromPrevious fromTargetDose absMinInt! effectiveDate cessationDate",
	"preferableVaccine":  "vaccineType cvx! beginAge endAge tradeName mvx volume forecastVaccineType!",
	"allowableVaccine":   "vaccineType cvx! beginAge endAge",
	"inadvertentVaccine": "vaccineType cvx!",
	"conditionalSkip":    "context! setLogic set!+",
	"set":                "setID setDescription effectiveDate cessationDate conditionLogic condition!+",
	"condition": "conditionID conditionType! startDate endDate beginAge endAge interval doseCount " +
		"doseType doseCountLogic vaccineTypes seriesGroups",
	"seasonalRecommendation": "startDate! endDate",

	"scheduleSupportingData": "liveVirusConflicts! vaccineGroups! vaccineGroupToAntigenMap! cvxToAntigenMap! " +
		"observations!",
	"liveVirusConflicts":         "liveVirusConflict!+",
	"liveVirusConflict":          "previous! current! conflictBeginInterval! minConflictEndInterval! conflictEndInterval!",
	"previous":                   "vaccineType cvx!",
	"current":                    "vaccineType cvx!",
	"vaccineGroups":              "vaccineGroup!+",
	"vaccineGroups/vaccineGroup": "name! administerFullVaccineGroup",
	"vaccineGroupToAntigenMap":   "vaccineGroupMap!+",
	"vaccineGroupMap":            "name! antigen!+",
	"cvxToAntigenMap":            "cvxMap!+",
	"cvxMap":                     "cvx! shortDescription association!+",
	"association":                "antigen! associationBeginAge associationEndAge",
	"observations":               "observation!+",
	"observation": "observationCode! observationTitle group indicationText contraindicationText " +
		"clarifyingText codedValues",
	"codedValues": "codedValue*",
	"codedValue":  "code! codeSystem! text",
}

// absentInRelease names the elements that a release of CDC's really lacks, by series and dose. They are named and
// tolerated.
var absentInRelease = map[string]bool{
	`series "Mumps risk 1-dose series" dose 1: interval`: true, // 4.64
}

// whole refuses a document in which an element is missing, empty or repeated that must not be, or is a value where
// elements belong, or the other way round. Elements of other names are left to be noted.
func (x *xmlReader) whole(n *node, parent string) error {
	at := x.place
	words, known := shapes[parent+"/"+n.name]
	if !known {
		words, known = shapes[n.name]
	}
	if !known {
		if len(n.children) > 0 {
			return fmt.Errorf("element %s/%s: it holds elements where a value belongs", parent, n.name)
		}
		return nil
	}
	if n.text != "" {
		return fmt.Errorf("element %s: it holds a value where elements belong", n.name)
	}
	if len(n.children) == 0 {
		return nil // "none"; where that may not be, it was refused above
	}
	empty := n.blank()
	for _, word := range strings.Fields(words) {
		name := strings.TrimRight(word, "!+*?")
		mark := word[len(name):]
		count := 0
		for _, c := range n.children {
			if c.name != name {
				continue
			}
			if count++; strings.Contains(mark, "!") && !empty && c.blank() {
				return fmt.Errorf("element %s/%s: empty", n.name, name)
			}
			switch {
			case name == "series":
				x.place = fmt.Sprintf("series %q", c.value("seriesName"))
			case name == "seriesDose":
				x.place = fmt.Sprintf("%s dose %d", at, count)
			case strings.ContainsAny(mark, "+*"):
				x.place = fmt.Sprintf("%s: %s %d", at, name, count)
			}
			if err := x.whole(c, n.name); err != nil {
				return err
			}
			x.place = at
		}
		switch {
		case count == 0 && !strings.ContainsAny(mark, "*?"):
			if !absentInRelease[at+": "+name] {
				return fmt.Errorf("element %s/%s: missing", n.name, name)
			}
			x.note("element %s is missing: taken as empty", name)
		case count > 1 && !strings.ContainsAny(mark, "+*"):
			return fmt.Errorf("element %s/%s: it occurs %d times instead of once", n.name, name, count)
		}
	}
	return nil
}
