package rule

import (
	"fmt"
	"strings"
)

// Subjects are what checks of the night can be about: the relation is check_<about>.
var Subjects = []string{"client", "dose", "history", "withdrawal", "version"}

// measures are the figures: measure, item, numerator and denominator in words.
var measures = [][4]string{
	{"files", "", "1 where the file was taken in, 0 where it was refused whole", "1"},
	{"units", "accepted", "units that were accepted", "units read"},
	{"complete", "a field", "records (doses, for a dose's fields) that have it",
		"records; for lot, manufacturer and so on the doses that the sender gave itself"},
	{"valid", "a field with a fault", "units without a fault in the field", "units read"},
	{"timely", "1, 7 or 14 days", "doses received within so many days",
		"doses that the sender gave itself and that were new or changed"},
	{"median_days", "", "median of the days from the dose to the night that took it in",
		"doses that the sender gave itself and that were new or changed"},
	{"unique", "", "units that came once", "units read"},
	{"rule", "a rule", "lines that break it", "units read"},
	{"unknown_code", "field:code", "lines with the code, for the twenty commonest", "units read"},
	{"withdrawn", "", "units that take something back", "units read"},
	{"pattern", "the first, fifteenth or last of a month, the commonest day", "doses, or births, dated there",
		"doses, or births"},
	{"age", "0-1, 2-6, 7-17, 18 or more years, unknown", "doses at that age", "doses"},
}

// Document is docs/checks.md: every rule with its id, what it does and its message, and the figures of a report card.
func Document() string {
	var b strings.Builder
	b.WriteString("# Checks on what arrives\n\nGenerated from ingest/rule/checks.yaml, the one table of rules: " +
		"`make docs`.\n\n" +
		"refuse: the unit (in HL7 also a single dose) is not loaded. warn: the value was dropped or is doubted. " +
		"inform: nothing was lost.\n\n" +
		"## Of one value, by the readers\n\n| rule | severity | message |\n|---|---|---|\n")
	for _, c := range About("reader") {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", c.ID, c.Severity, c.Message)
	}
	about := map[string]string{"client": "Of a client record", "dose": "Of a dose, beside its client",
		"history":    "Of a client's doses of the night",
		"withdrawal": "Of a withdrawn dose", "version": "Of a client record, beside the version before it"}
	for _, subject := range Subjects {
		fmt.Fprintf(&b, "\n## %s\n\n| rule | severity | field | condition | message |\n|---|---|---|---|---|\n",
			about[subject])
		for _, c := range About(subject) {
			fmt.Fprintf(&b, "| %s | %s | %s | `%s` | %s |\n", c.ID, c.Severity, c.Field, c.Condition, c.Message)
		}
	}
	b.WriteString("\n## Of a whole delivery\n\nThe share is compared with a fixed limit and, once there is enough " +
		"history, with the median of the sender's own. " +
		"A broken one is shown on the run page, to the sender and on its report card; the file loads.\n\n" +
		"| rule | severity | figure | holds when | message |\n|---|---|---|---|---|\n")
	for _, c := range About("delivery") {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", c.ID, c.Severity, strings.TrimSpace(c.Measure+" "+c.Item),
			limitsOf(c), c.Message)
	}
	b.WriteString("\n## Figures of a delivery\n\nThe table `delivery_figure` holds, for every loaded file:\n\n| " +
		"measure | item | numerator | of |\n|---|---|---|---|\n")
	for _, m := range measures {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", m[0], m[1], m[2], m[3])
	}
	return b.String()
}

func limitsOf(c Rule) string {
	var parts []string
	if c.Most > 0 {
		parts = append(parts, fmt.Sprintf("over %g %%", c.Most))
	}
	if c.Above > 0 {
		parts = append(parts, fmt.Sprintf("over %g points from the sender's own", c.Above))
	}
	return fmt.Sprintf("%s, of %d or more", strings.Join(parts, " and "), c.Least)
}
