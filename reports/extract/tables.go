package extract

import "miic/internal/table"

// A Table is one of an extract's, and the query that makes it.
type Table struct {
	table.Table
	query   string
	ordered bool // the query sorts
}

// column is one that every row has; missing one that may be null.
func column(name, sql, doc string) table.Column { return table.Column{Name: name, SQL: sql, Doc: doc} }

func missing(name, sql, doc string) table.Column {
	return table.Column{Name: name, SQL: sql, Doc: doc, Null: true}
}

// sorted is a large table whose query sorts: it does so by words, before they are texts.
func sorted(t Table) Table {
	t.ordered = true
	return t
}

func define(name, query, doc string, sort []string, columns ...table.Column) Table {
	return Table{Table: table.Table{Name: name, Version: 1, Doc: doc, Columns: columns, Key: sort, Sort: sort}, query: query}
}

// Columns that several tables have.
var (
	person   = column("person", "BIGINT", "pseudonym under the study's key")
	vaccine  = column("cvx", "SMALLINT", "CVX code of the product")
	group    = column("vaccine_group", "VARCHAR", "CDSi vaccine group")
	clinic   = missing("clinic", "VARCHAR", "the organisation that gave it; null where none reports to have")
	age      = column("age_months", "INTEGER", "age in completed months; of somebody whose birth is known by year here, completed years times twelve")
	until    = column("given_until", "DATE", "last day of that period")
	measureC = column("measure", "VARCHAR", "id of the measure")
)

