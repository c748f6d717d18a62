package table

// Tables that the forecast writes. Opted-out, locked and sealed people have no rows in them.

// DoseEvaluation is a dose judged in its antigen's best series.
type DoseEvaluation struct {
	ClientID       int64  `col:"client_id" doc:"the person"`
	ImmunizationID string `col:"immunization_id" doc:"the dose"`
	Antigen        string `col:"antigen" doc:"CDSi antigen; empty for a dose that was held back"`
	AdministeredOn Date   `col:"administered_on" doc:"day it was given"`
	CVX            int16  `col:"cvx" doc:"product"`
	Status         string `col:"status" doc:"Valid, Not Valid, Extraneous, Sub-standard, Not Evaluated, or held back: Before Birth, Unknown Vaccine"`
	Reasons        string `col:"reasons,null" doc:"all reasons, joined by a bar"`
	Series         string `col:"series,null" doc:"the series it was judged in"`
	TargetDose     int16  `col:"target_dose,null" doc:"number of the series dose it satisfies"`
	AgeDays        int32  `col:"age_days" doc:"age in days when it was given"`
	Schedule       string `col:"schedule" doc:"version of the supporting data"`
}

// Forecast is what one person needs in one vaccine group.
type Forecast struct {
	ClientID    int64  `col:"client_id" doc:"the person"`
	Group       string `col:"vaccine_group" doc:"CDSi vaccine group"`
	Kind        string `col:"kind" doc:"standard or risk"`
	Status      string `col:"status" doc:"Not Complete, Complete, Immune, Contraindicated, Aged Out, Not Recommended, or Unknown: the last season that the schedule has is over"`
	DoseNumber  int16  `col:"dose_number,null" doc:"number of the next dose"`
	Earliest    Date   `col:"earliest_on" doc:"earliest day for the next dose"`
	Recommended Date   `col:"recommended_on" doc:"recommended day for the next dose"`
	PastDue     Date   `col:"past_due_on" doc:"day after which the dose is late"`
	Latest      Date   `col:"latest_on" doc:"last day on which the dose may be given"`
	Products    string `col:"products,null" doc:"recommended CVX codes, joined by a bar"`
	RefusedOn   Date   `col:"refused_on" doc:"day on which the family last refused a vaccine of the group, if no dose of it came after"`
	Series      string `col:"series,null" doc:"the best series, joined by a bar"`
	RecomputeOn Date   `col:"recompute_on" doc:"next day on which the row could change with no new data"`
	Schedule    string `col:"schedule" doc:"version of the supporting data"`
	Assumed     bool   `col:"assumed" doc:"it rests on a season that no schedule has: the last one, repeated by the calendar; counts in no coverage"`
}

// Milestone is how far a person was in one vaccine group on a birthday, judged from the doses given by then.
type Milestone struct {
	ClientID   int64  `col:"client_id" doc:"the person"`
	Months     int16  `col:"months" doc:"age in months that the milestone marks: 24 is the second birthday"`
	Group      string `col:"vaccine_group" doc:"CDSi vaccine group"`
	ReachedOn  Date   `col:"reached_on" doc:"the day of that age"`
	Status     string `col:"status" doc:"status of the standard series on that day"`
	ValidDoses int32  `col:"valid_doses" doc:"valid doses given by that day: of several antigens, the fewest"`
	Doses      int32  `col:"doses" doc:"doses of the group given by that day, valid or not"`
	Schedule   string `col:"schedule" doc:"version of the supporting data"`
}

// VisitGroup is what of one vaccine group was given, or could have been, on a day on which a person was given something.
type VisitGroup struct {
	ClientID     int64  `col:"client_id" doc:"the person"`
	VisitedOn    Date   `col:"visited_on" doc:"the day; only days on which a dose was given are visits"`
	Group        string `col:"vaccine_group" doc:"CDSi vaccine group"`
	Clinic       string `col:"clinic,null" doc:"the organisation that gave a dose on the day, of several the first; empty where none reports to have"`
	Given        bool   `col:"given" doc:"a dose of the group was given, valid or not"`
	AllowedSince Date   `col:"allowed_since" doc:"earliest date of the next dose by the doses of earlier days, if it had come; empty: none could be given"`
	DueSince     Date   `col:"due_since" doc:"recommended date of it, if it had come; due and not given is a missed opportunity"`
	Refused      bool   `col:"refused" doc:"not given, and the family had refused a vaccine of the group since its last dose"`
	Seasonal     bool   `col:"seasonal" doc:"the group has seasons, of which the schedule knows the newest alone: earlier years seem to have needed nothing"`
	Schedule     string `col:"schedule" doc:"version of the supporting data"`
}

// ScheduleLine is a line of the schedule that the forecast was made with, the site's seasons included.
type ScheduleLine struct {
	Line int32  `col:"line" doc:"number of the line, from 1"`
	Text string `col:"text" doc:"the line, in miic's text form of a schedule"`
}

// JoinedForecast is what somebody would need in one vaccine group if another, about whom it is asked, is the same person.
type JoinedForecast struct {
	ClientID    int64  `col:"client_id" doc:"the person"`
	OtherID     int64  `col:"other_id" doc:"who may be the same person"`
	Group       string `col:"vaccine_group" doc:"CDSi vaccine group"`
	Kind        string `col:"kind" doc:"standard or risk"`
	Status      string `col:"status" doc:"as in forecast"`
	Earliest    Date   `col:"earliest_on" doc:"earliest day for the next dose"`
	Recommended Date   `col:"recommended_on" doc:"recommended day for the next dose"`
	PastDue     Date   `col:"past_due_on" doc:"day after which the dose is late"`
	RefusedOn   Date   `col:"refused_on" doc:"day on which the family last refused a vaccine of the group, if no dose of it came after"`
}

var (
	DoseEvaluations = define[DoseEvaluation](Table{Name: "dose_evaluation", Kind: State, Doc: "A dose judged in its antigen's best series.", Owner: "client_id",
		Key: []string{"client_id", "immunization_id", "antigen"}, Sort: []string{"client_id", "administered_on", "immunization_id", "antigen"}})
	Forecasts = define[Forecast](Table{Name: "forecast", Kind: State, Version: 2, Steps: []Step{Added(2, "assumed", false)}, Doc: "What one person needs in one vaccine group.", Owner: "client_id",
		Key: []string{"client_id", "vaccine_group", "kind"}})
	Milestones = define[Milestone](Table{Name: "milestone", Kind: State, Doc: "How far a person was in one vaccine group on a birthday.", Owner: "client_id",
		Key: []string{"client_id", "months", "vaccine_group"}})
	VisitGroups = define[VisitGroup](Table{Name: "visit_group", Kind: State, Doc: "What of one vaccine group was given, or could have been, on a day on which a person was given something.", Owner: "client_id",
		Key: []string{"client_id", "visited_on", "vaccine_group"}})
	ScheduleLines = define[ScheduleLine](Table{Name: "schedule_line", Kind: State, Doc: "A line of the schedule that the forecast was made with.",
		Key: []string{"line"}})
	JoinedForecasts = define[JoinedForecast](Table{Name: "joined_forecast", Kind: State, Doc: "What somebody would need if another, about whom it is asked, is the same person.",
		Key: []string{"client_id", "other_id", "vaccine_group", "kind"}})
)