// Tables are those of an extract, as they are written.
var Tables = []Table{
	define("dim_person", "dim_person", "A person.", []string{"person"}, person,
		missing("born_from", "DATE", "first day of the period in which the person was born"),
		missing("born_until", "DATE", "last day of it"),
		missing("age_months", "INTEGER", "completed months on the night; completed years times twelve where the period is a year"),
		missing("sex", "VARCHAR", "F, M or X"),
		missing("race", "VARCHAR", "codes of races, joined by a bar"),
		missing("ethnicity", "VARCHAR", "H or N"),
		missing("language", "VARCHAR", "language of the household"),
		missing("county_fips", "VARCHAR", "county"),
		missing("region", "VARCHAR", "region, or unassigned"),
		column("level", "SMALLINT", "how coarsely the person is described: 0 in full; what is left out at a level is null and not unknown"),
		column("status", "VARCHAR", "in the jurisdiction active, outside, unknown or deceased"),
		column("has_birth_record", "BOOLEAN", "a birth record belongs to the person"),
	),
	define("dim_clinic", "dim_clinic", "An organisation that sends data.", []string{"clinic"},
		column("clinic", "VARCHAR", "its id"), column("name", "VARCHAR", "its name"), column("kind", "VARCHAR", "vital_records, clinic, health_plan or school")),
	define("dim_county", "dim_county", "A county.", []string{"county_fips"},
		column("county_fips", "VARCHAR", "five digits: the only key that is safe to join on"), column("name", "VARCHAR", "its name"), column("region", "VARCHAR", "its region")),
	define("dim_region", "dim_region", "A region.", []string{"region"}, column("region", "VARCHAR", "its name"),
		column("counties", "INTEGER", "how many counties it has")),
	define("dim_race", "dim_race", "A race.", []string{"code"}, column("code", "VARCHAR", "CDC's hierarchical code"), column("name", "VARCHAR", "its name")),
	define("dim_ethnicity", "dim_ethnicity", "An ethnicity.", []string{"code"}, column("code", "VARCHAR", "H or N"), column("name", "VARCHAR", "its name")),
	define("dim_language", "dim_language", "A language.", []string{"code"}, column("code", "VARCHAR", "ISO 639"), column("name", "VARCHAR", "in English")),
	define("dim_vaccine", "dim_vaccine", "A product in a vaccine group.", []string{"cvx", "vaccine_group"}, vaccine, group,
		column("antigens", "VARCHAR", "its antigens of the group, joined by a bar"),
		missing("trade_names", "VARCHAR", "names under which it is or was sold, without blanks, joined by a bar; null: none is known"),
		missing("licensed_from", "DATE", "first day on which it may have been given; null: not known"),
		missing("licensed_until", "DATE", "last day on which it may have been given; null: still in use")),
	define("dim_measure", "dim_measure", "A measure of coverage.", []string{"measure"}, measureC,
		column("measure_version", "INTEGER", "version of its definition"), column("title", "VARCHAR", "what it is"),
		column("population", "VARCHAR", "of whom it is"), column("doses", "VARCHAR", "valid or any: the doses that it is about"),
		column("steward", "VARCHAR", "who defines it"), column("published", "BOOLEAN", "it is in coverage.csv")),
	define("dim_date", "dim_date", "A period of a month or, where people are described by year, of twelve, as dates in this extract are cut.", []string{"period", "until"},
		column("period", "DATE", "its first day: what a date of this extract is"), column("until", "DATE", "its last day"),
		column("year", "INTEGER", "year of the last day"), column("month", "INTEGER", "month of the last day"),
		column("flu_season", "INTEGER", "the year in which the influenza season began whose July to June the last day is in")),
	sorted(define("fact_dose", "fact_dose", "A dose in a vaccine group of it.", []string{"person", "dose", "vaccine_group"}, person,
		column("dose", "INTEGER", "number of the dose among the person's, from 1 for the first given"),
		column("visit", "INTEGER", "number of the day on which it was given among the person's, from 1"),
		column("given_on", "DATE", "first day of the period in which it was given"), until, age, vaccine, group,
		column("valid", "BOOLEAN", "it counts by the schedule, in every antigen of the group"),
		column("status", "VARCHAR", "Valid, or as the schedule judges it in an antigen in which it does not count"),
		missing("reason", "VARCHAR", "why it does not count, joined by a bar"),
		column("series_dose", "SMALLINT", "number of the dose of the series that it is; 0: of none"),
		column("source", "VARCHAR", "given: an organisation reports to have given it; reported: it is only told of"), clinic)),
	sorted(define("fact_visit", "fact_visit", "A day on which a person was given doses.", []string{"person", "visit"}, person,
		column("visit", "INTEGER", "number of the day among the person's, from 1"),
		column("given_on", "DATE", "first day of the period in which it was"), until, age, clinic,
		column("doses", "INTEGER", "doses given"), column("valid_doses", "INTEGER", "of them, those that count in each of their groups"),
		missing("allowed", "VARCHAR", "vaccine groups of which a dose could have been given, joined by a bar, but for those of which calendar dates decide; null: not worked out"),
		missing("due", "VARCHAR", "of them, those of which one was recommended by then; null: not worked out"),
		missing("missed", "VARCHAR", "of them, those of which none was given; null: not worked out"))),
	sorted(define("fact_visit_group", "fact_visit_group", "A vaccine group at a visit on which it was given or could have been, but for those of which calendar dates decide, as of a season.",
		[]string{"person", "visit", "vaccine_group"}, person, column("visit", "INTEGER", "number of the day among the person's, from 1"), group,
		column("given", "BOOLEAN", "a dose of it was given, valid or not"), column("allowed", "BOOLEAN", "a dose could have been given, by the doses of earlier days"),
		column("due", "BOOLEAN", "allowed, and recommended by then"), column("missed", "BOOLEAN", "due, and none was given: a missed opportunity"),
		column("refused", "BOOLEAN", "not given, and the family had refused a vaccine of the group since its last dose"),
		missing("due_since", "DATE", "first day of the period in which the dose that was due was recommended"))),
	sorted(define("fact_forecast", "fact_forecast", "What a person needs in a vaccine group, on the night.", []string{"person", "vaccine_group"}, person, group,
		missing("status", "VARCHAR", "Not Complete, Complete, Immune, Contraindicated, Aged Out, Not Recommended or Unknown; null: not told, as calendar dates or an age near to the person's decide"),
		column("next_dose", "SMALLINT", "number of the next dose; 0: none is needed, or it is not told"),
		missing("earliest_on", "DATE", "first day of the period in which it may first be given"),
		missing("recommended_on", "DATE", "first day of the period in which it is recommended"),
		missing("past_due_on", "DATE", "first day of the period from which it is late"),
		missing("due", "BOOLEAN", "recommended in the period that ends on the night, or before; null: not told"),
		missing("overdue", "BOOLEAN", "late since a period before that one; null: not told"),
		column("refused", "BOOLEAN", "the family has refused a vaccine of the group, and none was given since"))),
	define("fact_result", "fact_result", "A measure of a person of its population, on the night, where it is the same for each move of the person's dates.", []string{"person", "measure"}, person, measureC,
		column("measure_version", "INTEGER", "version of its definition"), column("met", "BOOLEAN", "met by valid doses"),
		column("met_any", "BOOLEAN", "met by any doses"), column("met_late", "BOOLEAN", "met by valid doses by the night"),
		column("short", "SMALLINT", "valid doses lacking in the clause that lacks most; a series that is not complete lacks 1"),
		column("two_doses", "BOOLEAN", "two doses or more on record by the day, influenza apart")),
	define("fact_notice", "fact_notice", "A reminder or a recall.", []string{"person", "notice"}, person,
		column("notice", "INTEGER", "number among the person's, from 1"), column("campaign", "VARCHAR", "its campaign"),
		column("kind", "VARCHAR", "reminder or recall"), column("round", "INTEGER", "round of the kind about the same vaccines"),
		column("channel", "VARCHAR", "mail, postcard, text or phone"), column("given_since", "BOOLEAN", "a dose was given on the day on which it was written, or later"),
		missing("results", "VARCHAR", "what came of it, joined by a bar; null: nothing was reported")),
	define("fact_coverage", "fact_coverage", "A published figure of coverage.", []string{"as_of", "measure", "area_type", "area_code", "stratum", "stratum_code"}, measureC,
		column("measure_version", "INTEGER", "version of its definition"),
		column("area_type", "VARCHAR", "county, region or state"), column("area_code", "VARCHAR", "FIPS code, name of the region, or code of the state"),
		column("area_name", "VARCHAR", "name of the area"), column("stratum", "VARCHAR", "all, or a property"),
		column("stratum_code", "VARCHAR", "all, or its value"), column("stratum_name", "VARCHAR", "the value in words"),
		missing("denominator", "BIGINT", "people counted; null: withheld"), missing("numerator", "BIGINT", "of them, who meet it by valid doses; null: withheld"),
		missing("numerator_any", "BIGINT", "by any doses; null: withheld"),
		missing("suppression", "VARCHAR", "why it is withheld"), column("denominator_rule", "VARCHAR", "who is counted"),
		column("as_of", "DATE", "the day of the publication")),
	define("fact_quality", "fact_quality", "A figure of a delivery's quality.", []string{"clinic", "received_on", "delivery", "figure", "item"},
		column("clinic", "VARCHAR", "who sent it"), column("received_on", "DATE", "as-of date of the night that took it in"),
		column("delivery", "VARCHAR", "id of the delivery"), column("figure", "VARCHAR", "what is measured (docs/checks.md)"),
		missing("item", "VARCHAR", "of what: a field, a rule, a code"), column("numerator", "BIGINT", "units, values or doses that meet it"),
		column("denominator", "BIGINT", "units, values or doses looked at")),
}
